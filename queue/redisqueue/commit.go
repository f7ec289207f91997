package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// errConflict means that somebody else wrote meanwhile.
var errConflict = errors.New("the follow-up changed meanwhile")

// errHeld means that the agent or the number of an assignment is in another call.
var errHeld = errors.New("the agent or the number is held by another follow-up")

// conflicts is how often a change is decided anew.
const conflicts = 50

// write is one commit in the making.
type write struct {
	before, after queue.State
	activities    []queue.Activity
	lease         *queue.Lease
	agent         *queue.AgentChange
	unlessOpen    bool // refuse when the ticket has another open follow-up
	comeback      bool // it is redone, and counted in comebacks
	idem          queue.Enqueue
}

// Append makes one change, see queue.Ledger.
func (q *Queue) Append(ctx context.Context, c queue.Change) (queue.State, error) {
	if c.Known != nil && c.Known.FollowUp.ID == c.ID {
		if s, err := q.try(ctx, c, *c.Known); !errors.Is(err, errUndecided) && !errors.Is(err, errConflict) {
			return s, err
		}
	}
	before, err := q.State(ctx, c.ID)
	if err == nil && c.Known != nil && before.Version < c.Known.Version { // a failover lost what was known
		if _, err = q.comeBack(ctx); err == nil {
			before, err = q.State(ctx, c.ID)
		}
	}
	if err != nil {
		return queue.State{}, err
	}
	return q.change(ctx, c, before)
}

// change makes one change to a follow-up whose state was read already.
func (q *Queue) change(ctx context.Context, c queue.Change, before queue.State) (queue.State, error) {
	for range conflicts {
		s, err := q.try(ctx, c, before)
		if undecided := (*undecidedError)(nil); errors.As(err, &undecided) {
			return before, undecided.why
		}
		if !errors.Is(err, errConflict) {
			return s, err
		}
		select {
		case <-ctx.Done():
			return before, ctx.Err()
		case <-time.After(rand.N(5 * time.Millisecond)):
		}
		if before, err = q.State(ctx, c.ID); err != nil {
			return queue.State{}, err
		}
	}
	return queue.State{}, fmt.Errorf("follow-up %s: %w, %d times in a row", c.ID, errConflict, conflicts)
}

// errUndecided means that nothing was decided on, perhaps because the state was
// outdated. It is found in an undecidedError.
var errUndecided = errors.New("nothing to write")

// undecidedError tells why nothing is to be written; nil: Decide wants nothing.
type undecidedError struct{ why error }

func (e *undecidedError) Error() string { return errUndecided.Error() }
func (e *undecidedError) Unwrap() error { return errUndecided }

// try makes one change if the state is still the one that is given.
func (q *Queue) try(ctx context.Context, c queue.Change, before queue.State) (queue.State, error) {
	entries, err := c.Decide(before)
	if err != nil || len(entries) == 0 {
		return before, &undecidedError{err}
	}
	w, err := prepare(before, c.ID, entries)
	if err != nil {
		return before, &undecidedError{err}
	}
	w.lease, w.agent = c.Lease, c.Agent
	if _, err := q.commit(ctx, w); err != nil {
		return before, err
	}
	return w.after, nil
}

// prepare chains the entries and applies them.
func prepare(before queue.State, id queue.ID, entries []queue.Entry) (write, error) {
	w := write{before: before, after: before}
	for _, e := range entries {
		a, err := queue.Chain(id, w.after.Version, w.after.Head, e)
		if err != nil {
			return w, err
		}
		if w.after, err = queue.Apply(w.after, a); err != nil {
			return w, err
		}
		w.activities = append(w.activities, a)
	}
	return w, nil
}

// commit sends a write. The reply beyond "OK" is for Enqueue.
func (q *Queue) commit(ctx context.Context, w write) ([]string, error) {
	reply, err := q.commitOn(ctx, q.client, w)
	if err == nil && reply[0] == "OK" {
		q.keep(w)
	}
	return reply, err
}

// commitOn is commit by a client, and keeps nothing.
func (q *Queue) commitOn(ctx context.Context, client redis.UniversalClient, w write) ([]string, error) {
	keys, args, err := q.payload(w)
	if err != nil {
		return nil, err
	}
	reply, err := q.runOn(ctx, client, q.commits, keys, args...)
	if err != nil {
		return nil, err
	}
	switch reply[0] {
	case "OK", "TAKEN", "KEY":
		return reply, nil
	case "CONFLICT":
		return nil, errConflict
	case "HELD":
		return nil, errHeld
	case "FENCED":
		return nil, fmt.Errorf("follow-up %s: %w", w.after.FollowUp.ID, queue.ErrFenced)
	default:
		return nil, fmt.Errorf("redis: a commit was answered with %q", reply[0])
	}
}
