package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"sambung/internal/bench"
)

// measureAsynq compares with a queue library that many use, on the same Redis,
// which writes every command through to the disk: the whole cycle, from
// entering to done, and the cycle of the library with our claim and finish alone.
func measureAsynq(tb testing.TB, s size) []bench.Figure {
	addr := queueServer(tb)
	ours := openLedger(tb, addr, s.workers)
	cycle := bench.Figure{
		Name: "queue-cycle", What: "enqueue, claim and finish, against asynq's enqueue to done", Unit: "/s", Measure: bench.Ratio, Goal: bench.AtLeast(1),
	}
	part := bench.Figure{
		Name: "claim+finish/asynq", What: "claim and finish, against asynq's enqueue to done", Unit: "/s", Measure: bench.Ratio, Goal: bench.AtLeast(1),
	}
	for range s.rounds {
		theirs := rate(s.pairs, asynqCycle(tb, addr, s))
		cycle.Ours = append(cycle.Ours, rate(s.pairs, ours.cycle(tb, s)))
		part.Ours = append(part.Ours, rate(s.pairs, ours.pairs(tb, s)))
		cycle.Peer, part.Peer = append(cycle.Peer, theirs), append(part.Peer, theirs)
	}
	return []bench.Figure{part, cycle}
}

// cycle enters, claims and finishes, each worker one after another.
func (l *ledger) cycle(tb testing.TB, s size) time.Duration {
	tb.Helper()
	var left atomic.Int64
	left.Store(int64(s.pairs))
	began := time.Now()
	together(tb, s.workers, func(worker int) error {
		for left.Add(-1) >= 0 {
			if _, err := l.enqueue(tb.Context()); err != nil {
				return err
			}
			claimed, err := l.claim(tb.Context(), worker)
			if err != nil {
				return err
			}
			if err := l.finish(tb.Context(), claimed); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(began)
}

// asynqCycle enters tasks with as many clients as there are workers, while the
// workers do them, and ends when the last is done.
func asynqCycle(tb testing.TB, addr string, s size) time.Duration {
	tb.Helper()
	connection := asynq.RedisClientOpt{Addr: addr}
	client := asynq.NewClient(connection)
	defer client.Close()
	server := asynq.NewServer(connection, asynq.Config{Concurrency: s.workers, LogLevel: asynq.ErrorLevel, TaskCheckInterval: 50 * time.Millisecond})
	var handled atomic.Int64
	if err := server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { handled.Add(1); return nil })); err != nil {
		tb.Fatal(err)
	}
	defer server.Shutdown()

	var left atomic.Int64
	left.Store(int64(s.pairs))
	began := time.Now()
	together(tb, s.workers, func(int) error {
		for n := left.Add(-1); n >= 0; n = left.Add(-1) {
			text, err := json.Marshal(followUp(n))
			if err != nil {
				return err
			}
			if _, err := client.EnqueueContext(tb.Context(), asynq.NewTask("follow-up", text)); err != nil {
				return err
			}
		}
		return nil
	})
	asynqIdle(tb, addr, func() bool { return handled.Load() == int64(s.pairs) })
	return time.Since(began)
}

// asynqIdle waits until nothing waits or is being done.
func asynqIdle(tb testing.TB, addr string, handled func() bool) {
	tb.Helper()
	client := redis.NewClient(&redis.Options{Addr: addr})
	defer client.Close()
	for deadline := time.Now().Add(5 * time.Minute); ; {
		busy, err := client.LLen(tb.Context(), "asynq:{default}:active").Result()
		if err != nil {
			tb.Fatal(err)
		}
		if handled() && busy == 0 {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatal(fmt.Errorf("tasks are left: %d", busy))
		}
		time.Sleep(2 * time.Millisecond) // polling another process
	}
}
