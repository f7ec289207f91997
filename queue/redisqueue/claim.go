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

// errSpoiled means that what was reserved cannot be assigned any more.
var errSpoiled = errors.New("the follow-up changed while it was being claimed")

// claimTries is how many spoiled reservations one claim goes past.
const claimTries = 10

// Claim reserves the next follow-up for an agent and writes the assignment, see
// queue.Dispatch.
func (q *Queue) Claim(ctx context.Context, c queue.Claim) (queue.State, error) {
	for range claimTries {
		reserved, err := q.reserve(ctx, c)
		if err != nil {
			return queue.State{}, err
		}
		s, err := q.assign(ctx, c, reserved)
		if !errors.Is(err, errSpoiled) {
			return s, err
		}
	}
	return queue.State{}, queue.ErrNothingToClaim
}

// reserve takes follow-up, agent and number, and returns the follow-up's state.
func (q *Queue) reserve(ctx context.Context, c queue.Claim) (queue.State, error) {
	keys := []string{
		q.key("switch:" + c.Lease.Switch), q.key("agent:" + string(c.Agent)),
		q.key("ready"), q.key("ready:" + string(c.Agent)), q.key("retry"), q.key("numbers"), q.key("held:" + c.Lease.Switch),
		q.key("comebacks"),
	}
	fence := strconv.FormatInt(int64(c.Lease.Fence), 10)
	reply, err := q.runOn(ctx, q.claiming, q.claims, keys,
		c.Lease.Owner, fence, millis(c.Now), q.prefix, c.Lease.Switch, string(c.Agent), q.trustedAt())
	switch {
	case err != nil:
		return queue.State{}, err
	case reply[0] == "FENCED":
		return queue.State{}, fmt.Errorf("claim at switch %s: %w", c.Lease.Switch, queue.ErrFenced)
	case reply[0] == "UNSETTLED":
		return queue.State{}, queue.ErrUnsettled
	case reply[0] == "OK":
		return q.present(ctx, queue.ID(reply[1]), reply[2])
	default: // nothing waits, or the agent is not free
		return queue.State{}, queue.ErrNothingToClaim
	}
}

// assign turns a reservation into an assignment, or gives it up when the
// follow-up was cancelled, edited, designated to another agent, or documented to be
// tried again later in between.
// After any other error the reservation stays, for the agent's next claim.
func (q *Queue) assign(ctx context.Context, c queue.Claim, reserved queue.State) (queue.State, error) {
	id := reserved.FollowUp.ID
	s, err := q.change(ctx, queue.Change{ID: id, Lease: &c.Lease, Decide: func(s queue.State) ([]queue.Entry, error) {
		if s.RetryAt.After(c.Now) {
			return nil, fmt.Errorf("%w: it is to be tried again later", queue.ErrRefused)
		}
		return []queue.Entry{{
			At: c.Now, Actor: queue.ActorSystem, Kind: queue.KindAssigned,
			Details: queue.Details{Agent: c.Agent, Attempt: s.Attempt + 1, Switch: c.Lease.Switch, Fence: c.Lease.Fence},
		}}, nil
	}}, reserved)
	if !errors.Is(err, queue.ErrRefused) && !errors.Is(err, errHeld) {
		return s, err
	}
	released := q.Release(ctx, c.Lease, id)
	if released != nil && !errors.Is(released, queue.ErrRefused) { // refused: somebody else was quicker
		return queue.State{}, errors.Join(err, released)
	}
	return queue.State{}, errSpoiled
}

// Release gives up a claim that never came to an assignment.
func (q *Queue) Release(ctx context.Context, l queue.Lease, id queue.ID) error {
	keys := []string{
		q.operationKey(), q.key("f:" + string(id)), q.key("switch:" + l.Switch), q.key("held:" + l.Switch), q.key("numbers"), q.key("events"),
	}
	reply, err := q.run(ctx, q.releases, keys,
		l.Owner, strconv.FormatInt(int64(l.Fence), 10), string(id), q.prefix, time.Now().UnixMilli(), replySeconds)
	if err != nil {
		return err
	}
	switch reply[0] {
	case "FENCED":
		return fmt.Errorf("releasing %s: %w", id, queue.ErrFenced)
	case "REFUSED":
		return fmt.Errorf("releasing %s, which is assigned or was not claimed here: %w", id, queue.ErrRefused)
	}
	return nil
}

// Held lists what a switch carries.
func (q *Queue) Held(ctx context.Context, switchName string) ([]queue.ID, error) {
	return q.members(ctx, "held:"+switchName)
}

// PendingEvidence lists what the archive has to do, here or anywhere, the
// oldest first. A limit of 0 means no limit.
func (q *Queue) PendingEvidence(ctx context.Context, switchName string, limit int) ([]queue.ID, error) {
	all, err := q.members(ctx, "evidence:"+switchName)
	if err != nil {
		return nil, err
	}
	if switchName != "" {
		anywhere, err := q.members(ctx, "evidence:")
		if err != nil {
			return nil, err
		}
		all = append(all, anywhere...)
		slices.Sort(all)
	}
	if limit <= 0 {
		return all, nil
	}
	return all[:min(limit, len(all))], nil
}

// members reads a set, in the order of its ids.
func (q *Queue) members(ctx context.Context, name string) ([]queue.ID, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	list, err := q.reading.SMembers(ctx, q.key(name)).Result()
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
