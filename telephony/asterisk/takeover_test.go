package asterisk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sambung/internal/faultproxy"
	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// leave makes a call, cuts it once an event of that kind was observed, and
// returns what the ledger would know of it.
func (h *harness) leave(r telephony.Request, after telephony.Kind) telephony.Progress {
	h.t.Helper()
	ctx, cut := context.WithCancel(h.t.Context())
	defer cut()
	h.on(after, func() { time.AfterFunc(700*time.Millisecond, cut) })
	if _, err := h.sw.Call(ctx, r, h.observe); !errors.Is(err, context.Canceled) {
		h.t.Fatalf("the call ended by itself: %v, after %v", err, h.kinds())
	}
	h.on(after, nil)
	return h.progress()
}

// progress is what was observed so far.
func (h *harness) progress() telephony.Progress {
	var p telephony.Progress
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		switch e.Kind {
		case telephony.AgentRinging:
			p.AgentRinging = true
		case telephony.AgentAnswered:
			p.AgentAnswered = true
		case telephony.RecordingStarted:
			p.Tracks = e.Tracks
		case telephony.TaxpayerDialing:
			p.TaxpayerDialing = true
		case telephony.TaxpayerAnswered:
			p.AnsweredAt = e.At
		case telephony.AnnouncementPlayed:
			p.Announced = true
		case telephony.Ended:
			p.Ended, p.EndedAt = true, e.At
		}
	}
	return p
}

// resume carries a call on under a new switch, as a new owner would.
func (h *harness) resume(r telephony.Request, p telephony.Progress) telephony.Result {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 60*time.Second)
	defer cancel()
	result, err := h.connect().Resume(ctx, r, p, h.observe)
	if err != nil {
		h.t.Errorf("resuming: %v", err)
	}
	h.nothingLeft(r.ID)
	return result
}

func TestResumeTalk(t *testing.T) {
	h := newHarness(t)
	h.agentDo = []softphone.Behaviour{softphone.Answer().Playing(a440())}
	h.taxpayer = softphone.Answer().Playing(a880()).HangingUp(9 * time.Second)
	r := h.request()
	p := h.leave(r, telephony.TaxpayerAnswered)
	h.press("1", 500*time.Millisecond)
	result := h.resume(r, p)
	if result.Status != telephony.Answered || result.EndedBy != telephony.PartyTaxpayer {
		t.Errorf("result %+v", result)
	}
	h.expect(telephony.TaxpayerAnswered, telephony.Ended, telephony.OutcomeKeyed)
	right := h.track(result.Tracks.Taxpayer)
	if gap := longestGap(right, 880, result.AnsweredAt.Sub(result.Tracks.TaxpayerStartedAt)+200*time.Millisecond); gap > 100*time.Millisecond {
		t.Errorf("the taxpayer's track has a gap of %s", gap)
	}
}

// longestGap is the longest time without the tone between from and the track's end.
func longestGap(samples []int16, hz float64, from time.Duration) time.Duration {
	const window = 160 // 20 ms
	longest, run := 0, 0
	end := len(samples) - tone.Samples(300*time.Millisecond)
	for i := tone.Samples(from); i+window <= end; i += window {
		if tone.Level(samples[i:i+window]) < -40 {
			run++
			longest = max(longest, run)
			continue
		}
		run = 0
	}
	return tone.Duration(longest * window)
}

func TestResumeRinging(t *testing.T) {
	h := newHarness(t)
	h.taxpayer = softphone.AnswerAfter(2500 * time.Millisecond).HangingUp(2 * time.Second)
	r := h.request()
	p := h.leave(r, telephony.TaxpayerRinging)
	h.press("1", 300*time.Millisecond)
	if result := h.resume(r, p); result.Status != telephony.Answered {
		t.Errorf("result %+v", result)
	}
}

func TestResumeBeforeTheDial(t *testing.T) {
	h := newHarness(t)
	h.agentDo = []softphone.Behaviour{softphone.AnswerAfter(2 * time.Second)}
	r := h.request()
	p := h.leave(r, telephony.AgentRinging)
	if result := h.resume(r, p); result.Status != telephony.Interrupted {
		t.Errorf("result %+v", result)
	}
	if n := len(h.carrier.Calls()); n != 0 {
		t.Errorf("the carrier saw %d INVITE dialogs", n)
	}
}

func TestResumeGone(t *testing.T) {
	h := newHarness(t)
	h.taxpayer = softphone.Answer().HangingUp(1500 * time.Millisecond)
	r := h.request()
	p := h.leave(r, telephony.TaxpayerAnswered)
	call, err := h.carrier.WaitCall(t.Context(), func(c softphone.CallRecord) bool { return c.Ended() })
	if err != nil {
		t.Fatal(err)
	}
	<-call.Done()
	for strings.Contains(h.asterisk.CLI("core show channels"), "PJSIP/"+h.asterisk.Trunk) {
		time.Sleep(20 * time.Millisecond) // until the switch, another process, has put the leg down
	}
	h.press("4", 300*time.Millisecond)
	if result := h.resume(r, p); result.Status != telephony.Answered || result.EndedBy != telephony.PartySystem {
		t.Errorf("result %+v", result)
	}
	h.expect(telephony.Ended, telephony.OutcomeKeyed)
}

func TestResumeWrapUp(t *testing.T) {
	h := newHarness(t)
	h.taxpayer = softphone.Answer().HangingUp(time.Second)
	r := h.request()
	p := h.leave(r, telephony.Ended)
	h.agentDo = []softphone.Behaviour{softphone.Answer()}
	go func() {
		call, err := h.agent.WaitCall(t.Context(), func(c softphone.CallRecord) bool { return c.Answered() && !c.Ended() })
		if err == nil {
			time.Sleep(1500 * time.Millisecond) // a person takes time
			_ = call.SendDigits(t.Context(), "3")
		}
	}()
	h.resume(r, p)
	if e, _ := h.event(telephony.OutcomeKeyed); e.Key != "3" {
		t.Errorf("outcome %+v", e)
	}
}

// TestSocketCut cuts every connection in each stage; the call goes on.
func TestSocketCut(t *testing.T) {
	for _, stage := range []telephony.Kind{telephony.AgentRinging, telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.Ended} {
		t.Run(string(stage), func(t *testing.T) {
			h := newHarness(t)
			host := strings.TrimSuffix(strings.TrimPrefix(h.asterisk.ARIURL, "http://"), "/ari")
			proxy := faultproxy.Start(t, host)
			h.address.URL = "http://" + proxy.Addr + "/ari"
			h.sw = h.connect()
			h.agentDo = []softphone.Behaviour{softphone.AnswerAfter(1500 * time.Millisecond)}
			h.taxpayer = softphone.AnswerAfter(1500 * time.Millisecond).HangingUp(3 * time.Second)
			h.on(stage, func() { time.AfterFunc(100*time.Millisecond, proxy.Cut) })
			if stage != telephony.Ended {
				h.press("1", time.Second)
			}
			result := h.call(h.request())
			if result.Status != telephony.Answered {
				t.Errorf("result %+v after %v", result, h.kinds())
			}
		})
	}
}

// TestReplaced: another process connects, and this one touches nothing more.
func TestReplaced(t *testing.T) {
	h := newHarness(t)
	h.taxpayer = softphone.Answer().HangingUp(6 * time.Second)
	r := h.request()
	connected := make(chan struct{})
	h.on(telephony.TaxpayerAnswered, func() {
		time.AfterFunc(500*time.Millisecond, func() { h.connect(); close(connected) })
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := h.sw.Call(ctx, r, h.observe); !errors.Is(err, telephony.ErrSwitchLost) {
		t.Errorf("error %v", err)
	}
	<-connected
	if c := h.carrier.Calls()[0]; c.Ended() {
		t.Error("the conversation was cut")
	}
}

// TestMute writes silence of true length and ends by itself.
func TestMute(t *testing.T) {
	h := newHarness(t)
	h.agentDo = []softphone.Behaviour{softphone.Answer().Playing(a440())}
	h.taxpayer = softphone.Answer().Playing(a880()).HangingUp(8 * time.Second)
	r := h.request()
	commands := make(chan telephony.Command, 1)
	r.Commands, r.MuteLimit = commands, 2*time.Second
	h.on(telephony.TaxpayerAnswered, func() { time.AfterFunc(2*time.Second, func() { commands <- telephony.Mute }) })
	h.press("1", 300*time.Millisecond)
	result := h.call(r)
	h.expect(telephony.RecordingMuted, telephony.RecordingUnmuted, telephony.Ended)
	right := h.track(result.Tracks.Taxpayer)
	gap := longestGap(right, 880, result.AnsweredAt.Sub(result.Tracks.TaxpayerStartedAt)+200*time.Millisecond)
	if (gap - 2*time.Second).Abs() > 300*time.Millisecond {
		t.Errorf("the gap is %s, want the 2 s of the mute", gap)
	}
}
