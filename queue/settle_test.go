package queue

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestUndialledAttemptsAreNeverCounted(t *testing.T) {
	for _, result := range everyResult {
		if result == ResultAnswered {
			continue
		}
		b := newBook(t, sampleFollowUp()).attempt(false, result, "")
		if d := b.settle(); d.Counted || b.state.Counted != 0 {
			t.Errorf("%s before the taxpayer was dialled was counted", result)
		}
	}
}

func TestTrunkFailuresNeverExhaust(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	for range 3 * DefaultPolicy().MaxAttempts {
		if d := b.attempt(true, ResultTrunkFailure, "").settle(); d.Next != NextRetry {
			t.Fatalf("a trunk failure led to %s after %d attempts", d.Next, b.state.Attempt)
		}
	}
}

// A number that the trunk fails every time, while it carries other calls between, is
// handed back in the end: it is not the trunk that fails. Drawn at random: which
// attempts are dialled, and between which the trunk carried others.
func TestANumberThatAlwaysFailsIsHandedBack(t *testing.T) {
	limit := DefaultPolicy().MaxAttempts
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t, sampleFollowUp())
		for counted := 0; ; {
			dialled, others := rapid.Bool().Draw(rt, "dialled"), rapid.Bool().Draw(rt, "others")
			settle := Settle
			if others {
				settle = SettleBesideOthers
			}
			b.attempt(dialled, ResultTrunkFailure, "")
			e, err := settle(b.state, DefaultPolicy(), alwaysOpen{}, b.at, ActorSystem)
			if err != nil {
				rt.Fatal(err)
			}
			b.add(e.Kind, e.Details)
			d := e.Details
			if dialled && others {
				counted++
			}
			if d.Counted != (dialled && others) || b.state.Counted != counted {
				rt.Fatalf("dialled %v, carried others %v: counted %v, %d in all", dialled, others, d.Counted, b.state.Counted)
			}
			if counted == limit {
				if d.Next != NextHandBack || d.Reason != ReasonNumberFails || b.state.Status != StatusHandedBack || d.RetryAt != nil {
					rt.Fatalf("the last attempt was settled as %+v", d)
				}
				return
			}
			if d.Next != NextRetry || d.Pace != PaceSoon || d.RetryAt == nil {
				rt.Fatalf("attempt %d, %d counted: settled as %+v", b.state.Attempt, counted, d)
			}
		}
	})
}

// That the trunk carries others makes no difference to an attempt that it did not fail.
func TestOnlyATrunkFailureIsHeldAgainstOthers(t *testing.T) {
	for _, rule := range Rules() {
		if rule.Result == ResultTrunkFailure {
			continue
		}
		b := newBook(t, sampleFollowUp()).attempt(true, rule.Result, rule.Outcome)
		alone, err := Settle(b.state, DefaultPolicy(), alwaysOpen{}, b.at, ActorSystem)
		beside, err2 := SettleBesideOthers(b.state, DefaultPolicy(), alwaysOpen{}, b.at, ActorSystem)
		if err != nil || err2 != nil || !reflect.DeepEqual(alone, beside) {
			t.Errorf("%s %s: %+v, %v; beside others %+v, %v", rule.Result, rule.Outcome, alone, err, beside, err2)
		}
	}
}

// What cost no attempt exhausts none: the call that a taxpayer asked for on the last
// attempt is made, also if the agent or the trunk fails it first.
func TestACallbackOutlivesWhatCostsNoAttempt(t *testing.T) {
	for _, result := range []Result{ResultAgentNoAnswer, ResultTrunkFailure} {
		b := newBook(t, sampleFollowUp())
		for range DefaultPolicy().MaxAttempts - 1 {
			b.attempt(true, ResultNoAnswer, "").settle()
		}
		b.attempt(true, ResultAnswered, OutcomeCallback).settle()
		if d := b.attempt(result == ResultTrunkFailure, result, "").settle(); d.Next != NextRetry || d.Counted || d.RetryAt == nil {
			t.Errorf("%s: settled as %+v, want another try", result, d)
		}
	}
}

func TestAttemptsRunOut(t *testing.T) {
	for _, result := range []Result{ResultBusy, ResultNoAnswer, ResultRejected, ResultUnreachable, ResultInterrupted, ResultUnknown} {
		b := newBook(t, sampleFollowUp())
		limit := DefaultPolicy().MaxAttempts
		for n := 1; n < limit; n++ {
			if d := b.attempt(true, result, "").settle(); d.Next != NextRetry {
				t.Fatalf("%s: attempt %d of %d led to %s", result, n, limit, d.Next)
			}
		}
		d := b.attempt(true, result, "").settle()
		if d.Next != NextHandBack || d.Reason != ReasonAttemptsExhausted || d.Pace != PaceNone || d.RetryAt != nil {
			t.Errorf("%s: the last attempt was settled as %+v", result, d)
		}
		if b.state.Status != StatusHandedBack || b.state.Reason != ReasonAttemptsExhausted || b.state.Counted != limit {
			t.Errorf("%s: %s, reason %q, counted %d", result, b.state.Status, b.state.Reason, b.state.Counted)
		}
		b.add(KindRequeued, Details{Reason: "another number"})
		if b.state.Status != StatusQueued || b.state.Counted != 0 {
			t.Errorf("%s: put back, it is %s with %d counted", result, b.state.Status, b.state.Counted)
		}
	}
}

// A taxpayer who asks to be rung again is, even on the last attempt.
func TestCallbackIsKeptOnTheLastAttempt(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	for range DefaultPolicy().MaxAttempts - 1 {
		b.attempt(true, ResultNoAnswer, "").settle()
	}
	b.attempt(true, ResultAnswered, OutcomeCallback)
	wanted := b.at.Add(3 * time.Hour)
	b.add(KindOutcomeConfirmed, Details{Attempt: b.state.Attempt, Outcome: OutcomeCallback, CallbackAt: &wanted})
	d := b.settle()
	if d.Next != NextRetry || d.RetryAt == nil || !d.RetryAt.Equal(wanted) {
		t.Errorf("settled as %+v, want a retry at %s", d, wanted)
	}
	if !b.state.RetryAt.Equal(wanted) {
		t.Errorf("retry at %s, want %s", b.state.RetryAt, wanted)
	}
}

// A fault of ours that the taxpayer did not notice is repaired at once.
func TestInterruptedBeforeDialling(t *testing.T) {
	b := newBook(t, sampleFollowUp()).attempt(false, ResultInterrupted, "")
	if d := b.settle(); d.Pace != PaceAtOnce || !d.RetryAt.Equal(b.at.Add(-time.Second)) {
		t.Errorf("settled as %s at %s", d.Pace, d.RetryAt)
	}
}

// An outcome that was left unconfirmed and is corrected is settled anew, and
// its attempt is not counted a second time.
func TestCorrectedOutcomeIsSettledAnew(t *testing.T) {
	for outcome, want := range map[Outcome]Status{
		OutcomeDelivered: StatusClosed, OutcomeCutOff: StatusQueued, OutcomeWrongPerson: StatusHandedBack,
	} {
		b := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeUnconfirmed)
		b.settle()
		b.add(KindOutcomeCorrected, Details{Attempt: 1, Outcome: outcome, Via: "api"})
		b.settle()
		if b.state.Status != want || b.state.Counted != 1 || b.state.Outcome != outcome {
			t.Errorf("corrected to %s: %s, counted %d, outcome %s", outcome, b.state.Status, b.state.Counted, b.state.Outcome)
		}
	}
}

func TestSettleWithoutRule(t *testing.T) {
	b := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, "")
	if _, err := Settle(b.state, DefaultPolicy(), alwaysOpen{}, b.at, ActorSystem); err == nil {
		t.Error("an answered call without outcome was settled")
	}
}

// brokenClock is a calendar that cannot answer.
type brokenClock struct{ alwaysOpen }

func (brokenClock) Add(time.Time, time.Duration) (time.Time, bool, error) {
	return time.Time{}, false, errors.New("no calendar")
}

// An attempt must end even where the time of the next cannot be told; a person
// then decides.
func TestSettleWithoutCalendar(t *testing.T) {
	b := newBook(t, sampleFollowUp()).attempt(true, ResultBusy, "")
	e, err := Settle(b.state, DefaultPolicy(), brokenClock{}, b.at, ActorSystem)
	if err != nil {
		t.Fatal(err)
	}
	if e.Details.Next != NextHandBack || e.Details.Reason != ReasonNoCalendar || e.Details.RetryAt != nil {
		t.Errorf("settled as %+v, want handed back for %s", e.Details, ReasonNoCalendar)
	}
}
