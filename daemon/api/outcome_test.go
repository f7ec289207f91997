package api_test

import (
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
	"sambung/telephony"
)

func TestAnOutcomeIsConfirmedDuringTheTalkAndInWrapUp(t *testing.T) {
	for _, wrapUp := range []bool{false, true} {
		s := apitest.New(t, nil)
		addAgents(t, s)
		id := s.Submit(t, "A", "")
		s.Talk(t, id, "agent-1")
		want := queue.StatusTalking
		if wrapUp {
			s.WrapUp(t, id)
			want = queue.StatusWrapUp
		}
		state := call(t, s, apitest.TokenAgent, "POST", "/v1/follow-ups/"+string(id)+"/outcome", `{"code":"delivered","note":"sudah paham"}`).state(t, 200)
		if state.Status != want || state.Call.Outcome != queue.OutcomeDelivered || state.ConfirmedAt.IsZero() {
			t.Errorf("state = %+v", state)
		}
		history, _ := s.Queue.History(t.Context(), id)
		last := history[len(history)-1]
		d, err := last.Decode()
		if err != nil || last.Kind != queue.KindOutcomeConfirmed || last.Actor != "agent:agent-1" || d.Via != "api" || d.Note != "sudah paham" || d.Attempt != 1 {
			t.Errorf("activity %+v, details %+v, %v", last, d, err)
		}
	}
}

func TestAnOutcomeThatWasHandedBackIsCorrectedAndSettledAtOnce(t *testing.T) {
	for _, c := range []struct {
		code   string
		status queue.Status
	}{
		{"delivered", queue.StatusClosed}, {"cut_off", queue.StatusQueued}, {"callback", queue.StatusQueued}, {"wrong_person", queue.StatusHandedBack},
	} {
		s := apitest.New(t, nil)
		addAgents(t, s)
		id := s.Submit(t, "A", "")
		s.Talk(t, id, "agent-1")
		s.WrapUp(t, id)
		before := s.Unconfirmed(t, id)
		// The agent is free by now and can still correct it.
		state := call(t, s, apitest.TokenAgent, "POST", "/v1/follow-ups/"+string(id)+"/outcome", `{"code":"`+c.code+`"}`).state(t, 200)
		if state.Status != c.status || state.Outcome != queue.Outcome(c.code) || state.Version != before.Version+2 || state.Counted != before.Counted {
			t.Errorf("%s: state = %+v", c.code, state)
		}
		call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups/"+string(id)+"/outcome", `{"code":"refused"}`).refused(t, 409, "refused")
	}
}

func TestACallbackIsInOfficeHoursAndInTheFuture(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	path := "/v1/follow-ups/" + string(id) + "/outcome"
	post := func(body string) answer { return call(t, s, apitest.TokenSupervisor, "POST", path, body) }
	post(`{"code":"callback","callback_at":"2026-11-23T08:59:00+07:00"}`).refused(t, 400, "invalid", "callback_at")
	f := post(`{"code":"callback","callback_at":"2026-11-28T10:00:00+07:00"}`).refused(t, 400, "invalid", "callback_at")
	if f.Fields[0].Remedy != "the office opens next at 2026-11-30T08:00:00+07:00" {
		t.Errorf("remedy = %s", f.Fields[0].Remedy)
	}
	post(`{"code":"delivered","callback_at":"2026-11-24T10:00:00+07:00"}`).refused(t, 400, "invalid", "callback_at")
	post(`{"code":"callback","callback_at":"tomorrow"}`).refused(t, 400, "invalid", "callback_at")
	post(`{"code":"unconfirmed"}`).refused(t, 400, "invalid", "code")
	post(`{}`).refused(t, 400, "invalid", "code")
	state := post(`{"code":"callback","callback_at":"2026-11-24T10:00:00+07:00"}`).state(t, 200)
	if !state.Call.CallbackAt.Equal(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)) {
		t.Errorf("call = %+v", state.Call)
	}
}

// TestAnOutcomeOfAnotherAttempt: a page that was left open on one attempt says nothing of
// the next.
func TestAnOutcomeOfAnotherAttempt(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	path := "/v1/follow-ups/" + string(id) + "/outcome"
	call(t, s, apitest.TokenAgent, "POST", path, `{"code":"delivered","attempt":2}`).refused(t, 409, "refused")
	call(t, s, apitest.TokenAgent, "POST", path, `{"code":"delivered","attempt":-1}`).refused(t, 409, "refused")
	state := call(t, s, apitest.TokenAgent, "POST", path, `{"code":"delivered","attempt":1}`).state(t, 200)
	if state.Call.Outcome != queue.OutcomeDelivered {
		t.Errorf("state = %+v", state)
	}
}

func TestNoOutcomeWithoutATalk(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups/"+string(id)+"/outcome", `{"code":"delivered"}`).refused(t, 409, "refused")
}

func TestCommandsReachTheCall(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Submit(t, "A", "")
	path := "/v1/follow-ups/" + string(id) + "/commands"
	call(t, s, apitest.TokenSupervisor, "POST", path, `{"command":"mute"}`).refused(t, 409, "no_call")
	s.Talk(t, id, "agent-1")
	for _, command := range []string{"mute", "unmute", "confirm_identity", "hang_up"} {
		if a := call(t, s, apitest.TokenAgent, "POST", path, `{"command":"`+command+`"}`); a.status != 202 {
			t.Errorf("%s: %d %s", command, a.status, a.body)
		}
	}
	call(t, s, apitest.TokenAgent, "POST", path, `{"command":"confirmed"}`).refused(t, 400, "invalid", "command")
	s.Commands.Live(id, false) // another daemon carries it
	call(t, s, apitest.TokenAgent, "POST", path, `{"command":"mute"}`).refused(t, 409, "no_call")
	want := []telephony.Command{telephony.Mute, telephony.Unmute, telephony.ConfirmIdentity, telephony.HangUp}
	if given := s.Commands.Given(); len(given) != 4 || given[0] != want[0] || given[1] != want[1] || given[2] != want[2] || given[3] != want[3] {
		t.Errorf("given = %v", given)
	}
}
