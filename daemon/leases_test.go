package daemon

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sambung/daemon/epoch"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/storage/spool"
)

// TestReadyOnlyWhileTheLedgerTakesWrites: a master without its replicas answers, and
// takes none.
func TestReadyOnlyWhileTheLedgerTakesWrites(t *testing.T) {
	server := realservers.Redis(t, realservers.RedisConfig("min-replicas-to-write", "1"))
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{server.Addr}, Site: "t"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	disk, err := spool.Open(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	a := &App{queue: q, leases: &leases{Leases: q}, epoch: &epoch.Keeper{}, spool: disk}
	if err := a.ready(t.Context()); err != nil {
		t.Fatalf("before anything was written: %v", err)
	}
	if _, err := a.leases.Acquire(t.Context(), "pbx1", "a", time.Second); err == nil {
		t.Fatal("a master without replicas gave a lease")
	}
	if err := a.ready(t.Context()); err == nil || !strings.Contains(err.Error(), "NOREPLICAS") || !strings.Contains(err.Error(), "min-replicas-to-write asks for; bring one back") {
		t.Errorf("ready says %v", err)
	}
	if err := server.Configure(t.Context(), "min-replicas-to-write", "0"); err != nil {
		t.Fatal(err)
	}
	lease, err := a.leases.Acquire(t.Context(), "pbx1", "a", time.Minute)
	if err != nil || a.ready(t.Context()) != nil {
		t.Fatalf("%v; once it takes writes again, ready says %v", err, a.ready(t.Context()))
	}
	if err := server.Configure(t.Context(), "min-replicas-to-write", "1"); err != nil {
		t.Fatal(err)
	}
	if err := a.leases.Renew(t.Context(), lease, time.Minute); err == nil || a.ready(t.Context()) == nil {
		t.Error("the owner's lease is not renewed, and it is ready")
	}
	if _, err := a.leases.Acquire(t.Context(), "pbx1", "b", time.Minute); err == nil || a.ready(t.Context()) != nil {
		t.Error("a daemon that stands by for a living owner is not ready")
	}
}

// failing is a ledger that answers with an error.
type failing struct {
	queue.Leases
	err error
}

func (f failing) Renew(context.Context, queue.Lease, time.Duration) error { return f.err }

// TestWhatSaysNothingAboutTheLedger leaves what was known of it.
func TestWhatSaysNothingAboutTheLedger(t *testing.T) {
	misconfigured := errors.New("MISCONF Redis is configured to save to disk, and cannot")
	ended, end := context.WithCancel(t.Context())
	end()
	for _, known := range []error{nil, misconfigured} {
		l := &leases{}
		for _, c := range []struct {
			ctx context.Context
			err error
		}{{t.Context(), known}, {t.Context(), queue.ErrFenced}, {ended, context.Canceled}} {
			l.Leases = failing{err: c.err}
			if err := l.Renew(c.ctx, queue.Lease{}, time.Second); !errors.Is(err, c.err) {
				t.Errorf("%v was passed on as %v", c.err, err)
			}
		}
		if got := l.refused(); !errors.Is(got, known) || (known == nil) != (got == nil) {
			t.Errorf("%v became %v", known, got)
		}
	}
}
