package redisqueue

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// Counts tells how many follow-ups are of each status.
func (q *Queue) Counts(ctx context.Context) (map[queue.Status]int, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	pending := make(map[queue.Status]*redis.IntCmd)
	pipe := q.reading.Pipeline()
	for _, s := range queue.Statuses() {
		pending[s] = pipe.ZCard(ctx, q.key("status:"+string(s)))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("redis: counts: %w", err)
	}
	counts := make(map[queue.Status]int, len(pending))
	for s, n := range pending {
		counts[s] = int(n.Val())
	}
	return counts, nil
}

// Owner tells who holds the lease of a switch; empty if nobody does. Time is the
// server's.
func (q *Queue) Owner(ctx context.Context, switchName string) (string, error) {
	now, err := q.Clock(ctx)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	lease, err := q.reading.HMGet(ctx, q.key("switch:"+switchName), "owner", "expires").Result()
	if err != nil {
		return "", fmt.Errorf("redis: owner of switch %s: %w", switchName, err)
	}
	owner, _ := lease[0].(string)
	text, _ := lease[1].(string)
	expires, _ := strconv.ParseFloat(text, 64) // ms; none: nobody
	if !time.UnixMilli(int64(expires)).After(now) {
		return "", nil
	}
	return owner, nil
}
