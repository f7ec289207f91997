package redisqueue

import (
	"context"
	"errors"
	"fmt"

	"sambung/queue"
)

// Enqueue writes a new follow-up, see queue.Ledger.
func (q *Queue) Enqueue(ctx context.Context, e queue.Enqueue) (queue.State, bool, error) {
	f := e.FollowUp
	entries := []queue.Entry{{At: f.EnteredAt, Actor: e.Actor, Kind: queue.KindReceived, Details: queue.Details{FollowUp: &f}}}
	if f.Provisional {
		entries = append(entries, queue.Entry{
			At: f.EnteredAt, Actor: queue.ActorSystem, Kind: queue.KindDeadlineProvisional,
			Details: queue.Details{Reason: "the deadline rests on holidays that are not final"},
		})
	}
	w, err := prepare(queue.State{}, f.ID, entries)
	if err != nil {
		return queue.State{}, false, err
	}
	w.idem, w.unlessOpen = e, !e.AllowDuplicate
	reply, err := q.commit(ctx, w)
	switch {
	case errors.Is(err, errConflict):
		return queue.State{}, false, fmt.Errorf("follow-up %s exists already; want an id that was never used", f.ID)
	case err != nil:
		return queue.State{}, false, err
	case reply[0] == "TAKEN":
		existing, err := q.State(ctx, queue.ID(reply[1]))
		if err != nil {
			return queue.State{}, false, err
		}
		return queue.State{}, false, &queue.TicketOpenError{Ticket: f.Ticket, Existing: existing.FollowUp.ID, Same: f.Repeats(existing.FollowUp)}
	case reply[0] == "KEY":
		return q.replay(ctx, e, reply)
	}
	return w.after, false, nil
}

// replay answers a repeated idempotency key.
func (q *Queue) replay(ctx context.Context, e queue.Enqueue, reply []string) (queue.State, bool, error) {
	if reply[2] != e.Fingerprint {
		return queue.State{}, false, queue.ErrKeyReused
	}
	s, err := q.State(ctx, queue.ID(reply[1]))
	return s, err == nil, err
}
