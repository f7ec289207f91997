package api_test

import (
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func TestAnUnrequestedOpinionWaitsForItsAgent(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	body := strings.Replace(with("directorate", `"pp1"`), "answer", "opinion_unrequested", 1)
	state := call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", body).state(t, 201)
	if state.Status != queue.StatusAwaitingAgent {
		t.Fatalf("status = %s", state.Status)
	}
	path := "/v1/follow-ups/" + string(state.FollowUp.ID) + "/assign"
	call(t, s, apitest.TokenSupervisor, "POST", path, `{"agent":"agent-9"}`).refused(t, 400, "invalid", "agent")
	call(t, s, apitest.TokenSupervisor, "POST", path, `{}`).refused(t, 400, "invalid", "agent")
	state = call(t, s, apitest.TokenSupervisor, "POST", path, `{"agent":"agent-1"}`).state(t, 200)
	if state.Status != queue.StatusQueued || state.FollowUp.Agent != "agent-1" {
		t.Errorf("state = %+v", state)
	}
}

func TestCancel(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	path := "/v1/follow-ups/" + string(id) + "/cancel"
	call(t, s, apitest.TokenSupervisor, "POST", path, `{}`).refused(t, 400, "invalid", "reason")
	call(t, s, apitest.TokenSupervisor, "POST", path, `{"reason":"  "}`).refused(t, 400, "invalid", "reason")
	call(t, s, apitest.TokenSupervisor, "POST", path, `{"reason":"`+strings.Repeat("x", 2001)+`"}`).refused(t, 400, "invalid", "reason")
	state := call(t, s, apitest.TokenSupervisor, "POST", path, `{"reason":"ditarik"}`).state(t, 200)
	if state.Status != queue.StatusCancelled || state.Reason != "ditarik" {
		t.Errorf("state = %+v", state)
	}
	f := call(t, s, apitest.TokenSupervisor, "POST", path, `{"reason":"ditarik"}`).refused(t, 409, "refused")
	if !strings.Contains(f.Message, "It is possible while the follow-up is awaiting_agent, handed_back, queued") {
		t.Errorf("message = %s", f.Message)
	}
}

func TestNothingIsCancelledDuringATalk(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups/"+string(id)+"/cancel", `{"reason":"x"}`).refused(t, 409, "refused")
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups/"+string(id)+"/edit", `{"phone":"081234567891"}`).refused(t, 409, "refused")
}

func TestEditAndRequeue(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	before := s.Unconfirmed(t, id)
	path := "/v1/follow-ups/" + string(id)
	s.Advance(time.Minute)
	state := call(t, s, apitest.TokenSupervisor, "POST", path+"/edit", `{"phone":"021-5250208","extension":"12","npwp":"01.234.567.8-901.000"}`).state(t, 200)
	want := queue.Taxpayer{Name: "Budi Rahasia", Phone: "+62215250208", Extension: "12", NPWP: "012345678901000"}
	if state.FollowUp.Taxpayer != want || !state.FollowUp.Deadline.Equal(before.FollowUp.Deadline) || !state.FollowUp.ReceivedAt.Equal(before.FollowUp.ReceivedAt) {
		t.Errorf("follow-up = %+v", state.FollowUp)
	}
	state = call(t, s, apitest.TokenSupervisor, "POST", path+"/edit", `{"extension":""}`).state(t, 200)
	if state.FollowUp.Taxpayer.Extension != "" || state.FollowUp.Taxpayer.Phone != "+62215250208" {
		t.Errorf("taxpayer = %+v", state.FollowUp.Taxpayer)
	}
	call(t, s, apitest.TokenSupervisor, "POST", path+"/edit", `{}`).refused(t, 400, "invalid", "body")
	call(t, s, apitest.TokenSupervisor, "POST", path+"/edit", `{"phone":"112"}`).refused(t, 400, "invalid", "phone")
	call(t, s, apitest.TokenSupervisor, "POST", path+"/edit", `{"taxpayer":"","message":""}`).refused(t, 400, "invalid", "taxpayer", "message")
	call(t, s, apitest.TokenSupervisor, "POST", path+"/edit", `{"route":"answer"}`).refused(t, 400, "invalid", "route")
	state = call(t, s, apitest.TokenSupervisor, "POST", path+"/requeue", `{"reason":"nomor diperbaiki"}`).state(t, 200)
	if state.Status != queue.StatusQueued || state.Counted != 0 {
		t.Errorf("state = %+v", state)
	}
	call(t, s, apitest.TokenSupervisor, "POST", path+"/requeue", `{}`).refused(t, 409, "refused")
}

func TestStrictBodies(t *testing.T) {
	s := apitest.New(t, nil)
	path := "/v1/follow-ups/" + string(s.Submit(t, "A", "")) + "/cancel"
	for body, field := range map[string]string{
		`{"reason":"x","reason":"y"}`: "reason",
		`{"Reason":"x"}`:              "Reason",
		`{"reason":null}`:             "reason",
		`{"reason":7}`:                "reason",
		`{"reason":"x"} {}`:           "body",
		`{"reason":"x"`:               "body",
		`[]`:                          "body",
		`"x"`:                         "body",
		"{\"reason\":\"\xff\"}":       "body",
	} {
		call(t, s, apitest.TokenAdmin, "POST", path, body).refused(t, 400, "invalid", field)
	}
}
