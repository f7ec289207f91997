package redisqueue

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// After a failover every daemon redoes what it wrote, when it first reaches the new
// server: one of them seconds after another, or when it wakes. Each write that comes
// back so is counted in the ledger, in the same step. A switch that was compared at
// another count is not compared, and claims are refused at another count than the one
// that all switches were compared at: whatever comes back is looked at before anybody
// is dialled for it.

// trusted is a server that claims may reach, as it was when it was compared.
type trusted struct{ run, comebacks string }

// trustedAt is the count of comebacks that claims go by; empty: there is none.
func (q *Queue) trustedAt() string {
	q.serverMu.Lock()
	defer q.serverMu.Unlock()
	return q.trusted.comebacks
}

// named is the name of a server for comparisons; empty where servers cannot be told apart.
func (s server) named(comebacks string) string {
	if s.run == "" || comebacks == "" || comebacks == "0" {
		return s.run
	}
	return s.run + ":" + comebacks
}

// comebacks counts the writes that came back, in the ledger's whole life; empty where
// none is kept to be redone.
func (q *Queue) comebacks(ctx context.Context) (string, error) {
	if !q.replicated {
		return "", nil
	}
	n, err := q.client.Get(ctx, q.key("comebacks")).Result()
	if errors.Is(err, redis.Nil) {
		return "0", nil
	}
	if err != nil {
		return "", fmt.Errorf("redis: what came back: %w", err)
	}
	return n, nil
}

// comeBack redoes what did not fit when the server was first reached and may fit now,
// because something that another daemon wrote before it came back. It returns the count.
func (q *Queue) comeBack(ctx context.Context) (count string, err error) {
	for {
		if count, err = q.comebacks(ctx); err != nil {
			return "", err
		}
		q.serverMu.Lock()
		at, behind, tried := q.server, q.behind, q.triedAt == count
		q.serverMu.Unlock()
		if len(behind) == 0 || tried {
			return count, nil
		}
		left, redone, err := q.redo(ctx, q.client, behind)
		if err != nil {
			return "", err
		}
		q.serverMu.Lock()
		if q.server == at {
			q.behind, q.triedAt = left, count
		}
		q.serverMu.Unlock()
		if redone > 0 {
			q.log.Warn("what was written before it came back, and it was written again, too", "redone", redone, "lost", len(left))
		}
	}
}
