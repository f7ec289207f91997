package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"sambung/daemon/accounts"
	"sambung/queue"
)

// sessionAnswer tells a page who is signed in.
type sessionAnswer struct {
	User      sessionUser `json:"user"`
	CSRF      string      `json:"csrf"`       // goes into X-CSRF-Token
	ExpiresAt time.Time   `json:"expires_at"` // if nothing is done until then
}

type sessionUser struct {
	Name     string        `json:"name"`
	Role     Role          `json:"role"`
	Agent    queue.AgentID `json:"agent,omitempty"`
	Language string        `json:"language,omitempty"`
}

func answerOf(s accounts.Session) sessionAnswer {
	u := s.User
	return sessionAnswer{User: sessionUser{u.Name, u.Role, u.Agent, u.Language}, CSRF: s.Secret.CSRF(), ExpiresAt: s.Expires}
}

// credentialsBody is the body of POST /v1/session.
type credentialsBody struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request, _ Token) error {
	if err := sameOrigin(r); err != nil {
		return err
	}
	var body credentialsBody
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := given(Field{"name", body.Name, "give the user's name"}, Field{"password", body.Password, "give the password"}); err != nil {
		return err
	}
	session, err := s.Accounts.SignIn(r.Context(), body.Name, body.Password, s.caller(r))
	if errors.Is(err, accounts.ErrRefused) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="sambung"`)
		return failure(http.StatusUnauthorized, "sign_in", err.Error()+", or the user is disabled; an admin can set a new password")
	}
	if err != nil {
		return err
	}
	if before, ok := s.cookie(r); ok { // whoever was signed in here is not any more
		if err := s.Accounts.SignOut(r.Context(), accounts.Session{Secret: before}); err != nil {
			return err
		}
	}
	s.setCookie(w, session.Secret)
	return respond(w, http.StatusCreated, answerOf(session))
}

// given refuses fields that are empty; Problem holds the value.
func given(values ...Field) error {
	var missing []Field
	for _, v := range values {
		if v.Problem == "" {
			missing = append(missing, Field{v.Field, "is missing", v.Remedy})
		}
	}
	if len(missing) > 0 {
		return invalid(missing...)
	}
	return nil
}

// bySession returns the session that a request came under.
func (t Token) bySession() (accounts.Session, error) {
	if t.session == nil {
		return accounts.Session{}, failure(http.StatusConflict, "no_session", "the request comes under a token, and this is about a session; sign in")
	}
	return *t.session, nil
}

func (s *server) showSession(w http.ResponseWriter, r *http.Request, t Token) error {
	session, err := t.bySession()
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, answerOf(session))
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request, t Token) error {
	session, err := t.bySession()
	if err != nil {
		return err
	}
	if err := s.Accounts.SignOut(r.Context(), session); err != nil {
		return err
	}
	s.setCookie(w, "")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// passwordBody is the body of POST /v1/session/password.
type passwordBody struct {
	Current string `json:"current"`
	New     string `json:"new"`
}

func (s *server) changePassword(w http.ResponseWriter, r *http.Request, t Token) error {
	session, err := t.bySession()
	if err != nil {
		return err
	}
	var body passwordBody
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := given(Field{"current", body.Current, "give the present password"}, Field{"new", body.New, "give the new password"}); err != nil {
		return err
	}
	if problem, remedy := accounts.Weakness(t.Name, body.New); problem != "" {
		return invalid(Field{"new", problem, remedy})
	}
	if err := s.Accounts.ChangePassword(r.Context(), session, body.Current, body.New); errors.Is(err, accounts.ErrRefused) {
		return invalid(Field{"current", "is not the present password", "give the one that you signed in with"})
	} else if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// standing reports whether what a long answer was begun under still holds: the session
// goes on, and its user is what it was. A store that does not answer changes nothing.
func (s *server) standing(ctx context.Context, t Token) bool {
	if t.session == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits.handle)
	defer cancel()
	now, err := s.Accounts.Look(ctx, t.session.Secret, false)
	if err != nil {
		return !errors.Is(err, queue.ErrNotFound)
	}
	return now.User.Role == t.Role && now.User.Agent == t.Agent
}
