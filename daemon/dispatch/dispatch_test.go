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

// failed is a call that ended so; dialled is when its taxpayer was dialled, if ever.
func failed(r queue.Result, dialled time.Time) queue.State {
	return queue.State{Status: queue.StatusQueued, Call: queue.Call{Result: r, TaxpayerDialingAt: dialled}}
}

func TestBreaker(t *testing.T) {
	b := newBreaker(10*time.Second, 30*time.Second)
	now := start
	if !b.allow(now) {
		t.Fatal("a trunk that never failed is held")
	}
	holds := []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second, 30 * time.Second}
	for _, hold := range holds {
		b.report(now, now, failed(queue.ResultTrunkFailure, now))
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
	b.report(now, now, failed(queue.ResultAgentNoAnswer, time.Time{}))
	if b.allow(now.Add(time.Second)) {
		t.Error("an agent who did not answer says nothing about the trunk")
	}
	b.report(now, now, failed(queue.ResultInvalidNumber, time.Time{}))
	if b.allow(now.Add(time.Second)) {
		t.Error("a number that was never dialled says nothing about the trunk")
	}
	b.report(now, now, failed(queue.ResultBusy, now))
	if !b.allow(now) {
		t.Error("held after a call went through")
	}
	b.report(now, now, failed(queue.ResultInterrupted, time.Time{}))
	if b.allow(now) {
		t.Error("not held after the switch failed before the dial")
	}
}

// TestBreakerAmongCallsUnderWay: when the trunk fails, it fails every call that is
// being dialled, once; and talks that began before end as answered while it is down.
func TestBreakerAmongCallsUnderWay(t *testing.T) {
	b := newBreaker(15*time.Second, 5*time.Minute)
	before, down := start, start.Add(time.Minute)
	for i := range 5 {
		at := down.Add(time.Duration(i) * time.Second)
		b.report(at, before, failed(queue.ResultTrunkFailure, at))
	}
	if !b.allow(down.Add(15 * time.Second)) {
		t.Error("five calls that failed at once hold the trunk longer than one")
	}
	b.report(down.Add(5*time.Second), before, failed(queue.ResultAnswered, before))
	if b.allow(down.Add(10 * time.Second)) {
		t.Error("a talk that began before the trunk failed lets calls through")
	}
	trial := down.Add(15 * time.Second)
	b.started(trial)
	b.report(trial.Add(time.Second), trial, failed(queue.ResultTrunkFailure, trial))
	if b.allow(trial.Add(30 * time.Second)) {
		t.Error("the trial failed, too, and the wait did not double")
	}
	trial = trial.Add(31 * time.Second)
	b.started(trial)
	b.report(trial.Add(time.Second), trial, failed(queue.ResultNoAnswer, trial))
	if !b.allow(trial.Add(time.Second)) {
		t.Error("held after the trial went through")
	}
}
