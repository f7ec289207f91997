package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"

	"sambung/queue"
)

// Role says what a token may do (SOP clause D).
type Role string

// The roles.
const (
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleQA         Role = "qa"
	RoleAdmin      Role = "admin"
)

// Token lets one program or person in. It holds a digest, not the token itself.
type Token struct {
	Name  string // stands in the activity history
	Role  Role
	Agent queue.AgentID // the agent a token of RoleAgent acts as
	Hash  [sha256.Size]byte
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

// authorise returns the token of a request to a route for those roles.
func (list tokens) authorise(w http.ResponseWriter, r *http.Request, roles []Role) (Token, error) {
	if roles == nil {
		return Token{}, nil
	}
	token, ok := list.find(r)
	switch {
	case !ok:
		w.Header().Set("WWW-Authenticate", `Bearer realm="sambung"`)
		return Token{}, failure(http.StatusUnauthorized, "unauthorized", "the request has no valid token; send it as Authorization: Bearer TOKEN")
	case !slices.Contains(roles, token.Role):
		return Token{}, failure(http.StatusForbidden, "forbidden", "this is not for the role "+string(token.Role)+"; it is for "+join(roles))
	}
	return token, nil
}

func join[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}
