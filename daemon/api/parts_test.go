package api_test

import (
	"testing"
	"time"

	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func TestEverybodyGetsTheirOwnTelephone(t *testing.T) {
	first := api.Telephone{URL: "wss://pbx/ws", URI: "sip:agent-1@pbx", User: "agent-1", Password: "rahasia", ICEServers: []api.ICEServer{}}
	second := first
	second.URI, second.User = "sip:spv-1@pbx", "spv-1"
	s := apitest.New(t, func(d *api.Deps) { d.Telephones = apitest.Telephones{"PJSIP/agent-1": first, "PJSIP/spv-1": second} })
	addAgents(t, s)
	s.AddUser(t, "tono", queue.RoleAgent)
	s.AddUser(t, "rina", queue.RoleSupervisor)
	put(t, s, queue.User{Name: "rina", Role: queue.RoleSupervisor, Endpoint: "PJSIP/spv-1", Switch: apitest.Switch})
	s.AddUser(t, "adi", queue.RoleSupervisor)
	ask := func(token string, header ...string) answer {
		return call(t, s, token, "GET", "/v1/telephone", "", header...)
	}
	for who, a := range map[string]answer{"tono": ask("", s.SignIn(t, "tono").Header()...), "a token of agent-1": ask(apitest.TokenAgent)} {
		var got api.Telephone
		a.into(t, 200, &got)
		if got.User != "agent-1" || got.Password != "rahasia" || got.URI != first.URI || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %+v", who, got)
		}
	}
	var got api.Telephone
	ask("", s.SignIn(t, "rina").Header()...).into(t, 200, &got)
	if got.User != "spv-1" {
		t.Errorf("a supervisor's: %+v", got)
	}
	ask("", s.SignIn(t, "adi").Header()...).refused(t, 404, "no_telephone")
	ask(apitest.TokenOther).refused(t, 404, "no_telephone") // a desk phone
	ask(apitest.TokenSupervisor).refused(t, 404, "no_telephone")
}

func TestTheCalendarInForce(t *testing.T) {
	s := apitest.New(t, nil)
	s.Advance(30 * 24 * time.Hour) // 23 December
	var c struct {
		Version, Zone string
		AlwaysOpen    bool `json:"always_open"`
		Now           time.Time
		Intervals     []struct{ From, To time.Time }
		Holidays      []struct{ Date, Name string }
		Provisional   bool
		Limits        map[string]float64
	}
	call(t, s, apitest.TokenAgent, "GET", "/v1/calendar", "").into(t, 200, &c)
	if len(c.Limits) != 2 || c.Limits["mute_seconds"] != 90 || c.Limits["wrap_up_seconds"] != 180 {
		t.Errorf("limits = %v", c.Limits)
	}
	if c.Zone != "Asia/Jakarta" || c.AlwaysOpen || c.Provisional || !c.Now.Equal(s.Now()) || c.Version != s.Deps.Calendar.Version() {
		t.Errorf("%+v", c)
	}
	if len(c.Holidays) != 2 || c.Holidays[1].Date != "2027-01-01" || c.Holidays[1].Name != "Tahun Baru" {
		t.Errorf("holidays = %v", c.Holidays)
	}
	first, last := c.Intervals[0], c.Intervals[len(c.Intervals)-1]
	if want := time.Date(2026, 12, 16, 1, 0, 0, 0, time.UTC); !first.From.Equal(want) || first.To.Sub(first.From) != 8*time.Hour {
		t.Errorf("the first interval is %v, want it to begin at %s", first, want)
	}
	if want := time.Date(2027, 1, 22, 9, 0, 0, 0, time.UTC); !last.To.Equal(want) || len(c.Intervals) != 26 {
		t.Errorf("%d intervals, the last one ends at %s, want 26 and %s", len(c.Intervals), last.To, want)
	}
}

func TestTheSystem(t *testing.T) {
	s := apitest.New(t, nil)
	var got api.System
	call(t, s, apitest.TokenSupervisor, "GET", "/v1/system", "").into(t, 200, &got)
	if got.Node != "test" || len(got.Switches) != 1 || !got.Redis.OK {
		t.Errorf("%+v", got)
	}
}
