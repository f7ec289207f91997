package dispatch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sambung/daemon/journal"
	"sambung/queue"
)

// tellLeft writes into the ledger what this daemon, or an earlier run of it, saw
// of calls of its switch that it does not carry any more. It comes before anything
// is adopted: what was seen says what became of a call.
func (d *Dispatcher) tellLeft(ctx context.Context, switchName string) error {
	for _, kept := range d.Journal.Left(switchName) {
		if d.carries(kept.FollowUp) { // it tells that itself
			continue
		}
		d.Log.Info("telling what was seen and left", "follow_up", kept.FollowUp, "kind", kept.Entry.Kind, "at", kept.Entry.At)
		err := d.tellKept(ctx, kept, 0, func(ctx context.Context, c queue.Change) error {
			_, err := d.append(ctx, c)
			return err
		})
		if err != nil {
			return fmt.Errorf("telling what was seen and left of follow-up %s: %w", kept.FollowUp, err)
		}
	}
	return nil
}

// Late tells what this daemon saw of the calls of a switch that is another's now.
// A record waits until its attempt is settled: then it moves nothing any more,
// and the present owner alone says what becomes of the call.
type Late struct {
	Queue   queue.Queue
	Journal *journal.Journal
	Log     *slog.Logger
}

// errTooEarly means that the present owner still has the attempt in hand.
var errTooEarly = errors.New("the attempt is not settled yet")

// Tell writes what can be written now. What cannot stays in the journal.
func (l Late) Tell(ctx context.Context, switchName string) {
	for _, kept := range l.Journal.Left(switchName) {
		err := tellOnce(ctx, l.Queue, kept, func(ctx context.Context, c queue.Change) error {
			entry := c.Decide
			c.Decide = func(s queue.State) ([]queue.Entry, error) {
				if s.Status.Reserved() && s.Attempt == kept.Entry.Details.Attempt {
					return nil, errTooEarly
				}
				return entry(s)
			}
			_, err := l.Queue.Append(ctx, c)
			return err
		})
		switch {
		case err == nil || final(err):
			forget(l.Journal, kept, err, l.Log)
		case !errors.Is(err, errTooEarly):
			l.Log.Warn("what was seen of a call stays in the journal", "follow_up", kept.FollowUp, "kind", kept.Entry.Kind, "error", err)
			return
		}
	}
}

// tellKept tells a record until the ledger has it, or refuses it for good, and
// takes it off the journal. It gives up when ctx ends or the switch is lost. A
// follow-up that the ledger does not know is waited for as long as patience.
func (d *Dispatcher) tellKept(ctx context.Context, kept journal.Kept, patience time.Duration, write func(context.Context, queue.Change) error) error {
	began := d.Now()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := tellOnce(ctx, d.Queue, kept, write)
		switch {
		case errors.Is(err, queue.ErrFenced):
			return err
		case errors.Is(err, queue.ErrNotFound) && d.Now().Sub(began) < patience:
		case err == nil || final(err):
			forget(d.Journal, kept, err, d.Log)
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(jitter(wait)):
		}
	}
}

// tellOnce writes a record, unless the history has it: a try before may have been
// carried out although its reply was lost.
func tellOnce(ctx context.Context, q queue.Queue, kept journal.Kept, write func(context.Context, queue.Change) error) error {
	history, err := q.History(ctx, kept.FollowUp)
	if err != nil || told(history, kept.Entry) {
		return err
	}
	return write(ctx, queue.Change{ID: kept.FollowUp, Decide: fixed(kept.Entry)})
}

// told reports whether a history has an entry: the same, or another of its kind
// that stands for it, see standsFor.
func told(history []queue.Activity, e queue.Entry) bool {
	want, err := queue.Chain("", 0, "", e)
	if err != nil {
		return false
	}
	for _, a := range history {
		if a.Kind != e.Kind {
			continue
		}
		d, err := a.Decode()
		if err == nil && d.Attempt == e.Details.Attempt && standsFor(a, want) {
			return true
		}
	}
	return false
}

// standsFor reports whether one activity of an attempt makes another of its kind
// superfluous. Of what there is once in an attempt, a later owner of the switch saw
// the other; of outcomes, which are corrected, the last one counts.
func standsFor(a, want queue.Activity) bool {
	switch want.Kind {
	case queue.KindRecordingMuted, queue.KindRecordingUnmuted:
		return a.At.Equal(want.At) && bytes.Equal(a.Details, want.Details)
	case queue.KindOutcomeConfirmed:
		return !a.At.Before(want.At)
	}
	return true
}

// forget takes a record off the journal; refused is why the ledger will never have it.
func forget(j *journal.Journal, kept journal.Kept, refused error, log *slog.Logger) {
	if refused != nil {
		log.Error("the ledger refuses what was seen of a call", "follow_up", kept.FollowUp, "kind", kept.Entry.Kind, "at", kept.Entry.At, "error", refused)
	}
	if kept.Number == 0 { // the journal could not be written then
		return
	}
	if err := j.Told(kept.Number); err != nil {
		log.Error("the journal cannot be written", "error", err)
	}
}

// final reports whether the ledger will never take what it was given.
func final(err error) bool {
	return errors.Is(err, queue.ErrFenced) || errors.Is(err, queue.ErrRefused) || errors.Is(err, queue.ErrNotFound)
}
