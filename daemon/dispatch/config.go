package dispatch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"sambung/daemon/journal"
	"sambung/daemon/reconcile"
	"sambung/queue"
	"sambung/telephony"
)

// Config is what a Dispatcher is told.
type Config struct {
	// Calls holds the times of a call; ID, Agent, Number, OutcomeKeys and
	// Commands are filled in for each.
	Calls telephony.Request
	// MaxCalls is how many calls the switch carries at once.
	MaxCalls int
	// Policy and Calendar decide what comes after an attempt.
	Policy   queue.Policy
	Calendar queue.WorkingTime
	// Poll is how often work is looked for when no event wakes the dispatcher.
	Poll time.Duration
	// TrunkHold is the first pause of all dialling after the trunk failed; it
	// doubles with each failure in a row, up to TrunkHoldMax.
	TrunkHold    time.Duration
	TrunkHoldMax time.Duration
	// Drain is how long live calls may go on after Run's context has ended.
	Drain time.Duration
	// Trial is how often a recording is tried while all is well; 0: 5 minutes.
	Trial time.Duration
}

// Owner tells under which lease the switch is held now.
type Owner interface {
	// Lease returns the present lease, or queue.ErrFenced once the switch is lost.
	Lease() (queue.Lease, error)
	// Confirm renews the lease, or returns queue.ErrFenced when the switch is lost.
	Confirm(ctx context.Context) error
	// Lost is closed when the switch is lost to another owner.
	Lost() <-chan struct{}
}

// Deps is what a Dispatcher works with.
type Deps struct {
	Queue  queue.Queue
	Switch telephony.Switch
	Owner  Owner
	// Journal keeps what is seen while the ledger does not take it.
	Journal *journal.Journal
	// Trust may be nil where the ledger's server never changes.
	Trust Trust
	// MayBegin says why no new call may be begun now, or nil.
	MayBegin func() error
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *Metrics
	// Reconciled counts the differences that were settled.
	Reconciled *reconcile.Metrics
}

// outcomeKeys are the telephone keys of the table of outcomes.
func outcomeKeys() string {
	var keys strings.Builder
	for _, r := range queue.Rules() {
		keys.WriteString(r.Key)
	}
	return keys.String()
}

// jitter spreads d by a fifth either way, so that daemons do not act in step.
func jitter(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()-0.5)*0.4*float64(d))
}
