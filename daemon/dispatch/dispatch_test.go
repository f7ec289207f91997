package dispatch

import (
	"testing"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

var start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// TestEveryWordIsKnown: what a telephone can report has its activity, and every
// status its rule.
func TestEveryWordIsKnown(t *testing.T) {
	for _, k := range []telephony.Kind{
		telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.AnnouncementPlayed, telephony.IdentityConfirmed,
		telephony.RecordingMuted, telephony.RecordingUnmuted, telephony.Ended, telephony.OutcomeRingback, telephony.OutcomeKeyed,
	} {
		e, err := entry(telephony.Event{Kind: k, At: start, Key: "1", Result: &telephony.Result{Status: telephony.Busy}}, 1, "a1", "pbx1")
		if err != nil {
			t.Errorf("%s: %v", k, err)
			continue
		}
		info, known := e.Kind.Info()
		if !known || (info.Class == queue.ClassIntent) != k.Intent() {
			t.Errorf("%s became %s, known %v, of class %d; an intent: %v", k, e.Kind, known, info.Class, k.Intent())
		}
	}
	for _, s := range []telephony.Status{
		telephony.Busy, telephony.NoAnswer, telephony.Rejected, telephony.Unreachable, telephony.InvalidNumber,
		telephony.AgentNoAnswer, telephony.TrunkFailure, telephony.Interrupted, telephony.Unknown,
	} {
		if _, ok := queue.RuleFor(queue.Result(s), ""); !ok {
			t.Errorf("status %s has no rule", s)
		}
	}
	if queue.Result(telephony.Answered) != queue.ResultAnswered {
		t.Error("the pillars call an answer by two names")
	}
	if _, err := entry(telephony.Event{Kind: telephony.OutcomeKeyed, Key: "9"}, 1, "a1", "pbx1"); err == nil {
		t.Error("a key that confirms nothing was taken")
	}
}

func failed(r queue.Result, dialled bool) queue.Call {
	c := queue.Call{Result: r}
	if dialled {
		c.TaxpayerDialingAt = start
	}
	return c
}

func TestBreaker(t *testing.T) {
	b := newBreaker(10*time.Second, 30*time.Second)
	now := start
	if !b.allow(now) {
		t.Fatal("a trunk that never failed is held")
	}
	holds := []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second, 30 * time.Second}
	for _, hold := range holds {
		b.report(now, failed(queue.ResultTrunkFailure, true))
		if b.allow(now.Add(hold - time.Millisecond)) {
			t.Fatalf("let through before %s", hold)
		}
		now = now.Add(hold)
		for range 2 {
			if !b.allow(now) {
				t.Fatalf("held after %s; asking alone must spend nothing", hold)
			}
		}
	}
	b.started(now)
	if b.allow(now.Add(time.Second)) {
		t.Error("two calls try a trunk on probation")
	}
	b.report(now, failed(queue.ResultAgentNoAnswer, false))
	if b.allow(now.Add(time.Second)) {
		t.Error("an agent who did not answer says nothing about the trunk")
	}
	b.report(now, failed(queue.ResultBusy, true))
	if !b.allow(now) {
		t.Error("held after a call went through")
	}
	b.report(now, failed(queue.ResultInterrupted, false))
	if b.allow(now) {
		t.Error("not held after the switch failed before the dial")
	}
}
