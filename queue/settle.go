package queue

import (
	"fmt"
	"time"
)

// Reasons for which an attempt ends in a hand-back.
const (
	ReasonAttemptsExhausted = "attempts_exhausted"
	ReasonNoCalendar        = "no_calendar"  // the time of another attempt cannot be told
	ReasonNumberFails       = "number_fails" // attempts exhausted, at last by a trunk that carries other calls
)

// Settle decides what comes after the attempt that s has just ended: it looks
// the result and the outcome up in Rules and fits the time of another attempt
// to the policy and the calendar. s must be in wrap-up (or handed back and
// corrected) with its result known and, if answered, its outcome.
func Settle(s State, p Policy, wt WorkingTime, now time.Time, actor Actor) (Entry, error) {
	return settle(s, p, wt, now, actor, false)
}

// SettleBesideOthers is Settle where the trunk has carried calls to other numbers since
// the last time that it failed this one: then a failure counts, see
// [Rule.CountsBesideOthers].
func SettleBesideOthers(s State, p Policy, wt WorkingTime, now time.Time, actor Actor) (Entry, error) {
	return settle(s, p, wt, now, actor, true)
}

func settle(s State, p Policy, wt WorkingTime, now time.Time, actor Actor, besideOthers bool) (Entry, error) {
	rule, ok := RuleFor(s.Call.Result, s.Call.Outcome)
	if !ok {
		return Entry{}, fmt.Errorf("follow-up %s: no rule for result %q with outcome %q", s.FollowUp.ID, s.Call.Result, s.Call.Outcome)
	}
	dialled := !s.Call.TaxpayerDialingAt.IsZero() || s.Call.Manual
	d := Details{
		Attempt: s.Attempt, Result: s.Call.Result, Outcome: s.Call.Outcome,
		Next: rule.Next, Pace: rule.Pace, Counted: dialled && (rule.Counts || rule.CountsBesideOthers && besideOthers),
	}
	if !dialled && s.Call.Result == ResultInterrupted {
		d.Pace = PaceAtOnce // the taxpayer noticed nothing
	}
	counted := s.Counted
	if d.Counted && s.Status == StatusWrapUp {
		counted++
	}
	switch {
	case rule.Next == NextHandBack:
		d.Reason = string(s.Call.Result)
		if s.Call.Outcome != "" {
			d.Reason = string(s.Call.Outcome)
		}
	case rule.Next == NextRetry && d.Counted && counted >= p.MaxAttempts && d.Pace != PaceCallback:
		d.Next, d.Pace, d.Reason = NextHandBack, PaceNone, ReasonAttemptsExhausted
		if rule.CountsBesideOthers {
			d.Reason = ReasonNumberFails
		}
	case rule.Next == NextRetry:
		at, err := p.nextTry(s, wt, d.Pace, now, p.MaxAttempts-counted)
		if err != nil { // an attempt must end all the same
			d.Next, d.Pace, d.Reason = NextHandBack, PaceNone, ReasonNoCalendar
			break
		}
		at = at.UTC().Truncate(time.Millisecond)
		d.RetryAt = &at
	}
	return Entry{At: now, Actor: actor, Kind: KindAttemptSettled, Details: d}, nil
}

func (p Policy) nextTry(s State, wt WorkingTime, pace Pace, now time.Time, left int) (time.Time, error) {
	if pace != PaceCallback {
		return p.RetryAt(wt, pace, now, s.FollowUp.Deadline, left)
	}
	if s.Call.CallbackAt.IsZero() { // keypad: no time could be told
		return p.RetryAt(wt, PaceSpread, now, s.FollowUp.Deadline, left)
	}
	return wt.NextOpen(s.Call.CallbackAt), nil
}
