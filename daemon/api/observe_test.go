package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
)

func TestHealthAndReadiness(t *testing.T) {
	s := apitest.New(t, nil)
	var health struct{ Status, Reason string }
	call(t, s, "", "GET", "/healthz", "").into(t, 200, &health)
	call(t, s, "", "GET", "/readyz", "").into(t, 200, &health)
	s.SetReady(errors.New("queue: appendonly is no; set appendonly yes"))
	call(t, s, "", "GET", "/readyz", "").into(t, 503, &health)
	var seen api.Surroundings
	call(t, s, "", "GET", "/readyz", "").into(t, 503, &seen)
	if seen.Archive != "reached" || seen.Switches[apitest.Switch] != "served" {
		t.Errorf("readyz tells %+v", seen)
	}
	if health.Status != "not_ready" || !strings.Contains(health.Reason, "set appendonly yes") {
		t.Errorf("health = %+v", health)
	}
	call(t, s, "", "GET", "/healthz", "").into(t, 200, &health)
}

func TestWhatNoRouteIsForIsAnsweredAsJSON(t *testing.T) {
	s := apitest.New(t, nil)
	call(t, s, "", "GET", "/nothing", "").refused(t, 404, "not_found")
	a := call(t, s, "", "DELETE", "/v1/follow-ups", "")
	a.refused(t, 405, "method_not_allowed")
	if a.header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("Allow = %q", a.header.Get("Allow"))
	}
}

func TestAPanicIsAnswered(t *testing.T) {
	s := apitest.New(t, func(d *api.Deps) { d.Ready = func(context.Context) error { panic("kaputt") } })
	a := call(t, s, "", "GET", "/readyz", "")
	f := a.refused(t, 500, "internal")
	if f.Request == "" || f.Request != a.header.Get("X-Request-Id") || !strings.Contains(s.Log.String(), f.Request) || !strings.Contains(s.Log.String(), "kaputt") {
		t.Errorf("request %q, log %s", f.Request, s.Log.String())
	}
	if strings.Contains(string(a.body), "kaputt") {
		t.Error("the answer shows the panic")
	}
	// The server goes on, and has counted it.
	if m := call(t, s, "", "GET", "/metrics", ""); !strings.Contains(string(m.body), `sambung_http_requests_total{code="500",route="GET /readyz"} 1`) {
		t.Errorf("metrics: %s", m.body)
	}
}

func TestRequestsAreCountedByPattern(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Submit(t, "A", ""))
	call(t, s, apitest.TokenAdmin, "GET", "/v1/follow-ups/"+id, "")
	call(t, s, apitest.TokenAdmin, "GET", "/v1/follow-ups/"+id, "")
	call(t, s, "", "GET", "/v1/follow-ups/"+id, "")
	call(t, s, "", "GET", "/081234567890", "")
	metrics := string(call(t, s, "", "GET", "/metrics", "").body)
	for _, want := range []string{
		`sambung_http_requests_total{code="200",route="GET /v1/follow-ups/{id}"} 2`,
		`sambung_http_requests_total{code="401",route="GET /v1/follow-ups/{id}"} 1`,
		`sambung_http_requests_total{code="404",route="unmatched"} 1`,
		`sambung_http_request_duration_seconds_count{route="GET /v1/follow-ups/{id}"} 3`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%s is missing in\n%s", want, metrics)
		}
	}
}

func TestNoPersonalDataInLogsAndMetrics(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	state := call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", with("npwp", `"012345678901000"`)).state(t, 201)
	path := "/v1/follow-ups/" + string(state.FollowUp.ID)
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups/search", `{"phone":"081234567890"}`)
	call(t, s, apitest.TokenAdmin, "GET", "/v1/follow-ups?phone=081234567890&ticket=Rahasia", "")
	call(t, s, apitest.TokenAdmin, "GET", "/v1/follow-ups/081234567890", "")
	call(t, s, apitest.TokenAdmin, "GET", "/081234567890", "")
	call(t, s, apitest.TokenAdmin, "POST", path+"/edit", `{"taxpayer":"Budi Rahasia Sekali"}`)
	call(t, s, apitest.TokenAdmin, "POST", path+"/cancel", `{"reason":"rahasia"}`)
	call(t, s, apitest.TokenAdmin, "POST", path+"/cancel", `{"reason":"rahasia"}`)
	seen := s.Log.String() + string(call(t, s, "", "GET", "/metrics", "").body)
	for _, secret := range []string{"Rahasia", "rahasia", "1234567890", "3456-7890", "012345678901000", apitest.TokenAdmin} {
		if strings.Contains(seen, secret) {
			t.Errorf("%q is in\n%s", secret, seen)
		}
	}
	if !strings.Contains(seen, string(state.FollowUp.ID)) || !strings.Contains(seen, "token=operator") {
		t.Errorf("the log tells nothing:\n%s", seen)
	}
}

func TestHeadersThatProtect(t *testing.T) {
	s := apitest.New(t, nil)
	for _, path := range []string{"/v1/agents", "/nothing", "/healthz"} {
		h := call(t, s, apitest.TokenAdmin, "GET", path, "").header
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestNewRefusesTokensThatCannotBeToldApart(t *testing.T) {
	for name, tokens := range map[string][]api.Token{
		"twice":            {api.NewToken("a", api.RoleQA, "", "x"), api.NewToken("b", api.RoleAdmin, "", "x")},
		"agent of nobody":  {api.NewToken("a", api.RoleAgent, "", "x")},
		"qa with an agent": {api.NewToken("a", api.RoleQA, "agent-1", "x")},
	} {
		if _, err := api.New(api.Deps{Tokens: tokens, Registry: prometheus.NewRegistry()}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
