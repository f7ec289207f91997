package dispatch

import (
	"context"
	"time"

	"sambung/queue"
)

// persist appends until it is written.
// It gives up only when ctx ends, the switch is lost, or the ledger refuses.
func (d *Dispatcher) persist(ctx context.Context, c queue.Change) (queue.State, error) {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		s, err := d.append(ctx, c)
		switch {
		case err == nil:
			return s, nil
		case final(err), ctx.Err() != nil:
			return s, err
		}
		d.Log.Warn("the ledger cannot be written; trying again", "follow_up", c.ID, "in", wait, "error", err)
		select {
		case <-ctx.Done():
			return s, ctx.Err()
		case <-time.After(jitter(wait)):
		}
	}
}

// append makes one change under the present lease.
func (d *Dispatcher) append(ctx context.Context, c queue.Change) (queue.State, error) {
	lease, err := d.Owner.Lease()
	if err != nil {
		return queue.State{}, err
	}
	c.Lease = &lease
	return d.Queue.Append(ctx, c)
}

// fixed decides on the given entries, whatever the state.
func fixed(entries ...queue.Entry) func(queue.State) ([]queue.Entry, error) {
	return func(queue.State) ([]queue.Entry, error) { return entries, nil }
}
