package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

const (
	// keepWrites is how long a write that was acknowledged is kept to be redone.
	// A replica that is further behind is not promoted by Sentinel as it is set
	// up in the operator's guide.
	keepWrites = 2 * time.Minute
	// keepAtMost bounds them.
	keepAtMost = 4096
	// catchUpPasses and catchUpPause bound the wait for another daemon to redo
	// what comes before a write of ours.
	catchUpPasses = 8
	catchUpPause  = 100 * time.Millisecond
	// catchUpLimit bounds all of it: thousands of writes may be kept, each is asked
	// about twice, and whoever gave up halfway would begin anew for ever.
	catchUpLimit = 30 * time.Second
)

// kept is a write that was acknowledged.
type kept struct {
	at time.Time
	write
}

// keep remembers a write, where the server has replicas.
func (q *Queue) keep(w write) {
	if !q.replicated {
		return
	}
	now := time.Now()
	q.keptMu.Lock()
	defer q.keptMu.Unlock()
	old := 0
	for old < len(q.kept) && (now.Sub(q.kept[old].at) > keepWrites || len(q.kept)-old >= keepAtMost) {
		old++
	}
	q.kept = append(q.kept[old:], kept{now, w})
}

// catchUp redoes on another server what this process wrote and that server does
// not have: the same activities, by the same commit, each only where the history
// still stands where it stood. q.serverMu is held. It outlives the command that met
// the other server.
func (q *Queue) catchUp(ctx context.Context, s server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), catchUpLimit)
	defer cancel()
	client := q.connect(noRetries, callLimit, func(ctx context.Context, c *redis.Conn) error {
		if now, err := identify(ctx, c); err != nil {
			return err
		} else if now.run != "" && now.run != s.run {
			return fmt.Errorf("%w: it changed again", queue.ErrUnsettled)
		}
		return nil
	})
	defer client.Close()
	q.keptMu.Lock()
	behind := append([]kept(nil), q.kept...)
	q.keptMu.Unlock()
	redone := 0
	for pass := 0; len(behind) > 0 && pass < catchUpPasses; pass++ {
		if pass > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(catchUpPause):
			}
		}
		left, n, err := q.redo(ctx, client, behind)
		if err != nil {
			return err
		}
		behind, redone = left, redone+n
	}
	for _, k := range behind {
		q.log.Error("a write is lost, unless another daemon brings back what came before it: the ledger went another way, or lost that too",
			"follow_up", k.after.FollowUp.ID, "version", k.after.Version, "kind", k.activities[len(k.activities)-1].Kind)
	}
	if err := q.keepEpoch(ctx, client, s); err != nil {
		return err
	}
	q.behind, q.triedAt = behind, ""
	q.log.Warn("the ledger is kept by another server process than before; what it had not received was written again",
		"redone", redone, "lost", len(behind))
	return nil
}

// redo goes through the writes in their order, and returns those that did not
// fit yet, and how many were done.
func (q *Queue) redo(ctx context.Context, client redis.UniversalClient, writes []kept) (left []kept, done int, err error) {
	for _, k := range writes {
		version, err := client.HGet(ctx, q.key("f:"+string(k.after.FollowUp.ID)), "version").Int()
		if err != nil && !errors.Is(err, redis.Nil) {
			return nil, done, fmt.Errorf("redis: %w", err)
		}
		if version >= k.after.Version {
			same, err := q.has(ctx, client, k)
			if err != nil {
				return nil, done, err
			}
			if !same {
				left = append(left, k)
			}
			continue
		}
		w := k.write
		w.lease = nil // it was held when the write was acknowledged; the history decides
		w.comeback = true
		switch reply, err := q.commitOn(ctx, client, w); {
		case err == nil && reply[0] == "OK":
			done++
		case err == nil, errors.Is(err, errConflict), errors.Is(err, errHeld): // its ticket, or its key, is another's by now
			left = append(left, k)
		default:
			return nil, done, err
		}
	}
	return left, done, nil
}

// has reports whether the server has the last activity of a write.
func (q *Queue) has(ctx context.Context, client redis.UniversalClient, k kept) (bool, error) {
	id := k.after.FollowUp.ID
	entry := fmt.Sprintf("%d-0", k.after.Version)
	entries, err := client.XRange(ctx, q.key("log:"+string(id)), entry, entry).Result()
	if err != nil {
		return false, fmt.Errorf("redis: history of %s: %w", id, err)
	}
	activities, err := decodeHistory(id, entries)
	return err == nil && len(activities) == 1 && activities[0].Hash == k.after.Head, err
}

// keepEpoch raises the epoch of a replica that was promoted to what this process
// has seen of it: nothing was restored, which is what the epoch is there to notice.
func (q *Queue) keepEpoch(ctx context.Context, client redis.UniversalClient, s server) error {
	if s.before == "" || s.before != q.server.replication {
		return nil
	}
	if err := raiseTo.Run(ctx, client, []string{q.key("epoch")}, q.epochSeen.Load()).Err(); err != nil {
		return fmt.Errorf("redis: epoch: %w", err)
	}
	return nil
}
