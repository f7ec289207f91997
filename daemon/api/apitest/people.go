package apitest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sambung/queue"
)

// Password is everybody's.
const Password = "kuda nil berdansa"

// Browser is one in which a person signed in.
type Browser struct {
	Cookie string // as the header Cookie has it
	CSRF   string
}

// Header is what a page of ours sends.
func (b Browser) Header() []string {
	return []string{"Cookie", b.Cookie, "X-CSRF-Token", b.CSRF, "Sec-Fetch-Site", "same-origin"}
}

// AddUser adds a person; one of role agent is agent-1.
func (s *Site) AddUser(t testing.TB, name string, role queue.Role) queue.User {
	t.Helper()
	u := queue.User{Name: name, Role: role}
	if role == queue.RoleAgent {
		u.Agent = "agent-1"
	}
	if err := s.Deps.Accounts.Put(t.Context(), u, Password); err != nil {
		t.Fatal(err)
	}
	return u
}

// SignIn opens a session as a browser does.
func (s *Site) SignIn(t testing.TB, name string) Browser {
	t.Helper()
	body := strings.NewReader(`{"name":"` + name + `","password":"` + Password + `"}`)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v1/session", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := s.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		CSRF string `json:"csrf"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusCreated || len(response.Cookies()) != 1 {
		t.Fatalf("%s does not get in: %s, %v", name, response.Status, err)
	}
	c := response.Cookies()[0]
	return Browser{Cookie: c.Name + "=" + c.Value, CSRF: answer.CSRF}
}
