package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id.
type Parameters struct {
	Time    uint32 // passes over the memory
	Memory  uint32 // KiB
	Threads uint8
}

// Default is the second recommended choice of RFC 9106, section 4, on one thread:
// about a tenth of a second, and 64 MiB for as long.
func Default() Parameters { return Parameters{Time: 3, Memory: 64 << 10, Threads: 1} }

const (
	saltBytes = 16
	hashBytes = 32
)

// digest is a password's, in the form of the PHC string format:
// $argon2id$v=19$m=65536,t=3,p=1$salt$hash.
type digest struct {
	Parameters
	salt, hash []byte
}

func (d digest) String() string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, d.Memory, d.Time, d.Threads, encode(d.salt), encode(d.hash))
}

// parseDigest reads one that was written by String. What asks for unreasonable work
// is refused: somebody else wrote it.
func parseDigest(text string) (digest, error) {
	var d digest
	var version int
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return d, errDigest
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &d.Memory, &d.Time, &d.Threads); err != nil || version != argon2.Version {
		return d, errDigest
	}
	var saltErr, hashErr error
	d.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	d.hash, hashErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	sound := saltErr == nil && hashErr == nil && len(d.salt) >= 8 && len(d.hash) == hashBytes &&
		d.Time >= 1 && d.Time <= 16 && d.Memory >= 8 && d.Memory <= 1<<20 && d.Threads >= 1 && d.String() == text
	if !sound {
		return digest{}, errDigest
	}
	return d, nil
}

var errDigest = fmt.Errorf("the stored digest of a password cannot be read")

// hasher computes digests, few at a time: each takes Parameters.Memory.
type hasher struct {
	parameters Parameters
	places     chan struct{}
}

func newHasher(p Parameters, atOnce int) *hasher {
	return &hasher{parameters: p, places: make(chan struct{}, atOnce)}
}

// compute waits for a place, at most until ctx ends.
func (h *hasher) compute(ctx context.Context, p Parameters, password string, salt []byte) ([]byte, error) {
	select {
	case h.places <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a place to check a password: %w", ctx.Err())
	}
	defer func() { <-h.places }()
	return argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Threads, hashBytes), nil
}

// make digests a password under a new salt.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	hash, err := h.compute(ctx, h.parameters, password, salt)
	if err != nil {
		return "", err
	}
	return digest{h.parameters, salt, hash}.String(), nil
}

// check tells whether the password is the one of a digest, and whether that digest is
// of other parameters than ours. An empty digest is nobody's: the work is done for it
// all the same.
func (h *hasher) check(ctx context.Context, password, stored string) (right, outdated bool, err error) {
	d := digest{Parameters: h.parameters, salt: make([]byte, saltBytes), hash: make([]byte, hashBytes)}
	if stored != "" {
		if d, err = parseDigest(stored); err != nil {
			return false, false, err
		}
	}
	hash, err := h.compute(ctx, d.Parameters, password, d.salt)
	if err != nil {
		return false, false, err
	}
	right = subtle.ConstantTimeCompare(hash, d.hash)&b2i(stored != "") == 1
	return right, right && d.Parameters != h.parameters, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Password rules.
const (
	MinPassword = 12  // characters
	MaxPassword = 256 // bytes
)

// Weakness says what is wrong with a password, and what would be right; empty if nothing is.
func Weakness(user, password string) (problem, remedy string) {
	lower, name := strings.ToLower(password), strings.ToLower(user)
	switch {
	case len([]rune(password)) < MinPassword:
		return fmt.Sprintf("is shorter than %d characters", MinPassword), "take some words that do not belong together"
	case len(password) > MaxPassword:
		return fmt.Sprintf("is longer than %d bytes", MaxPassword), "shorten it"
	case name != "" && strings.Contains(lower, name) && len([]rune(strings.ReplaceAll(lower, name, ""))) < MinPassword/2:
		return "is the user's name, or little more", "take some words that do not belong together"
	case few(lower):
		return "repeats a few characters", "take some words that do not belong together"
	}
	return "", ""
}

// few reports whether a text has fewer than five different characters.
func few(text string) bool {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen) < 5
}
