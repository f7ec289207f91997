package dispatch

import (
	"sync"
	"time"

	"sambung/queue"
)

// breaker holds all dialling over a trunk that failed: closed it lets calls
// through; after a failure it waits, then lets one call try; each failure in a
// row doubles the wait.
type breaker struct {
	first, longest time.Duration

	mu     sync.Mutex
	hold   time.Duration // mu; present wait, 0 when the trunk is well
	until  time.Time     // mu; no call before
	failed time.Time     // mu; when the trunk failed last
}

func newBreaker(first, longest time.Duration) *breaker {
	return &breaker{first: first, longest: max(first, longest)}
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

// report learns from how a call ended that began at a moment. Of those that were
// under way when the trunk failed, no failure is another in a row, and what was
// dialled before does not say that it is well again.
func (b *breaker) report(now, began time.Time, c queue.Call) {
	dialled := c.TaxpayerDialingAt
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case c.Result == queue.ResultTrunkFailure, c.Result == queue.ResultInterrupted && dialled.IsZero():
		if b.hold > 0 && began.Before(b.failed) {
			return
		}
		b.hold = min(max(b.first, 2*b.hold), b.longest)
		b.until, b.failed = now.Add(b.hold), now
	case c.Result == queue.ResultAgentNoAnswer, c.Result == queue.ResultUnknown, c.Result == queue.ResultInterrupted:
		// says nothing about the trunk
	case !dialled.Before(b.failed):
		b.hold = 0
	}
}
