package accounts

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"

	"sambung/queue"
)

// Secret is what a browser presents for its session.
type Secret string

const secretBytes = 32

var encoding = base64.RawURLEncoding.Strict()

// secretLength is that of a Secret, in characters.
var secretLength = encoding.EncodedLen(secretBytes)

func newSecret() Secret {
	var random [secretBytes]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return Secret(encoding.EncodeToString(random[:]))
}

// ParseSecret reads what a cookie holds: 256 bits, in one way of writing them.
func ParseSecret(text string) (Secret, bool) {
	if len(text) != secretLength {
		return "", false
	}
	bits, err := encoding.DecodeString(text) // which passes over line feeds
	if err != nil || encoding.EncodeToString(bits) != text {
		return "", false
	}
	return Secret(text), true
}

// id is what the ledger knows of it.
func (s Secret) id() queue.SessionID {
	sum := sha256.Sum256([]byte(s))
	return queue.SessionID(hex.EncodeToString(sum[:]))
}

// CSRF is the token that a page sends with what it changes: no other site can know
// it, and the ledger does not either.
func (s Secret) CSRF() string {
	mac := hmac.New(sha256.New, []byte(s))
	mac.Write([]byte("csrf"))
	return encoding.EncodeToString(mac.Sum(nil))
}

// IsCSRF compares a token that came with a request, in the same time whatever it is.
func (s Secret) IsCSRF(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.CSRF())) == 1
}
