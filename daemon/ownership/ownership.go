// Package ownership holds the lease of one switch for as long as this daemon
// serves it. The lease is renewed three times in its lifetime. When the ledger
// was away and the lease ran out meanwhile, it is taken again, and work goes on
// only if nobody owned the switch in between: its fence tells.
package ownership

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"sambung/queue"
)

// Keeper holds one lease. Make it with Acquire.
type Keeper struct {
	leases queue.Leases
	ttl    time.Duration
	log    *slog.Logger
	lost   chan struct{}

	renewing sync.Mutex // one renewal at a time

	mu    sync.Mutex
	lease queue.Lease // mu
	gone  bool        // mu
}

// Acquire waits until the switch is free, or ctx ends, and takes it.
func Acquire(ctx context.Context, leases queue.Leases, switchName, owner string, ttl time.Duration, log *slog.Logger) (*Keeper, error) {
	told := ""
	for {
		lease, err := leases.Acquire(ctx, switchName, owner, ttl)
		if err == nil {
			log.Info("switch acquired", "fence", lease.Fence)
			return &Keeper{leases: leases, ttl: ttl, log: log, lease: lease, lost: make(chan struct{})}, nil
		}
		wait := ttl / 3
		if held := (*queue.LeaseHeldError)(nil); errors.As(err, &held) {
			wait = min(wait, held.Remaining+10*time.Millisecond)
			if told != held.Owner {
				log.Info("standing by", "owner", held.Owner)
				told = held.Owner
			}
		} else if ctx.Err() == nil {
			log.Warn("the lease of the switch cannot be asked for", "error", err)
		}
		if err := pause(ctx, wait); err != nil {
			return nil, fmt.Errorf("waiting for switch %s: %w", switchName, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d + time.Duration(rand.Int64N(int64(d/10)+1)))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Lease returns the present lease, or queue.ErrFenced once the switch is lost.
func (k *Keeper) Lease() (queue.Lease, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gone {
		return queue.Lease{}, queue.ErrFenced
	}
	return k.lease, nil
}

// Lost is closed when the switch is lost to another owner.
func (k *Keeper) Lost() <-chan struct{} { return k.lost }

// Run renews the lease until ctx ends, then gives it up. It returns
// queue.ErrFenced when the switch was lost.
func (k *Keeper) Run(ctx context.Context) error {
	for pause(ctx, k.ttl/3) == nil {
		if err := k.renew(ctx); errors.Is(err, queue.ErrFenced) {
			k.giveUp()
			return err
		} else if err != nil && ctx.Err() == nil {
			k.log.Warn("the lease was not renewed; trying again", "error", err)
		}
	}
	k.surrender(context.WithoutCancel(ctx))
	return nil
}

// Confirm asks the ledger whether the switch is still ours, or returns
// queue.ErrFenced: asked before anything that would take it from another owner.
func (k *Keeper) Confirm(ctx context.Context) error {
	err := k.renew(ctx)
	if errors.Is(err, queue.ErrFenced) {
		k.giveUp()
	}
	return err
}

// GiveUp declares the switch lost: its telephone told so before the ledger did.
func (k *Keeper) GiveUp() { k.giveUp() }

func (k *Keeper) giveUp() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.gone {
		k.gone = true
		close(k.lost)
	}
}

func (k *Keeper) surrender(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, k.ttl)
	defer cancel()
	lease, err := k.Lease()
	if err == nil {
		err = k.leases.Surrender(ctx, lease)
	}
	if err != nil && !errors.Is(err, queue.ErrFenced) {
		k.log.Warn("the lease was not given up; it runs out by itself", "error", err)
	}
}

// renew extends the lease; one that ran out is taken again if nobody had it since.
func (k *Keeper) renew(ctx context.Context) error {
	k.renewing.Lock()
	defer k.renewing.Unlock()
	lease, err := k.Lease()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, k.ttl/3)
	defer cancel()
	err = k.leases.Renew(ctx, lease, k.ttl)
	if !errors.Is(err, queue.ErrFenced) {
		return err
	}
	again, err := k.leases.Acquire(ctx, lease.Switch, lease.Owner, k.ttl)
	if err != nil {
		if held := (*queue.LeaseHeldError)(nil); errors.As(err, &held) {
			return fmt.Errorf("%w: %w", queue.ErrFenced, err)
		}
		return err
	}
	if again.Fence != lease.Fence+1 {
		// Somebody had it in between, or an earlier run of the same name woke
		// up: its calls are not ours any more. Start anew.
		_ = k.leases.Surrender(ctx, again)
		return fmt.Errorf("%w: it had another owner while this one was away", queue.ErrFenced)
	}
	k.mu.Lock()
	k.lease = again
	k.mu.Unlock()
	k.log.Warn("the lease ran out and was taken again; nobody had it in between", "fence", again.Fence)
	return nil
}
