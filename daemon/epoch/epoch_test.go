package epoch_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sambung/daemon/epoch"
	"sambung/storage/storagetest"
)

// ledger is a number that can be set back.
type ledger struct {
	mu   sync.Mutex
	n    int64
	fail error
}

func (l *ledger) Epoch(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n, l.fail
}

func (l *ledger) RaiseEpoch(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail == nil {
		l.n++
	}
	return l.n, l.fail
}

func (l *ledger) set(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n = n
}

func open(t *testing.T, l *ledger, a *storagetest.Memory) (*epoch.Keeper, error) {
	t.Helper()
	return epoch.Open(t.Context(), l, a, slog.New(slog.DiscardHandler))
}

// TestSetBack: a ledger that was restored, or is empty, beside an archive that
// has seen more, is refused; one that is ahead or new is not.
func TestSetBack(t *testing.T) {
	l, a := &ledger{}, storagetest.NewMemory(time.Now)
	for range 5 {
		if _, err := open(t, l, a); err != nil {
			t.Fatal(err)
		}
	}
	for n, refused := range map[int64]bool{0: true, 1: true, 4: true, 5: false, 6: false, 100: false} {
		l.set(n)
		if err := epoch.Check(t.Context(), l, a); errors.Is(err, epoch.ErrSetBack) != refused {
			t.Errorf("ledger at %d of 5: %v", n, err)
		}
	}
	l.set(3)
	if _, err := open(t, l, a); !errors.Is(err, epoch.ErrSetBack) {
		t.Errorf("opened: %v", err)
	}
	if n, _ := l.Epoch(t.Context()); n != 3 {
		t.Errorf("a ledger that was refused was raised to %d: the next check would not notice", n)
	}
}

// TestHole: daemons died between the number and its mark.
func TestHole(t *testing.T) {
	l, a := &ledger{}, storagetest.NewMemory(time.Now)
	for range 6 {
		if _, err := open(t, l, a); err != nil {
			t.Fatal(err)
		}
	}
	for n := range int64(5) {
		a.Lose(epoch.Mark(n + 1))
	}
	l.set(0)
	if err := epoch.Check(t.Context(), l, a); !errors.Is(err, epoch.ErrSetBack) {
		t.Errorf("behind a hole of five: %v", err)
	}
}

// TestFullArchive: an archive that answers and takes nothing, for however long and
// however often a daemon is started again, leaves no hole in which a backup of that
// time would not be noticed.
func TestFullArchive(t *testing.T) {
	l, a := &ledger{}, storagetest.NewFaulty(storagetest.NewMemory(time.Now))
	start := func() error {
		_, err := epoch.Open(t.Context(), l, a, slog.New(slog.DiscardHandler))
		return err
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	a.Arm(storagetest.Fault{Op: storagetest.OpPut, Before: errors.New("no room left")})
	for range 100 {
		if err := start(); err == nil {
			t.Fatal("started without a mark")
		}
	}
	backup, _ := l.Epoch(t.Context())
	for range 100 {
		_ = start()
	}
	a.Disarm()
	if err := start(); err != nil {
		t.Fatal(err)
	}
	l.set(backup)
	if err := epoch.Check(t.Context(), l, a); !errors.Is(err, epoch.ErrSetBack) {
		t.Errorf("a backup at epoch %d of that evening: %v", backup, err)
	}
}

// TestRaisedBetween: another daemon starts between the two looks.
func TestRaisedBetween(t *testing.T) {
	l, a := &ledger{}, storagetest.NewMemory(time.Now)
	if _, err := open(t, l, a); err != nil {
		t.Fatal(err)
	}
	stale := &staleOnce{ledger: l}
	if err := epoch.Check(t.Context(), stale, a); err != nil || stale.asked != 2 {
		t.Errorf("%v after %d looks", err, stale.asked)
	}
}

// staleOnce says at first what was true before the last raise.
type staleOnce struct {
	*ledger
	asked int
}

func (s *staleOnce) Epoch(ctx context.Context) (int64, error) {
	n, err := s.ledger.Epoch(ctx)
	if s.asked++; s.asked == 1 {
		n--
	}
	return n, err
}

// TestWatch: a ledger that is set back while the daemon runs stops the dialling
// for good, and a trouble with asking does not.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, a := &ledger{}, storagetest.NewMemory(time.Now)
		k, err := open(t, l, a)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { k.Run(ctx) })
		defer func() { cancel(); running.Wait() }()
		time.Sleep(13 * time.Minute)
		if n, _ := l.Epoch(ctx); n != 3 || k.MayDial() != nil {
			t.Errorf("after thirteen minutes the epoch is %d, may dial: %v", n, k.MayDial())
		}
		l.mu.Lock()
		l.fail = errors.New("away")
		l.mu.Unlock()
		time.Sleep(time.Minute)
		if err := k.MayDial(); err != nil {
			t.Errorf("a ledger that is away: %v", err)
		}
		l.mu.Lock()
		l.fail, l.n = nil, 2
		l.mu.Unlock()
		time.Sleep(time.Minute)
		if err := k.MayDial(); !errors.Is(err, epoch.ErrSetBack) {
			t.Errorf("a ledger that was set back: %v", err)
		}
		l.set(50)
		time.Sleep(2 * time.Hour)
		if err := k.MayDial(); !errors.Is(err, epoch.ErrSetBack) {
			t.Errorf("it got better by itself: %v", err)
		}
	})
}
