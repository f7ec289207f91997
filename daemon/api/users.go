package api

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"sambung/daemon/accounts"
	"sambung/queue"
)

var userPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,31}$`)

// languages are those of the pages.
var languages = []string{"id", "en"}

// userList is the answer to GET /v1/users.
type userList struct {
	Users []queue.User `json:"users"`
}

func (s *server) users(w http.ResponseWriter, r *http.Request, _ Token) error {
	users, err := s.Queue.Users(r.Context())
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, userList{Users: append([]queue.User{}, users...)})
}

// userBody is the body of PUT /v1/users/{name}: the whole record, but for the
// password, which stays when it is left out.
type userBody struct {
	Role     Role          `json:"role"`
	Agent    queue.AgentID `json:"agent,omitempty"`
	Endpoint string        `json:"endpoint,omitempty"`
	Switch   string        `json:"switch,omitempty"`
	Language string        `json:"language,omitempty"`
	Password string        `json:"password,omitempty"`
	Disabled bool          `json:"disabled,omitempty"`
}

func (s *server) putUser(w http.ResponseWriter, r *http.Request, _ Token) error {
	name := r.PathValue("name")
	var body userBody
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := s.checkUser(r, name, body); err != nil {
		return err
	}
	u := queue.User{
		Name: name, Role: body.Role, Agent: body.Agent, Endpoint: body.Endpoint, Switch: body.Switch, Language: body.Language, Disabled: body.Disabled,
	}
	if err := s.Accounts.Put(r.Context(), u, body.Password); errors.Is(err, queue.ErrNoPassword) {
		return invalid(Field{"password", "is missing, and the user is new", "give the user's first password"})
	} else if err != nil {
		return err
	}
	u, err := s.Queue.User(r.Context(), name)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, u)
}

// checkUser names everything wrong with a record at once.
func (s *server) checkUser(r *http.Request, name string, b userBody) error {
	fields := s.checkUserName(name)
	if !slices.Contains(everyone, b.Role) {
		fields = append(fields, Field{"role", "is not a role", "one of " + join(everyone)})
	}
	agent, err := s.checkUserAgent(r, b)
	if err != nil {
		return err
	}
	fields = append(append(fields, agent...), s.checkUserTelephone(b)...)
	if b.Language != "" && !slices.Contains(languages, b.Language) {
		fields = append(fields, Field{"language", "is not a language of the pages", "one of " + strings.Join(languages, ", ")})
	}
	if problem, remedy := accounts.Weakness(name, b.Password); b.Password != "" && problem != "" {
		fields = append(fields, Field{"password", problem, remedy})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}

func (s *server) checkUserName(name string) []Field {
	switch {
	case !userPattern.MatchString(name):
		return []Field{{"name", "is not a user's name", "use 1 to 32 characters of a-z, 0-9, dots and -, a letter or digit first"}}
	case slices.ContainsFunc(s.Tokens, func(t Token) bool { return t.Name == name }):
		return []Field{{"name", "is the name of a configured token", "choose another: the history tells them apart by name"}}
	}
	return nil
}

func (s *server) checkUserAgent(r *http.Request, b userBody) ([]Field, error) {
	switch {
	case b.Role != RoleAgent && b.Agent != "":
		return []Field{{"agent", "is given with another role than agent", "leave it out, or set role agent"}}, nil
	case b.Role != RoleAgent:
		return nil, nil
	case !agentPattern.MatchString(string(b.Agent)):
		return []Field{{"agent", "is not an agent's id", "a user of role agent is one: name it, such as agent-1"}}, nil
	}
	_, err := s.Queue.Agent(r.Context(), b.Agent)
	if errors.Is(err, queue.ErrNotFound) {
		return []Field{{"agent", "is not known", "add the agent first: PUT /v1/agents/" + string(b.Agent)}}, nil
	}
	return nil, err
}

// checkUserTelephone: a telephone of one's own, which an agent has as an agent.
func (s *server) checkUserTelephone(b userBody) (fields []Field) {
	switch {
	case b.Endpoint == "" && b.Switch == "":
		return nil
	case b.Role == RoleAgent:
		return []Field{{"endpoint", "is given for an agent", "leave out endpoint and switch: the agent's record has them"}}
	}
	if !endpointPattern.MatchString(b.Endpoint) {
		fields = append(fields, Field{"endpoint", "is not a telephone at the switch", "write it as PJSIP/spv-1: letters, digits, - and _"})
	}
	if !slices.Contains(s.Switches, b.Switch) {
		fields = append(fields, Field{"switch", "is not a configured switch", "one of " + strings.Join(s.Switches, ", ")})
	}
	return fields
}

func (s *server) removeUser(w http.ResponseWriter, r *http.Request, _ Token) error {
	if err := s.Queue.RemoveUser(r.Context(), r.PathValue("name")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
