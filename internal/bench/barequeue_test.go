package bench_test

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed testdata/claim.lua
var bareClaim string

//go:embed testdata/finish.lua
var bareFinish string

// activityText stands for an activity in the ledger, of its usual length.
var activityText = strings.Repeat("x", 420)

// bareQueue is the least that could be called a queue by deadline: two scripts
// that trust whoever calls them. They add as many stream entries as a claim and
// a finish of ours do, and nothing else of what makes ours a ledger.
type bareQueue struct {
	client        *redis.Client
	claim, finish *redis.Script
	next          atomic.Int64
}

func openBareQueue(tb testing.TB, addr string) *bareQueue {
	tb.Helper()
	q := &bareQueue{
		client: redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1}),
		claim:  redis.NewScript(bareClaim), finish: redis.NewScript(bareFinish),
	}
	tb.Cleanup(func() { _ = q.client.Close() })
	return q
}

func (q *bareQueue) fill(tb testing.TB, n int) {
	tb.Helper()
	_, err := q.client.Pipelined(tb.Context(), func(p redis.Pipeliner) error {
		for range n {
			id := fmt.Sprintf("%026d", q.next.Add(1))
			p.ZAdd(tb.Context(), "{bare}:ready", redis.Z{Score: float64(time.Now().Add(time.Hour).UnixMilli()), Member: id})
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// pair claims and finishes one; false when nothing waits.
func (q *bareQueue) pair(ctx context.Context, worker int) (bool, error) {
	agent := fmt.Sprintf("agent-%d", worker+1)
	id, err := q.claim.Run(ctx, q.client, []string{"{bare}:ready", "{bare}:held", "{bare}:events"}, "{bare}:", agent, activityText).Text()
	if err != nil || id == "" {
		return false, err
	}
	keys := []string{"{bare}:f:" + id, "{bare}:log:" + id, "{bare}:held", "{bare}:events"}
	return true, q.finish.Run(ctx, q.client, keys, id, activityText).Err()
}
