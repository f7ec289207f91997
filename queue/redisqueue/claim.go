package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sambung/queue"
)

// Claim reserves the next follow-up for an agent and writes the assignment, see
// queue.Dispatch.
func (q *Queue) Claim(ctx context.Context, c queue.Claim) (queue.State, error) {
	fence := strconv.FormatInt(int64(c.Lease.Fence), 10)
	keys := []string{
		q.operation(), q.key("switch:" + c.Lease.Switch), q.key("agent:" + string(c.Agent)),
		q.key("ready"), q.key("ready:" + string(c.Agent)), q.key("retry"), q.key("numbers"), q.key("held:" + c.Lease.Switch),
	}
	reply, err := q.run(ctx, q.claims, true, keys, c.Lease.Owner, fence, millis(c.Now), q.prefix, int(keepReplies/time.Second), c.Lease.Switch)
	if err != nil {
		return queue.State{}, err
	}
	switch reply[0] {
	case "FENCED":
		return queue.State{}, fmt.Errorf("claim at switch %s: %w", c.Lease.Switch, queue.ErrFenced)
	case "OK":
		return q.assign(ctx, c, queue.ID(reply[1]))
	default:
		return queue.State{}, queue.ErrNothingToClaim
	}
}

// assign turns a reservation into an assignment, or gives it up.
func (q *Queue) assign(ctx context.Context, c queue.Claim, id queue.ID) (queue.State, error) {
	s, err := q.Append(ctx, queue.Change{ID: id, Lease: &c.Lease, Decide: func(s queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{
			At: c.Now, Actor: queue.ActorSystem, Kind: queue.KindAssigned,
			Details: queue.Details{Agent: c.Agent, Attempt: s.Attempt + 1, Switch: c.Lease.Switch, Fence: c.Lease.Fence},
		}}, nil
	}})
	if errors.Is(err, queue.ErrRefused) {
		// It was cancelled, or designated to another agent, in between.
		if released := q.Release(ctx, c.Lease, id); released != nil {
			return queue.State{}, errors.Join(err, released)
		}
		return queue.State{}, queue.ErrNothingToClaim
	}
	return s, err
}

// Release gives up a claim that never came to an assignment.
func (q *Queue) Release(ctx context.Context, l queue.Lease, id queue.ID) error {
	keys := []string{
		q.key("f:" + string(id)), q.key("switch:" + l.Switch), q.key("held:" + l.Switch), q.key("numbers"),
		q.key("status:" + string(queue.StatusQueued)), q.key("agents"),
	}
	reply, err := q.run(ctx, q.releases, false, keys, l.Owner, strconv.FormatInt(int64(l.Fence), 10), string(id), q.prefix, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	switch reply[0] {
	case "FENCED":
		return fmt.Errorf("releasing %s: %w", id, queue.ErrFenced)
	case "REFUSED":
		return fmt.Errorf("releasing %s, which is assigned: %w", id, queue.ErrRefused)
	}
	return nil
}

// Held lists what a switch carries.
func (q *Queue) Held(ctx context.Context, switchName string) ([]queue.ID, error) {
	return q.members(ctx, "held:"+switchName)
}

// PendingEvidence lists what the archive has to do, here or anywhere.
func (q *Queue) PendingEvidence(ctx context.Context, switchName string, limit int) ([]queue.ID, error) {
	here, err := q.members(ctx, "evidence:"+switchName)
	if err != nil {
		return nil, err
	}
	anywhere, err := q.members(ctx, "evidence:")
	if err != nil {
		return nil, err
	}
	all := append(here, anywhere...)
	return all[:min(limit, len(all))], nil
}

// members reads a set, in the order of its ids.
func (q *Queue) members(ctx context.Context, name string) ([]queue.ID, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	list, err := q.client.SMembers(ctx, q.key(name)).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %s: %w", name, err)
	}
	ids := make([]queue.ID, len(list))
	for i, id := range list {
		ids[i] = queue.ID(id)
	}
	slices.Sort(ids)
	return ids, nil
}
