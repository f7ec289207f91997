// Package epoch notices a ledger that was set back: a Redis that came up with
// an old backup, or empty, knows nothing of the calls made since, and would
// have taxpayers rung again.
//
// A number is kept in the ledger and grows there with every start of a daemon
// and every five minutes; each is then marked in the archive by an object of its own,
// which nobody can take back. So the archive never has a mark beyond the
// ledger's number, unless the ledger is older than the archive.
package epoch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"sambung/storage"
)

// Ledger keeps the number.
type Ledger interface {
	Epoch(ctx context.Context) (int64, error)
	RaiseEpoch(ctx context.Context) (int64, error)
}

// ErrSetBack means that the ledger is older than the archive. Nothing may be
// dialled: what is missing in it may have been done.
var ErrSetBack = errors.New("the ledger is older than the archive: it was restored from a backup, or is a new one beside an old bucket. " +
	"Taxpayers may have been rung of whom it knows nothing. Restore the latest append-only file of Redis if there is one; then, or without one, stop every daemon and run: sambung reindex")

const (
	// raiseEvery bounds what a restored backup can hide: what is older than that
	// lacks a number.
	raiseEvery = 5 * time.Minute
	checkEvery = 30 * time.Second
	askLimit   = 10 * time.Second
	// ahead is how many marks beyond the ledger's number are looked for: daemons
	// that died between number and mark leave a hole.
	ahead = 16
)

// Mark is the key of a number's object.
func Mark(n int64) string { return fmt.Sprintf(marks+"%012d", n) }

const marks = "epoch/"

// Check compares the two. The error is ErrSetBack, or why one could not be asked.
func Check(ctx context.Context, l Ledger, a storage.Archive) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	n, err := l.Epoch(ctx)
	if err != nil {
		return fmt.Errorf("epoch of the ledger: %w", err)
	}
	beyond, err := beyond(ctx, a, n)
	if err != nil || beyond == 0 {
		return err
	}
	// Another daemon may have raised it between the two looks.
	if n, err = l.Epoch(ctx); err != nil {
		return fmt.Errorf("epoch of the ledger: %w", err)
	}
	if n >= beyond {
		return nil
	}
	return fmt.Errorf("%w (epoch %d, the archive has seen %d)", ErrSetBack, n, beyond)
}

// beyond is the first mark beyond a number, 0 if there is none.
func beyond(ctx context.Context, a storage.Archive, n int64) (int64, error) {
	for next := n + 1; next <= n+ahead; next++ {
		_, err := a.Stat(ctx, Mark(next))
		if err == nil {
			return next, nil
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return 0, fmt.Errorf("epoch of the archive: %w", err)
		}
	}
	return 0, nil
}

// raise gives the ledger a new number, and marks it. While the present number has
// no mark, that one comes first: an archive that is full for an evening would leave
// a hole in which a backup of that evening is not noticed.
func raise(ctx context.Context, l Ledger, a storage.Archive) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	n, err := l.Epoch(ctx)
	if err != nil {
		return fmt.Errorf("epoch of the ledger: %w", err)
	}
	if n > 0 {
		if err := mark(ctx, a, n); err != nil {
			return err
		}
	}
	if n, err = l.RaiseEpoch(ctx); err != nil {
		return fmt.Errorf("raising the epoch of the ledger: %w", err)
	}
	return mark(ctx, a, n)
}

// mark marks a number in the archive; one that is marked stays so.
func mark(ctx context.Context, a storage.Archive, n int64) error {
	text := fmt.Appendf(nil, "%d\n", n)
	sum := sha256.Sum256(text)
	o := storage.Object{Key: Mark(n), Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:]), ContentType: "text/plain"}
	if _, err := a.Put(ctx, o, bytes.NewReader(text)); err != nil {
		return fmt.Errorf("marking epoch %d in the archive: %w", n, err)
	}
	return nil
}

// Keeper watches over both while a daemon runs. Make it with Open.
type Keeper struct {
	ledger  Ledger
	archive storage.Archive
	log     *slog.Logger
	setBack atomic.Pointer[error]
}

// Open checks, and raises the number for this run.
func Open(ctx context.Context, l Ledger, a storage.Archive, log *slog.Logger) (*Keeper, error) {
	if err := Check(ctx, l, a); err != nil {
		return nil, err
	}
	return &Keeper{ledger: l, archive: a, log: log}, raise(ctx, l, a)
}

// Run raises the number every five minutes and looks whether the ledger was set back,
// until ctx ends. What cannot be asked is asked again.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for raised := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := k.look(ctx)
		if err == nil && time.Since(raised) >= raiseEvery {
			if err = raise(ctx, k.ledger, k.archive); err == nil {
				raised = time.Now()
			}
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, ErrSetBack) {
			k.log.Warn("the epoch cannot be looked after; trying again", "error", err)
		}
	}
}

// look remembers a ledger that was set back, for good: it does not get better
// by itself, and another number would only hide it.
func (k *Keeper) look(ctx context.Context) error {
	if err := k.MayDial(); err != nil {
		return err
	}
	err := Check(ctx, k.ledger, k.archive)
	if errors.Is(err, ErrSetBack) {
		k.setBack.Store(&err)
		k.log.Error("nothing is dialled any more", "error", err)
	}
	return err
}

// MayDial says why no call may be begun, or nil.
func (k *Keeper) MayDial() error {
	if err := k.setBack.Load(); err != nil {
		return *err
	}
	return nil
}

// Highest is the highest number that the archive has a mark of; 0 if it has none.
func Highest(ctx context.Context, a storage.Archive) (int64, error) {
	highest := int64(0)
	for o, err := range a.List(ctx, marks) {
		if err != nil {
			return 0, fmt.Errorf("epochs of the archive: %w", err)
		}
		if n, err := strconv.ParseInt(strings.TrimPrefix(o.Key, marks), 10, 64); err == nil {
			highest = max(highest, n)
		}
	}
	return highest, nil
}
