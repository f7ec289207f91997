package redisqueue

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"sambung/queue"
)

// Acquire takes a switch, see queue.Leases.
func (q *Queue) Acquire(ctx context.Context, switchName, owner string, ttl time.Duration) (queue.Lease, error) {
	if owner == "" {
		return queue.Lease{}, fmt.Errorf("acquiring switch %s: no owner is named; want the daemon's own name", switchName)
	}
	reply, err := q.lease(ctx, "acquire", queue.Lease{Switch: switchName, Owner: owner}, ttl)
	if err != nil {
		return queue.Lease{}, err
	}
	if reply[0] == "HELD" {
		left, _ := strconv.ParseFloat(reply[2], 64) // ms; only told
		return queue.Lease{}, &queue.LeaseHeldError{Switch: switchName, Owner: reply[1], Remaining: time.Duration(left) * time.Millisecond}
	}
	fence, err := strconv.ParseInt(reply[1], 10, 64)
	if err != nil {
		return queue.Lease{}, fmt.Errorf("redis: the fence of switch %s is %q", switchName, reply[1])
	}
	return queue.Lease{Switch: switchName, Owner: owner, Fence: queue.Fence(fence)}, nil
}

// Renew extends a lease.
func (q *Queue) Renew(ctx context.Context, l queue.Lease, ttl time.Duration) error {
	reply, err := q.lease(ctx, "renew", l, ttl)
	if err == nil && reply[0] == "FENCED" {
		err = fmt.Errorf("renewing switch %s: %w", l.Switch, queue.ErrFenced)
	}
	return err
}

// Surrender gives a lease up.
func (q *Queue) Surrender(ctx context.Context, l queue.Lease) error {
	_, err := q.lease(ctx, "surrender", l, 0)
	return err
}

func (q *Queue) lease(ctx context.Context, what string, l queue.Lease, ttl time.Duration) ([]string, error) {
	fence := strconv.FormatInt(int64(l.Fence), 10)
	return q.run(ctx, q.leases, []string{q.key("switch:" + l.Switch)}, what, l.Owner, fence, ttl.Milliseconds())
}
