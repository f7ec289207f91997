package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
)

const switchName = "pbx1"

// ledger is a queue with a switch that is ours, and agents who are ready.
type ledger struct {
	*redisqueue.Queue
	lease    queue.Lease
	calendar *workhours.Calendar
	next     atomic.Int64 // number of the next follow-up
}

// openLedger opens a queue whose lease outlasts the measurement.
func openLedger(tb testing.TB, addr string, agents int) *ledger {
	tb.Helper()
	q := openQueue(tb, addr)
	l := &ledger{Queue: q, calendar: workhours.AlwaysOpen()}
	var err error
	if l.lease, err = q.Acquire(tb.Context(), switchName, "bench", time.Hour); err != nil {
		tb.Fatal(err)
	}
	for i := range agents {
		a := queue.Agent{ID: agentID(i), Endpoint: fmt.Sprintf("PJSIP/agent-%d", i+1), Switch: switchName, Since: time.Now()}
		addAgent(tb, q, a)
	}
	return l
}

func openQueue(tb testing.TB, addr string) *redisqueue.Queue {
	tb.Helper()
	q, err := redisqueue.Open(tb.Context(), redisqueue.Options{Addrs: []string{addr}, Site: "bench", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = q.Close() })
	return q
}

func addAgent(tb testing.TB, q queue.Queue, a queue.Agent) {
	tb.Helper()
	if err := q.PutAgent(tb.Context(), a); err != nil {
		tb.Fatal(err)
	}
	if _, err := q.SetPresence(tb.Context(), a.ID, queue.PresenceReady, "", time.Now()); err != nil {
		tb.Fatal(err)
	}
}

func agentID(i int) queue.AgentID { return queue.AgentID(fmt.Sprintf("agent-%d", i+1)) }

// phone is a taxpayer's telephone that nobody has.
func phone(n int64) string { return fmt.Sprintf("+628%010d", n) }

// followUp makes the n-th: an office's usual one, of somebody else each time.
func followUp(n int64) queue.FollowUp {
	now := time.Now()
	return queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: fmt.Sprintf("BENCH-%08d", n), Route: queue.RouteAnswer,
		Taxpayer:   queue.Taxpayer{Name: "Wajib Pajak", NPWP: "091234567891000", Phone: phone(n)},
		Message:    "Permohonan Saudara telah diproses; jawaban tertulis menyusul melalui surat.",
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
}

// enqueue enters the next follow-up.
func (l *ledger) enqueue(ctx context.Context) (queue.FollowUp, error) {
	f := followUp(l.next.Add(1))
	_, _, err := l.Enqueue(ctx, queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("bench")})
	return f, err
}

// fill enters n follow-ups, some at once.
func (l *ledger) fill(tb testing.TB, n, workers int) {
	tb.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	together(tb, workers, func(int) error {
		for left.Add(-1) >= 0 {
			if _, err := l.enqueue(tb.Context()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *ledger) claim(ctx context.Context, agent int) (queue.State, error) {
	return l.Claim(ctx, queue.Claim{Agent: agentID(agent), Lease: l.lease, Now: time.Now()})
}

// finish ends a claimed follow-up in one write, the shortest way there is: the
// number does not exist, and the follow-up goes back to the supervisor.
func (l *ledger) finish(ctx context.Context, claimed queue.State) error {
	_, err := l.Append(ctx, queue.Change{ID: claimed.FollowUp.ID, Known: &claimed, Lease: &l.lease, Decide: func(s queue.State) ([]queue.Entry, error) {
		now := time.Now()
		over := queue.Entry{
			At: now, Actor: queue.ActorSwitch(switchName), Kind: queue.KindCallEnded,
			Details: queue.Details{Attempt: s.Attempt, Result: queue.ResultInvalidNumber, SIPCode: 404},
		}
		s.Status, s.Call.Result, s.Call.EndedAt = queue.StatusWrapUp, queue.ResultInvalidNumber, now
		settled, err := queue.Settle(s, queue.DefaultPolicy(), l.calendar, now, queue.ActorSystem)
		return []queue.Entry{over, settled}, err
	}})
	return err
}

// together runs so many workers and waits for all of them.
func together(tb testing.TB, workers int, work func(worker int) error) {
	tb.Helper()
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			if err := work(i); err != nil {
				tb.Errorf("worker %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if tb.Failed() {
		tb.FailNow()
	}
}
