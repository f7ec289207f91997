package bench_test

import (
	"errors"
	"testing"
	"time"

	"sambung/internal/bench"
	"sambung/internal/realservers"
	"sambung/queue"
)

// measureQueue compares a claim and a finish with the bare pair of scripts, on
// the same Redis, which writes every command through to the disk.
func measureQueue(tb testing.TB, s size) []bench.Figure {
	addr := queueServer(tb)
	ours, bare := openLedger(tb, addr, s.workers), openBareQueue(tb, addr)
	figure := bench.Figure{
		Name: "claim+finish", What: "claim and finish, against the bare pair of scripts", Unit: "/s",
		Measure: bench.Ratio, Goal: bench.AtLeast(0.8),
	}
	for range s.rounds {
		figure.Ours = append(figure.Ours, rate(s.pairs, ours.pairs(tb, s)))
		figure.Peer = append(figure.Peer, rate(s.pairs, bare.pairs(tb, s)))
	}
	return []bench.Figure{figure}
}

// queueServer starts a Redis that does not rewrite its file while rounds are
// compared: a rewriting takes a processor for seconds, and would count against
// whichever side's turn it is, whoever filled the file.
func queueServer(tb testing.TB) string {
	tb.Helper()
	return realservers.Redis(tb, realservers.RedisConfig("auto-aof-rewrite-percentage", "0")).Addr
}

func rate(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// pairs claims and finishes what it entered before.
func (l *ledger) pairs(tb testing.TB, s size) time.Duration {
	tb.Helper()
	l.fill(tb, s.pairs, s.workers)
	return l.drain(tb, s)
}

// drain claims and finishes until nothing waits.
func (l *ledger) drain(tb testing.TB, s size) time.Duration {
	tb.Helper()
	began := time.Now()
	together(tb, s.workers, func(worker int) error {
		for {
			claimed, err := l.claim(tb.Context(), worker)
			if errors.Is(err, queue.ErrNothingToClaim) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.finish(tb.Context(), claimed); err != nil {
				return err
			}
		}
	})
	return time.Since(began)
}

func (q *bareQueue) pairs(tb testing.TB, s size) time.Duration {
	tb.Helper()
	q.fill(tb, s.pairs)
	began := time.Now()
	together(tb, s.workers, func(worker int) error {
		for {
			if more, err := q.pair(tb.Context(), worker); err != nil || !more {
				return err
			}
		}
	})
	return time.Since(began)
}
