package api_test

import (
	"net/http"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
)

// The roles of every route, written down a second time.
var allowed = map[string]string{
	"POST /v1/follow-ups":                          "supervisor admin",
	"GET /v1/follow-ups":                           "agent supervisor qa admin",
	"POST /v1/follow-ups/search":                   "supervisor qa admin",
	"GET /v1/follow-ups/{id}":                      "agent supervisor qa admin",
	"GET /v1/follow-ups/{id}/history":              "agent supervisor qa admin",
	"POST /v1/follow-ups/{id}/assign":              "supervisor admin",
	"POST /v1/follow-ups/{id}/cancel":              "supervisor admin",
	"POST /v1/follow-ups/{id}/requeue":             "supervisor admin",
	"POST /v1/follow-ups/{id}/edit":                "supervisor admin",
	"POST /v1/follow-ups/{id}/outcome":             "agent supervisor admin",
	"POST /v1/follow-ups/{id}/manual":              "supervisor admin",
	"POST /v1/follow-ups/{id}/commands":            "agent supervisor admin",
	"GET /v1/follow-ups/{id}/recordings":           "supervisor qa admin",
	"GET /v1/follow-ups/{id}/recordings/{attempt}": "supervisor qa admin",
	"GET /v1/follow-ups/{id}/custody":              "supervisor qa admin",
	"POST /v1/follow-ups/{id}/review":              "qa admin",
	"GET /v1/agents":                               "agent supervisor qa admin",
	"PUT /v1/agents/{id}":                          "supervisor admin",
	"DELETE /v1/agents/{id}":                       "supervisor admin",
	"POST /v1/agents/{id}/presence":                "agent supervisor admin",
	"GET /v1/events":                               "agent supervisor qa admin",
	"GET /healthz":                                 "*",
	"GET /readyz":                                  "*",
	"GET /metrics":                                 "*",
	"GET /openapi.yaml":                            "*",
}

var bearers = []struct{ role, token string }{
	{"agent", apitest.TokenAgent}, {"supervisor", apitest.TokenSupervisor}, {"qa", apitest.TokenQA}, {"admin", apitest.TokenAdmin},
	{"missing", ""}, {"wrong", "wrong-token-0123456789abcdef012345"}, {"nearly", apitest.TokenAdmin[:len(apitest.TokenAdmin)-1]},
}

func TestEveryRouteAgainstEveryRole(t *testing.T) {
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
			path = strings.NewReplacer("{id}", owner, "{attempt}", "1").Replace(path)
			for _, b := range bearers {
				before := len(s.Writes(t))
				status, header := probe(t, s, b.token, method, path)
				known := strings.Contains("agent supervisor qa admin", b.role)
				switch {
				case roles == "*" || strings.Contains(roles, b.role):
					if status == http.StatusUnauthorized || status == http.StatusForbidden {
						t.Errorf("%s: status %d", b.role, status)
					}
				case known && status != http.StatusForbidden:
					t.Errorf("%s: status %d, want 403", b.role, status)
				case !known && (status != http.StatusUnauthorized || !strings.HasPrefix(header.Get("WWW-Authenticate"), "Bearer ")):
					t.Errorf("%s: status %d with %q, want 401 with WWW-Authenticate", b.role, status, header.Get("WWW-Authenticate"))
				}
				if after := len(s.Writes(t)); after != before && (status == 401 || status == 403) {
					t.Errorf("%s: refused, and %d writes all the same", b.role, after-before)
				}
			}
		})
	}
}

// probe makes a request that is authorised or not, and reads the header of the answer alone.
func probe(t *testing.T, s *apitest.Site, token, method, path string) (int, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := s.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close() // a stream of events has no end
	return response.StatusCode, response.Header
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
