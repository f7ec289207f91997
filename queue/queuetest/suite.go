// Package queuetest is the conformance suite of queue.Queue: what its contract
// promises, asserted on every store.
package queuetest

import (
	"testing"
	"time"

	"sambung/queue"
)

// Start is when the suite's days begin.
var Start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.FixedZone("WIB", 7*3600))

// Run runs the suite; open gives an empty queue to each test.
func Run(t *testing.T, open func(testing.TB) queue.Queue) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"enqueue", (*bench).enqueue},
		{"duplicates and idempotency keys", (*bench).duplicates},
		{"earliest deadline first", (*bench).order},
		{"designated agents", (*bench).designated},
		{"an unrequested opinion waits for its agent", (*bench).routeC},
		{"agent and number are exclusive", (*bench).exclusive},
		{"concurrent claims", (*bench).concurrent},
		{"a whole life", (*bench).life},
		{"retry", (*bench).retry},
		{"hand back, edit, requeue, cancel", (*bench).handBack},
		{"unconfirmed is corrected", (*bench).correction},
		{"late observations", (*bench).late},
		{"refused changes leave nothing", (*bench).refused},
		{"appends contend", (*bench).contention},
		{"a state that is known", (*bench).known},
		{"fences", (*bench).fences},
		{"leases", (*bench).leases},
		{"release", (*bench).release},
		{"evidence", (*bench).evidence},
		{"agents", (*bench).agentRecords},
		{"events", (*bench).events},
		{"find", (*bench).find},
		{"sealed dossiers", (*bench).dossiers},
		{"one that is due is designated", (*bench).dueDesignated},
		{"one that is due is cancelled", (*bench).dueCancelled},
		{"one that is due is edited", (*bench).dueEdited},
		{"a free number behind many in a call", (*bench).lookAhead},
		{"equal deadlines", (*bench).ties},
		{"a lease that ran out", (*bench).expired},
		{"a switch is taken back", (*bench).reacquired},
		{"an agent of another switch", (*bench).otherSwitch},
		{"text", (*bench).text},
		{"nothing to write", (*bench).nothing},
		{"agents stand in line", (*bench).line},
		{"events of agents", (*bench).agentEvents},
		{"events wait", (*bench).quiet},
		{"find what is under way", (*bench).findBusy},
		{"users", (*bench).userRecords},
		{"passwords", (*bench).passwords},
		{"sessions", (*bench).sessions},
		{"sessions end with their user", (*bench).sessionsEnd},
		{"too many sessions", (*bench).manySessions},
		{"attempts", (*bench).attempts},
		{"attempts at once", (*bench).attemptsAtOnce},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &bench{T: t, q: open(t), ctx: t.Context(), now: Start}
			c.test(b)
			CheckConsistent(t, b.q)
		})
	}
}
