package dispatch

import (
	"maps"
	"sync"
	"time"

	"sambung/queue"
)

// breaker holds all dialling over a trunk that failed: closed it lets calls
// through; after a failure it waits, then lets one call try; each failure in a
// row doubles the wait. A number that fails while others are carried holds nothing.
type breaker struct {
	first, longest time.Duration

	mu     sync.Mutex
	hold   time.Duration // mu; present wait, 0 when the trunk is well
	until  time.Time     // mu; no call before
	failed time.Time     // mu; when the trunk failed last
	// carried is when a call was dialled that the trunk carried, the last, and failures
	// when it failed a number last that was not carried since. mu.
	carried  time.Time
	failures map[string]time.Time
}

// suspicion is how long a failure of a number is kept in mind.
const suspicion = 24 * time.Hour

func newBreaker(first, longest time.Duration) *breaker {
	return &breaker{first: first, longest: max(first, longest), failures: make(map[string]time.Time)}
}

// allow reports whether a call may start now.
func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hold == 0 || !now.Before(b.until)
}

// started notes that a call has started: while the trunk is not known to be
// well, one call per hold is let through to try it.
func (b *breaker) started(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.until = now.Add(b.hold)
}

// carriesOthersThan reports whether the trunk has carried a call to another number
// since the last time that it failed this one.
func (b *breaker) carriesOthersThan(number string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.besideOthers(number)
}

func (b *breaker) besideOthers(number string) bool { // holds mu
	failed, ok := b.failures[number]
	return ok && b.carried.After(failed)
}

// report learns from how an attempt was settled that began at a moment. Of those that
// were under way when the trunk failed, no failure is another in a row, and what was
// dialled before does not say that it is well again.
func (b *breaker) report(now, began time.Time, s queue.State) {
	number, dialled := s.FollowUp.Taxpayer.Phone, s.Call.TaxpayerDialingAt
	b.mu.Lock()
	defer b.mu.Unlock()
	switch r := s.Call.Result; {
	case r == queue.ResultTrunkFailure, r == queue.ResultInterrupted && dialled.IsZero():
		ofNumber := !dialled.IsZero() && b.besideOthers(number)
		if !dialled.IsZero() {
			b.suspect(now, number, s.Status)
		}
		if ofNumber || b.hold > 0 && began.Before(b.failed) {
			return
		}
		b.hold = min(max(b.first, 2*b.hold), b.longest)
		b.until, b.failed = now.Add(b.hold), now
	case r == queue.ResultAgentNoAnswer, r == queue.ResultUnknown, r == queue.ResultInterrupted, dialled.IsZero():
		// says nothing about the trunk
	default:
		b.carry(dialled, number)
	}
}

// suspect keeps in mind that a number failed, while its follow-up is tried again.
func (b *breaker) suspect(now time.Time, number string, status queue.Status) { // holds mu
	if status == queue.StatusQueued {
		b.failures[number] = now
	} else {
		delete(b.failures, number)
	}
	maps.DeleteFunc(b.failures, func(_ string, at time.Time) bool { return now.Sub(at) > suspicion })
}

// carry notes that the trunk carried a call.
func (b *breaker) carry(dialled time.Time, number string) { // holds mu
	delete(b.failures, number)
	if dialled.After(b.carried) {
		b.carried = dialled
	}
	if !dialled.Before(b.failed) {
		b.hold = 0
	}
}
