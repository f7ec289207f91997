package ownership_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/daemon/ownership"
	"sambung/queue"
	"sambung/queue/redisqueue"
)

const ttl = 3 * time.Second

func open(t *testing.T) (*miniredis.Miniredis, *redisqueue.Queue) {
	t.Helper()
	m := miniredis.RunT(t)
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{m.Addr()}, Site: "t", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return m, q
}

func acquire(t *testing.T, q *redisqueue.Queue, owner string) *ownership.Keeper {
	t.Helper()
	k, err := ownership.Acquire(t.Context(), q, "pbx1", owner, ttl, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestSleeper: who slept past the lease while another had the switch has lost
// it for good, even once the other has given it up.
func TestSleeper(t *testing.T) {
	m, q := open(t)
	m.SetTime(time.Now())
	sleeper := acquire(t, q, "a")
	m.SetTime(time.Now().Add(2 * ttl))
	other := acquire(t, q, "b")
	lease, err := other.Lease()
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Surrender(t.Context(), lease); err != nil {
		t.Fatal(err)
	}
	if err := sleeper.Confirm(t.Context()); !errors.Is(err, queue.ErrFenced) {
		t.Errorf("the sleeper was let go on: %v", err)
	}
	select {
	case <-sleeper.Lost():
	default:
		t.Error("the loss was not told")
	}
	if _, err := sleeper.Lease(); !errors.Is(err, queue.ErrFenced) {
		t.Errorf("a lost lease was given out: %v", err)
	}
}

// TestLedgerWasAway: a lease that ran out while nobody else wanted it is taken
// again, and work goes on.
func TestLedgerWasAway(t *testing.T) {
	m, q := open(t)
	m.SetTime(time.Now())
	k := acquire(t, q, "a")
	m.SetTime(time.Now().Add(2 * ttl))
	if err := k.Confirm(t.Context()); err != nil {
		t.Fatalf("a lease that nobody took: %v", err)
	}
	lease, err := k.Lease()
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Renew(t.Context(), lease, ttl); err != nil {
		t.Errorf("the lease that is held now: %v", err)
	}
}

// TestRunGivesUp: a keeper that stops lets the next owner in at once.
func TestRunGivesUp(t *testing.T) {
	_, q := open(t)
	k := acquire(t, q, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Acquire(t.Context(), "pbx1", "b", ttl); err != nil {
		t.Errorf("the switch was not given up: %v", err)
	}
}
