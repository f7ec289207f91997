package asterisk_test

import (
	"errors"
	"testing"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// a440 and a880 are the voices of agent and taxpayer.
func a440() tone.Source { return tone.Sine(440, -12) }
func a880() tone.Source { return tone.Sine(880, -12) }

// talkative agrees to be told by key: the agent presses it after the talk.
func (h *harness) press(keys string, after time.Duration) {
	h.on(telephony.Ended, func() {
		time.AfterFunc(after, func() { // a person takes time
			call, err := h.agent.WaitCall(h.t.Context(), func(r softphone.CallRecord) bool { return r.Answered() && !r.Ended() })
			if err == nil {
				_ = call.SendDigits(h.t.Context(), keys)
			}
		})
	})
}

func TestConversation(t *testing.T) {
	h := newHarness(t)
	h.agentDo = []softphone.Behaviour{softphone.AnswerAfter(200 * time.Millisecond).Playing(a440())}
	h.taxpayer = softphone.AnswerAfter(500 * time.Millisecond).Playing(a880()).HangingUp(6 * time.Second)
	h.press("1", 500*time.Millisecond)
	result := h.call(h.request())

	h.expect(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.AnnouncementPlayed, telephony.Ended, telephony.OutcomeKeyed)
	if result.Status != telephony.Answered || result.EndedBy != telephony.PartyTaxpayer {
		t.Errorf("result %+v", result)
	}
	if e, ok := h.event(telephony.OutcomeKeyed); !ok || e.Key != "1" || e.Via != telephony.ViaKeypad {
		t.Errorf("outcome %+v", e)
	}
	record := h.carrier.Calls()[0]
	if off := (result.Talk() - record.Talked()).Abs(); off > 200*time.Millisecond {
		t.Errorf("talk of %s by the switch, %s by the telephone", result.Talk(), record.Talked())
	}
	left, right := h.track(result.Tracks.Agent), h.track(result.Tracks.Taxpayer)
	t.Logf("tracks of %.2f s and %.2f s, began %s apart; talk %s, by the telephone %s", seconds(left), seconds(right),
		result.Tracks.TaxpayerStartedAt.Sub(result.Tracks.AgentStartedAt), result.Talk(), record.Talked())
	answered := result.AnsweredAt.Sub(result.Tracks.TaxpayerStartedAt)
	from, to := tone.Samples(answered+4*time.Second), tone.Samples(answered+5500*time.Millisecond)
	if d := tone.Separation(left[from:to], 440, 880); d < 40 {
		t.Errorf("on the agent's track 440 Hz is %.1f dB above 880 Hz", d)
	}
	if d := tone.Separation(right[from:to], 880, 440); d < 40 {
		t.Errorf("on the taxpayer's track 880 Hz is %.1f dB above 440 Hz", d)
	}
}

// TestUnanswered tells the ways apart in which a taxpayer is not reached.
func TestUnanswered(t *testing.T) {
	for _, c := range []struct {
		name     string
		taxpayer softphone.Behaviour
		status   telephony.Status
		code     int
	}{
		{"busy", softphone.Busy(), telephony.Busy, 486},
		{"declined", softphone.Decline(), telephony.Rejected, 603},
		{"no such number", softphone.Reject(404), telephony.InvalidNumber, 404},
		{"unavailable", softphone.Reject(480), telephony.Unreachable, 480},
		{"trunk refuses", softphone.Reject(403), telephony.TrunkFailure, 403},
		{"trunk fails", softphone.Reject(503), telephony.TrunkFailure, 503},
		{"rings out", softphone.RingOut(), telephony.NoAnswer, 0},
		{"early media, rings out", softphone.RingOut().WithEarlyMedia(tone.Sine(425, -12)), telephony.NoAnswer, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t)
			h.taxpayer = c.taxpayer
			r := h.call(h.request())
			if r.Status != c.status || (c.code != 0 && r.SIPCode != c.code) {
				t.Errorf("status %s with SIP %d and cause %d, want %s with %d", r.Status, r.SIPCode, r.Cause, c.status, c.code)
			}
			if n := len(h.carrier.Calls()); n != 1 {
				t.Errorf("the carrier saw %d INVITE dialogs", n)
			}
			h.expect(telephony.AgentRinging, telephony.AgentAnswered, telephony.TaxpayerDialing, telephony.Ended)
		})
	}
}

func TestAgentDoesNotPickUp(t *testing.T) {
	h := newHarness(t)
	h.agentDo = []softphone.Behaviour{softphone.RingOut()}
	if r := h.call(h.request()); r.Status != telephony.AgentNoAnswer {
		t.Errorf("status %s", r.Status)
	}
	if n := len(h.carrier.Calls()); n != 0 {
		t.Errorf("the carrier saw %d INVITE dialogs", n)
	}
}

func TestAgentIsNotRegistered(t *testing.T) {
	h := newHarness(t)
	if err := h.agent.Unregister(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := h.call(h.request()); r.Status != telephony.AgentNoAnswer {
		t.Errorf("status %s: %s", r.Status, r.Reason)
	}
}

func TestRefusedIntentRingsNobody(t *testing.T) {
	for _, k := range []telephony.Kind{telephony.AgentRinging, telephony.TaxpayerDialing} {
		t.Run(string(k), func(t *testing.T) {
			h := newHarness(t)
			no := errors.New("not durable")
			h.refuse[k] = no
			r := h.request()
			if _, err := h.sw.Call(t.Context(), r, h.observe); !errors.Is(err, no) {
				t.Errorf("error %v, want the observer's own", err)
			}
			h.nothingLeft(r.ID)
			if n := len(h.carrier.Calls()); n != 0 {
				t.Errorf("the carrier saw %d INVITE dialogs", n)
			}
			if k == telephony.AgentRinging && len(h.agent.Calls()) != 0 {
				t.Error("the agent was rung")
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	t.Run("in the talk", func(t *testing.T) {
		h := newHarness(t)
		h.agentDo = []softphone.Behaviour{softphone.Answer().Pressing(2*time.Second, "*9").Pressing(3*time.Second, "*5")}
		h.taxpayer = softphone.Answer().HangingUp(5 * time.Second)
		h.call(h.request())
		h.expect(telephony.TaxpayerAnswered, telephony.IdentityConfirmed, telephony.OutcomeKeyed, telephony.Ended)
		if e, _ := h.event(telephony.OutcomeKeyed); e.Key != "5" || e.Via != telephony.ViaInTalk {
			t.Errorf("outcome %+v", e)
		}
	})
	t.Run("an invalid key, then a valid one", func(t *testing.T) {
		h := newHarness(t)
		h.taxpayer = softphone.Answer().HangingUp(time.Second)
		h.press("0", 300*time.Millisecond)
		time.AfterFunc(5*time.Second, func() {})
		h.agentDo = []softphone.Behaviour{softphone.Answer().Pressing(5*time.Second, "3")}
		h.call(h.request())
		if e, _ := h.event(telephony.OutcomeKeyed); e.Key != "3" || e.Via != telephony.ViaKeypad {
			t.Errorf("outcome %+v", e)
		}
	})
	t.Run("rung back", func(t *testing.T) {
		h := newHarness(t)
		h.agentDo = []softphone.Behaviour{
			softphone.Answer().HangingUp(3 * time.Second),
			softphone.Answer().Pressing(time.Second, "2"),
		}
		h.taxpayer = softphone.Answer()
		r := h.call(h.request())
		h.expect(telephony.TaxpayerAnswered, telephony.Ended, telephony.OutcomeRingback, telephony.OutcomeKeyed)
		if e, _ := h.event(telephony.OutcomeKeyed); e.Key != "2" || e.Via != telephony.ViaRingback {
			t.Errorf("outcome %+v", e)
		}
		if r.EndedBy != telephony.PartyAgent {
			t.Errorf("ended by %s", r.EndedBy)
		}
	})
	t.Run("never", func(t *testing.T) {
		h := newHarness(t)
		h.agentDo = []softphone.Behaviour{softphone.Answer().HangingUp(2 * time.Second), softphone.RingOut()}
		h.taxpayer = softphone.Answer()
		if r := h.call(h.request()); r.Status != telephony.Answered {
			t.Errorf("status %s", r.Status)
		}
		if _, keyed := h.event(telephony.OutcomeKeyed); keyed {
			t.Error("an outcome from nowhere")
		}
	})
}
