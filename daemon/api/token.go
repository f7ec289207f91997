package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"sambung/daemon/accounts"
	"sambung/queue"
)

// Role says what a token may do (SOP clause D).
type Role = queue.Role

// The roles.
const (
	RoleAgent      = queue.RoleAgent
	RoleSupervisor = queue.RoleSupervisor
	RoleQA         = queue.RoleQA
	RoleAdmin      = queue.RoleAdmin
)

// Token lets one program or person in. It holds a digest, not the token itself.
type Token struct {
	Name  string // stands in the activity history
	Role  Role
	Agent queue.AgentID // the agent a token of RoleAgent acts as
	Hash  [sha256.Size]byte

	session *accounts.Session // under which the request came, if it was no bearer's
}

// NewToken makes a Token of the secret that its bearer presents.
func NewToken(name string, role Role, agent queue.AgentID, secret string) Token {
	return Token{Name: name, Role: role, Agent: agent, Hash: sha256.Sum256([]byte(secret))}
}

// actor is who stands in the history for what is done under the token.
func (t Token) actor() queue.Actor {
	if t.Role == RoleAgent {
		return queue.ActorAgent(t.Agent)
	}
	return queue.ActorUser(t.Name)
}

// tokens finds the token of a request, in the same time whichever it is.
type tokens []Token

func (list tokens) find(r *http.Request) (Token, bool) {
	scheme, presented, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	hash := sha256.Sum256([]byte(presented))
	found := -1
	for i := range list {
		if subtle.ConstantTimeCompare(hash[:], list[i].Hash[:]) == 1 {
			found = i
		}
	}
	if found < 0 || !strings.EqualFold(scheme, "Bearer") {
		return Token{}, false
	}
	return list[found], true
}

func join[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}
