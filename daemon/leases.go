package daemon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"sambung/queue"
)

// leases passes on what is asked about leases, and remembers whether the ledger took the
// last of them. A lease is written three times in its life, by whoever owns the
// switch or would, so a ledger that answers and takes no writes is noticed by every
// daemon when a lease has run out, though nobody is being called.
type leases struct {
	queue.Leases
	last atomic.Pointer[error]
}

// Acquire implements queue.Leases.
func (l *leases) Acquire(ctx context.Context, switchName, owner string, ttl time.Duration) (queue.Lease, error) {
	lease, err := l.Leases.Acquire(ctx, switchName, owner, ttl)
	return lease, l.note(ctx, err)
}

// Renew implements queue.Leases.
func (l *leases) Renew(ctx context.Context, lease queue.Lease, ttl time.Duration) error {
	return l.note(ctx, l.Leases.Renew(ctx, lease, ttl))
}

func (l *leases) note(ctx context.Context, err error) error {
	held := (*queue.LeaseHeldError)(nil)
	switch {
	case err == nil, errors.As(err, &held): // held: its owner wrote it, not long ago
		l.last.Store(nil)
	case errors.Is(err, queue.ErrFenced), ctx.Err() != nil:
		// says nothing about the ledger
	default:
		l.last.Store(&err)
	}
	return err
}

// refused says why the ledger takes no writes, or nil.
func (l *leases) refused() error {
	last := l.last.Load()
	switch {
	case last == nil:
		return nil
	case strings.Contains((*last).Error(), "NOREPLICAS"):
		return fmt.Errorf("the ledger takes no writes: the master misses the replicas that min-replicas-to-write asks for; bring one back: %w", *last)
	}
	return fmt.Errorf("the ledger takes no writes; see what the server says: %w", *last)
}
