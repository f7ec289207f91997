package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
	"sambung/queue"
)

// The roles of every route, written down a second time.
var allowed = map[string]string{
	"POST /v1/follow-ups":                                   "supervisor admin",
	"POST /v1/imports":                                      "supervisor admin",
	"GET /v1/follow-ups":                                    "agent supervisor qa admin",
	"POST /v1/follow-ups/search":                            "supervisor qa admin",
	"GET /v1/follow-ups/{id}":                               "agent supervisor qa admin",
	"GET /v1/follow-ups/{id}/history":                       "agent supervisor qa admin",
	"POST /v1/follow-ups/{id}/assign":                       "supervisor admin",
	"POST /v1/follow-ups/{id}/cancel":                       "supervisor admin",
	"POST /v1/follow-ups/{id}/requeue":                      "supervisor admin",
	"POST /v1/follow-ups/{id}/edit":                         "supervisor admin",
	"POST /v1/follow-ups/{id}/outcome":                      "agent supervisor admin",
	"POST /v1/follow-ups/{id}/manual":                       "supervisor admin",
	"POST /v1/follow-ups/{id}/commands":                     "agent supervisor admin",
	"POST /v1/follow-ups/{id}/monitor":                      "supervisor admin",
	"DELETE /v1/follow-ups/{id}/monitor":                    "supervisor admin",
	"GET /v1/follow-ups/{id}/recordings":                    "supervisor qa admin",
	"GET /v1/follow-ups/{id}/recordings/{attempt}":          "supervisor qa admin",
	"GET /v1/follow-ups/{id}/custody":                       "supervisor qa admin",
	"POST /v1/follow-ups/{id}/review":                       "qa admin",
	"GET /v1/board":                                         "supervisor admin",
	"POST /v1/follow-ups/{id}/hold":                         "qa admin",
	"GET /v1/agents":                                        "agent supervisor qa admin",
	"PUT /v1/agents/{id}":                                   "supervisor admin",
	"DELETE /v1/agents/{id}":                                "supervisor admin",
	"POST /v1/agents/{id}/presence":                         "agent supervisor admin",
	"GET /v1/events":                                        "agent supervisor qa admin",
	"POST /v1/session":                                      "*",
	"GET /v1/session":                                       "agent supervisor qa admin",
	"DELETE /v1/session":                                    "agent supervisor qa admin",
	"POST /v1/session/password":                             "agent supervisor qa admin",
	"GET /v1/users":                                         "admin",
	"PUT /v1/users/{name}":                                  "admin",
	"DELETE /v1/users/{name}":                               "admin",
	"GET /v1/telephone":                                     "agent supervisor admin",
	"GET /v1/calendar":                                      "agent supervisor qa admin",
	"GET /v1/system":                                        "supervisor admin",
	"GET /healthz":                                          "*",
	"GET /readyz":                                           "*",
	"GET /metrics":                                          "*",
	"GET /openapi.yaml":                                     "*",
	"GET /v1/follow-ups/{id}/recordings/{attempt}/waveform": "supervisor qa admin",
	"POST /v1/follow-ups/{id}/recordings/{attempt}/link":    "supervisor qa admin",
	"POST /v1/follow-ups/{id}/verify":                       "supervisor qa admin",
	"POST /v1/dossiers/search":                              "supervisor qa admin",
	"POST /v1/export":                                       "qa admin",
}

// credential is one way to come to a route.
type credential struct {
	name string
	// role is what it may act as; empty: nobody.
	role string
	// foreign: it is right, and used by a page of another site, or by none of ours.
	foreign bool
	// reads: it is enough for what changes nothing.
	reads  bool
	header func(t *testing.T, s *apitest.Site) []string
}

func bearer(token string) func(*testing.T, *apitest.Site) []string {
	return func(*testing.T, *apitest.Site) []string { return []string{"Authorization", "Bearer " + token} }
}

// admins signs in as an admin and sends what change makes of it.
func admins(change func(t *testing.T, s *apitest.Site, b apitest.Browser) []string) func(*testing.T, *apitest.Site) []string {
	return func(t *testing.T, s *apitest.Site) []string {
		s.AddUser(t, "user-admin", "admin")
		return change(t, s, s.SignIn(t, "user-admin"))
	}
}

func from(site ...string) func(*testing.T, *apitest.Site) []string {
	return admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
		return append([]string{"Cookie", b.Cookie, "X-CSRF-Token", b.CSRF}, site...)
	})
}

func cookie(secret string) func(*testing.T, *apitest.Site) []string {
	return func(*testing.T, *apitest.Site) []string {
		return []string{"Cookie", "sambung=" + secret, "X-CSRF-Token", secret, "Sec-Fetch-Site", "same-origin"}
	}
}

func put(t *testing.T, s *apitest.Site, u queue.User) {
	t.Helper()
	if err := s.Deps.Accounts.Put(t.Context(), u, ""); err != nil {
		t.Fatal(err)
	}
}

func credentials() []credential {
	forged := strings.Repeat("A", 43)
	list := []credential{
		{name: "none", header: func(*testing.T, *apitest.Site) []string { return nil }},
		{name: "a wrong token", header: bearer("wrong-token-0123456789abcdef012345")},
		{name: "nearly a token", header: bearer(apitest.TokenAdmin[:len(apitest.TokenAdmin)-1])},
		{name: "no token's scheme", header: func(*testing.T, *apitest.Site) []string {
			return []string{"Authorization", "Basic " + apitest.TokenAdmin}
		}},
		{name: "a token as a cookie", header: cookie(apitest.TokenAdmin)},
		{name: "a forged session", header: cookie(forged)},
		{name: "an empty session", header: cookie("")},
		{name: "a session as a token", header: admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
			return []string{"Authorization", "Bearer " + strings.TrimPrefix(b.Cookie, "sambung=")}
		})},
		{name: "a wrong token beside a session", header: admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
			return append(b.Header(), "Authorization", "Bearer "+forged)
		})},
		{name: "two sessions", header: admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
			return append(b.Header(), "Cookie", "sambung="+forged+"; "+b.Cookie)
		})},
		{name: "two sessions, the right one first", header: admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
			return append(b.Header(), "Cookie", b.Cookie+"; sambung="+forged)
		})},
		{name: "a session of another site", header: func(t *testing.T, _ *apitest.Site) []string {
			other := apitest.New(t, nil)
			other.AddUser(t, "user-admin", "admin")
			return other.SignIn(t, "user-admin").Header()
		}},
		{name: "a session under another cookie", header: admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
			return append(b.Header(), "Cookie", "__Host-"+b.Cookie)
		})},
		{name: "signed out", header: admins(func(t *testing.T, s *apitest.Site, b apitest.Browser) []string {
			if a := call(t, s, "", "DELETE", "/v1/session", "", b.Header()...); a.status != http.StatusNoContent {
				t.Fatalf("signing out: %s", a.body)
			}
			return b.Header()
		})},
		{name: "an expired session", header: admins(func(_ *testing.T, s *apitest.Site, b apitest.Browser) []string {
			s.Advance(time.Hour)
			return b.Header()
		})},
		{name: "a disabled user", header: admins(func(t *testing.T, s *apitest.Site, b apitest.Browser) []string {
			put(t, s, queue.User{Name: "user-admin", Role: "admin", Disabled: true})
			return b.Header()
		})},
		{name: "a removed user", header: admins(func(t *testing.T, s *apitest.Site, b apitest.Browser) []string {
			if err := s.Queue.RemoveUser(t.Context(), "user-admin"); err != nil {
				t.Fatal(err)
			}
			return b.Header()
		})},
		{name: "a user who is no admin any more", role: "qa", header: admins(func(t *testing.T, s *apitest.Site, b apitest.Browser) []string {
			put(t, s, queue.User{Name: "user-admin", Role: "qa"})
			return b.Header()
		})},
		{name: "no CSRF token", role: "admin", reads: true, header: admins(func(_ *testing.T, _ *apitest.Site, b apitest.Browser) []string {
			return []string{"Cookie", b.Cookie, "Sec-Fetch-Site", "same-origin"}
		})},
		{name: "another session's CSRF token", role: "admin", reads: true, header: admins(func(t *testing.T, s *apitest.Site, b apitest.Browser) []string {
			return []string{"Cookie", b.Cookie, "X-CSRF-Token", s.SignIn(t, "user-admin").CSRF, "Sec-Fetch-Site", "same-origin"}
		})},
		{name: "a page of another site", role: "admin", foreign: true, header: from("Sec-Fetch-Site", "cross-site")},
		{name: "a page of a sister site", role: "admin", foreign: true, header: from("Sec-Fetch-Site", "same-site")},
		{name: "another origin", role: "admin", foreign: true, header: from("Origin", "https://example.com")},
		{name: "no origin to speak of", role: "admin", foreign: true, header: from("Origin", "null")},
		{name: "no browser", role: "admin", header: from()},
	}
	for role, token := range map[string]string{"agent": apitest.TokenAgent, "supervisor": apitest.TokenSupervisor, "qa": apitest.TokenQA, "admin": apitest.TokenAdmin} {
		list = append(list, credential{name: "a token of " + role, role: role, header: bearer(token)},
			credential{name: "a session of " + role, role: role, header: func(t *testing.T, s *apitest.Site) []string {
				s.AddUser(t, "user-"+role, queue.Role(role))
				return s.SignIn(t, "user-"+role).Header()
			}})
	}
	return list
}

// wanted says what a route answers: 401, 403 with a code, or 0 for anything else.
func (c credential) wanted(route, roles string) (status int, code string) {
	method, _, _ := strings.Cut(route, " ")
	switch {
	case c.foreign && (roles != "*" || route == "POST /v1/session"):
		return http.StatusForbidden, "cross_origin"
	case roles == "*":
		return 0, ""
	case c.role == "":
		return http.StatusUnauthorized, "unauthorized"
	case c.reads && method != http.MethodGet:
		return http.StatusForbidden, "csrf"
	case !slices.Contains(strings.Fields(roles), c.role):
		return http.StatusForbidden, "forbidden"
	}
	return 0, ""
}

// Every route, every role, by token and by session, and everything that is neither.
func TestEveryRouteAgainstEveryCredential(t *testing.T) {
	if listed, served := slices.Sorted(maps.Keys(allowed)), api.Patterns(); !slices.Equal(listed, served) {
		t.Fatalf("the table lists\n%v\nthe handler serves\n%v", listed, served)
	}
	for route, roles := range allowed {
		t.Run(strings.ReplaceAll(route, "/", "|"), func(t *testing.T) {
			s := apitest.New(t, nil)
			addAgents(t, s)
			id := s.Submit(t, "ESK-9", "agent-1")
			method, path, _ := strings.Cut(route, " ")
			owner := string(id)
			if strings.Contains(path, "/agents/") {
				owner = "agent-1"
			}
			path = strings.NewReplacer("{id}", owner, "{attempt}", "1", "{n}", "1", "{name}", "user-nobody").Replace(path)
			for _, c := range credentials() {
				header := c.header(t, s)
				before := len(s.Writes(t))
				status, answered, code := probe(t, s, header, method, path)
				want, wantCode := c.wanted(route, roles)
				refused := status == http.StatusUnauthorized || status == http.StatusForbidden
				switch {
				case want == 0 && refused:
					t.Errorf("%s: status %d, code %s", c.name, status, code)
				case want != 0 && (status != want || code != wantCode):
					t.Errorf("%s: status %d, code %q, want %d, %q", c.name, status, code, want, wantCode)
				case status == http.StatusUnauthorized && !strings.HasPrefix(answered.Get("WWW-Authenticate"), "Bearer "):
					t.Errorf("%s: 401 with %q, want WWW-Authenticate", c.name, answered.Get("WWW-Authenticate"))
				}
				if after := len(s.Writes(t)); after != before && refused {
					t.Errorf("%s: refused, and %d writes all the same", c.name, after-before)
				}
			}
		})
	}
}

// probe makes a request that is let in or not. Of the answer it reads the header, and
// the code if it was refused.
func probe(t *testing.T, s *apitest.Site, header []string, method, path string) (status int, answered http.Header, code string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() // a stream of events has no end
	var body struct {
		Error api.Failure `json:"error"`
	}
	if response.StatusCode >= http.StatusBadRequest {
		if err := json.NewDecoder(response.Body).Decode(&body); err != nil && method != http.MethodHead {
			t.Errorf("status %d without a failure: %v", response.StatusCode, err)
		}
	}
	return response.StatusCode, response.Header, body.Error.Code
}

func TestATokenUnderAnotherSchemeIsNone(t *testing.T) {
	s := apitest.New(t, nil)
	for _, header := range []string{"Basic " + apitest.TokenAdmin, apitest.TokenAdmin, "Bearer", "Bearer  " + apitest.TokenAdmin} {
		call(t, s, "", "GET", "/v1/agents", "", "Authorization", header).refused(t, 401, "unauthorized")
	}
	if a := call(t, s, "", "GET", "/v1/agents", "", "Authorization", "bearer "+apitest.TokenAdmin); a.status != 200 {
		t.Errorf("the scheme's name has no case (RFC 9110), and was refused: %d", a.status)
	}
}

func TestAnAgentsTokenReachesOnlyItsOwn(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	mine, theirs, nobodys := s.Submit(t, "A", "agent-1"), s.Submit(t, "B", "agent-2"), s.Submit(t, "C", "")
	for _, c := range []struct{ method, path, body string }{
		{"GET", "", ""}, {"GET", "/history", ""}, {"POST", "/outcome", `{"code":"delivered"}`}, {"POST", "/commands", `{"command":"mute"}`},
	} {
		for _, id := range []string{string(theirs), string(nobodys)} {
			call(t, s, apitest.TokenAgent, c.method, "/v1/follow-ups/"+id+c.path, c.body).refused(t, 403, "forbidden")
		}
		if a := call(t, s, apitest.TokenAgent, c.method, "/v1/follow-ups/"+string(mine)+c.path, c.body); a.status == 403 {
			t.Errorf("%s %s of the agent's own: %s", c.method, c.path, a.body)
		}
	}
	call(t, s, apitest.TokenAgent, "POST", "/v1/agents/agent-2/presence", `{"presence":"ready"}`).refused(t, 403, "forbidden")
	call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups?agent=agent-2", "").refused(t, 403, "forbidden")
	var found struct {
		FollowUps []struct {
			FollowUp struct{ ID string } `json:"follow_up"`
		} `json:"follow_ups"`
	}
	call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups", "").into(t, 200, &found)
	if len(found.FollowUps) != 1 || found.FollowUps[0].FollowUp.ID != string(mine) {
		t.Errorf("list = %+v", found)
	}
	var agents struct{ Agents []struct{ ID string } }
	call(t, s, apitest.TokenAgent, "GET", "/v1/agents", "").into(t, 200, &agents)
	if len(agents.Agents) != 1 || agents.Agents[0].ID != "agent-1" {
		t.Errorf("agents = %+v", agents)
	}
}

// Who completes a resolution of another agent's may read it, and no more; and no longer
// than the follow-up is open.
func TestAnAgentReadsTheResolutionThatIsToBeCompleted(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	earlier := string(s.Submit(t, "A", "agent-2"))
	call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups/"+earlier, "").refused(t, 403, "forbidden")
	body := strings.Replace(with("follows", `"`+earlier+`"`, "directorate", `"pp1"`, "agent", `"agent-1"`), `"answer"`, `"opinion_unrequested"`, 1)
	completing := call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", body).state(t, 201)
	if a := call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups/"+earlier, ""); a.status != 200 {
		t.Errorf("what its own follow-up completes is refused: %d %s", a.status, a.body)
	}
	call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups/"+earlier+"/history", "").refused(t, 403, "forbidden")
	call(t, s, apitest.TokenAgent, "POST", "/v1/follow-ups/"+earlier+"/outcome", `{"code":"delivered"}`).refused(t, 403, "forbidden")
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups/"+string(completing.FollowUp.ID)+"/cancel", `{"reason":"r"}`).state(t, 200)
	call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups/"+earlier, "").refused(t, 403, "forbidden")
}

// Designated to one agent but in the hands of another: the hands decide.
func TestTheAssignmentDecidesWhoseItIs(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	path := "/v1/follow-ups/" + string(id)
	call(t, s, apitest.TokenOther, "POST", path+"/outcome", `{"code":"delivered"}`).refused(t, 403, "forbidden")
	call(t, s, apitest.TokenAgent, "POST", path+"/outcome", `{"code":"delivered"}`).state(t, 200)
	s.WrapUp(t, id)
	call(t, s, apitest.TokenOther, "GET", path, "").refused(t, 403, "forbidden")
}
