package redisqueue

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// Epoch is a number that only grows while the ledger is not set back; 0 in one
// that is new. See daemon/epoch.
func (q *Queue) Epoch(ctx context.Context) (int64, error) {
	n, err := q.reading.Get(ctx, q.key("epoch")).Int64()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("redis: epoch: %w", err)
	}
	q.sawEpoch(n)
	return n, nil
}

// RaiseEpoch raises it by one and returns it. A reply that is lost raises it
// once too often, which is no harm.
func (q *Queue) RaiseEpoch(ctx context.Context) (int64, error) {
	n, err := q.client.Incr(ctx, q.key("epoch")).Result()
	if err != nil {
		return 0, fmt.Errorf("redis: epoch: %w", err)
	}
	q.sawEpoch(n)
	return n, nil
}

func (q *Queue) sawEpoch(n int64) {
	for seen := q.epochSeen.Load(); n > seen && !q.epochSeen.CompareAndSwap(seen, n); seen = q.epochSeen.Load() {
	}
}
