package api_test

import (
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/queue"
	"sambung/telephony"
)

// monitorScene has a follow-up in a talk, and a supervisor who signed in with a telephone.
func monitorScene(t *testing.T, atSwitch string) (s *apitest.Site, id queue.ID, path string, spv []string) {
	s = apitest.New(t, nil)
	addAgents(t, s)
	id = s.Submit(t, "A", "")
	u := s.AddUser(t, "spv-1", queue.RoleSupervisor)
	u.Endpoint, u.Switch = "PJSIP/spv-1", atSwitch
	if err := s.Deps.Accounts.Put(t.Context(), u, apitest.Password); err != nil {
		t.Fatal(err)
	}
	b := s.SignIn(t, "spv-1")
	return s, id, "/v1/follow-ups/" + string(id) + "/monitor", []string{"Cookie", b.Cookie, "X-CSRF-Token", b.CSRF}
}

func TestMonitor(t *testing.T) {
	s, id, path, spv := monitorScene(t, apitest.Switch)
	call(t, s, "", "POST", path, `{"mode":"listen"}`, spv...).refused(t, 409, "no_call")
	s.Talk(t, id, "agent-1")
	s.Commands.Live(id, true)

	call(t, s, "", "POST", path, `{"mode":"shout"}`, spv...).refused(t, 400, "invalid", "mode")
	call(t, s, "", "POST", path, `{"mode":"listen","endpoint":"PJSIP/trunk/sip:x@evil"}`, spv...).refused(t, 400, "invalid", "endpoint")
	call(t, s, "", "POST", path, `{"mode":"listen","endpoint":"PJSIP/agent-2"}`, spv...).refused(t, 400, "invalid", "endpoint") // not one's own
	call(t, s, "", "POST", path, `{"mode":"listen","to":"all"}`, spv...).refused(t, 400, "invalid", "to")
	if a := call(t, s, "", "POST", path, `{"mode":"listen"}`, spv...); a.status != 202 {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if got := s.Commands.Monitored(id); got != (apitest.Monitored{Actor: "user:spv-1", Endpoint: "PJSIP/spv-1", Mode: telephony.Listen}) {
		t.Errorf("monitored by %+v", got)
	}
	call(t, s, apitest.TokenAdmin, "POST", path, `{"mode":"listen"}`).refused(t, 400, "invalid", "endpoint") // a token has no telephone
	call(t, s, apitest.TokenAdmin, "POST", path, `{"mode":"whisper","endpoint":"PJSIP/boss"}`).refused(t, 409, "monitored")
	if a := call(t, s, "", "POST", path, `{"mode":"whisper"}`, spv...); a.status != 202 || s.Commands.Monitored(id).Mode != telephony.Whisper {
		t.Errorf("status %d, %+v", a.status, s.Commands.Monitored(id))
	}
	if a := call(t, s, apitest.TokenAdmin, "DELETE", path, ""); a.status != 204 { // an admin takes out whoever it is
		t.Errorf("status %d: %s", a.status, a.body)
	}
	if a := call(t, s, apitest.TokenAdmin, "POST", path, `{"mode":"whisper","endpoint":"PJSIP/boss"}`); a.status != 202 {
		t.Errorf("status %d: %s", a.status, a.body)
	}
	call(t, s, "", "DELETE", path, "", spv...).refused(t, 404, "no_monitor") // not one's own
}

// A telephone at another switch cannot be joined to the call.
func TestMonitorFromAnotherSwitch(t *testing.T) {
	s, id, path, spv := monitorScene(t, "elsewhere")
	s.Talk(t, id, "agent-1")
	s.Commands.Live(id, true)
	call(t, s, "", "POST", path, `{"mode":"listen"}`, spv...).refused(t, 409, "other_switch")
}

func TestMonitorWithoutATelephone(t *testing.T) {
	s, id, path, spv := monitorScene(t, "")
	if err := s.Queue.PutUser(t.Context(), queue.User{Name: "spv-1", Role: queue.RoleSupervisor, Changed: s.Now()}); err != nil {
		t.Fatal(err)
	}
	s.Talk(t, id, "agent-1")
	s.Commands.Live(id, true)
	call(t, s, "", "POST", path, `{"mode":"listen"}`, spv...).refused(t, 409, "no_telephone")
}
