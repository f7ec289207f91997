package api_test

import (
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func TestAgents(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	var agent queue.Agent
	call(t, s, apitest.TokenAgent, "POST", "/v1/agents/agent-1/presence", `{"presence":"ready"}`).into(t, 200, &agent)
	if agent.Presence != queue.PresenceReady || !agent.Since.Equal(apitest.Start) {
		t.Errorf("agent = %+v", agent)
	}
	// Where an agent is reached changes; whether he or she takes calls does not.
	call(t, s, apitest.TokenAdmin, "PUT", "/v1/agents/agent-1", `{"endpoint":"PJSIP/agent-1b","switch":"asterisk-1","specialisation":"PPN"}`).into(t, 200, &agent)
	if agent.Presence != queue.PresenceReady || agent.Endpoint != "PJSIP/agent-1b" {
		t.Errorf("agent = %+v", agent)
	}
	call(t, s, apitest.TokenAgent, "POST", "/v1/agents/agent-1/presence", `{"presence":"paused","reason":"istirahat"}`).into(t, 200, &agent)
	if agent.PauseReason != "istirahat" {
		t.Errorf("agent = %+v", agent)
	}
	var list struct{ Agents []queue.Agent }
	call(t, s, apitest.TokenQA, "GET", "/v1/agents", "").into(t, 200, &list)
	if len(list.Agents) != 2 {
		t.Errorf("agents = %+v", list)
	}
	if a := call(t, s, apitest.TokenAdmin, "DELETE", "/v1/agents/agent-2", ""); a.status != 204 || len(a.body) != 0 {
		t.Errorf("removed: %d %s", a.status, a.body)
	}
	call(t, s, apitest.TokenAdmin, "DELETE", "/v1/agents/agent-2", "").refused(t, 404, "not_found")
}

func TestBadAgents(t *testing.T) {
	s := apitest.New(t, nil)
	for body, fields := range map[string][]string{
		`{}`: {"endpoint", "switch"},
		`{"endpoint":"PJSIP/x@evil","switch":"asterisk-1"}`:            {"endpoint"},
		`{"endpoint":"PJSIP/trunk/sip:x@evil","switch":"asterisk-1"}`:  {"endpoint"},
		`{"endpoint":"Local/1@from-internal","switch":"asterisk-1"}`:   {"endpoint"},
		`{"endpoint":"PJSIP/agent-1","switch":"asterisk-2"}`:           {"switch"},
		`{"endpoint":"PJSIP/agent-1","switch":"asterisk-1","name":""}`: {"name"},
	} {
		call(t, s, apitest.TokenAdmin, "PUT", "/v1/agents/agent-1", body).refused(t, 400, "invalid", fields...)
	}
	call(t, s, apitest.TokenAdmin, "PUT", "/v1/agents/Budi", `{}`).refused(t, 400, "invalid", "id")
	addAgents(t, s)
	for body, fields := range map[string][]string{
		`{}`:                                {"presence"},
		`{"presence":"asleep"}`:             {"presence"},
		`{"presence":"ready","reason":"x"}`: {"reason"},
	} {
		call(t, s, apitest.TokenAdmin, "POST", "/v1/agents/agent-1/presence", body).refused(t, 400, "invalid", fields...)
	}
	call(t, s, apitest.TokenAdmin, "POST", "/v1/agents/agent-7/presence", `{"presence":"ready"}`).refused(t, 404, "not_found")
}
