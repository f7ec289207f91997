package redisqueue

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// ErrForked means that the ledger has another activity where one is imported.
var ErrForked = errors.New("the ledger's history goes another way")

// Import adds activities that were written before, and that this ledger has
// lost, to a follow-up, which may be unknown to it: as they are, by the commit
// of every other write. history begins with the first activity; what the ledger
// has of it already is compared and left alone. It returns the follow-up's state
// and how many were added. Errors: queue.ErrBrokenChain, ErrForked, and
// *queue.RefusedError for what no state machine would have written.
func (q *Queue) Import(ctx context.Context, history []queue.Activity) (queue.State, int, error) {
	if len(history) == 0 {
		return queue.State{}, 0, fmt.Errorf("%w: nothing to import", queue.ErrBrokenChain)
	}
	if err := queue.VerifyChain(history); err != nil {
		return queue.State{}, 0, err
	}
	id := history[0].FollowUp
	for range conflicts {
		w, err := q.missing(ctx, id, history)
		if err != nil || len(w.activities) == 0 {
			return w.after, 0, err
		}
		if _, err = q.commit(ctx, w); !errors.Is(err, errConflict) {
			return w.after, len(w.activities), err
		}
	}
	return queue.State{}, 0, fmt.Errorf("importing %s: %w, %d times in a row", id, errConflict, conflicts)
}

// missing is the write that adds what the ledger lacks.
func (q *Queue) missing(ctx context.Context, id queue.ID, history []queue.Activity) (write, error) {
	var w write
	has, err := q.History(ctx, id)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		return w, err
	}
	for i := range min(len(has), len(history)) {
		if has[i].Hash != history[i].Hash {
			return w, fmt.Errorf("%w at activity %d", ErrForked, i+1)
		}
	}
	if len(has) > 0 {
		if w.before, err = queue.Fold(has); err != nil {
			return w, fmt.Errorf("the ledger's history of %s: %w", id, err)
		}
	}
	w.after = w.before
	if len(has) >= len(history) {
		return w, nil
	}
	w.activities = history[len(has):]
	for _, a := range w.activities {
		if w.after, err = queue.Apply(w.after, a); err != nil {
			return w, err
		}
	}
	return w, nil
}

// raiseTo sets a number unless it is higher.
//
// KEYS[1] epoch  ARGV[1] at least
var raiseTo = redis.NewScript(`
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
if n < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return {'OK'}`)

// EpochAtLeast raises the epoch to n, unless it is higher.
func (q *Queue) EpochAtLeast(ctx context.Context, n int64) error {
	if _, err := q.run(ctx, raiseTo, []string{q.key("epoch")}, n); err != nil {
		return fmt.Errorf("redis: epoch: %w", err)
	}
	return nil
}

// Owned lists the switches, of those that are named, that a daemon holds now,
// with the name of its owner.
func (q *Queue) Owned(ctx context.Context, switches []string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	now, err := q.reading.Time(ctx).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: clock: %w", err)
	}
	owned := make(map[string]string)
	for _, name := range switches {
		lease, err := q.reading.HMGet(ctx, q.key("switch:"+name), "owner", "expires").Result()
		if err != nil {
			return nil, fmt.Errorf("redis: lease of switch %s: %w", name, err)
		}
		owner, _ := lease[0].(string)
		expires, _ := lease[1].(string)
		if owner != "" && expires > fmt.Sprint(now.UnixMilli()) { // as many digits for the next centuries
			owned[name] = owner
		}
	}
	return owned, nil
}
