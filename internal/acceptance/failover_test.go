package acceptance_test

import (
	"log/slog"
	"testing"
	"time"

	"sambung/configs"
	"sambung/internal/checker"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
)

// TestSentinelFailover: the master of the ledger is killed while two talk and a
// third is about to be rung, and its replicas lack what was written last. The
// talks go on, each is documented whole, and work goes on with the new master.
// (internal/failover has the cases in which a daemon dies with it.)
func TestSentinelFailover(t *testing.T) {
	s := newSite(t, 2)
	sentinel := realservers.Sentinel(t, 2)
	s.config.Redis = configs.Redis{Addrs: sentinel.Addrs, MasterName: sentinel.MasterName}
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{
		Addrs: sentinel.Addrs, MasterName: sentinel.MasterName, Site: s.config.Site.Name, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	o := openOffice(t, s, q)
	_, stop := s.runTold()
	var ids []queue.ID
	enter := func(i int) {
		s.person(number(i), talks(10*time.Second))
		o.script(ticketOf(i), keypad("1"))
		ids = append(ids, s.enqueue(q, ticketOf(i), number(i), -1))
	}
	answered := func(i int) func() bool {
		return func() bool {
			st, err := q.State(t.Context(), ids[i])
			return err == nil && !st.Call.AnsweredAt.IsZero()
		}
	}
	s.addAgent(q, 0)
	s.addAgent(q, 1)
	enter(0)
	eventually(t, 20*time.Second, "the first talks", answered(0))
	first := sentinel.Master(t.Context())
	sentinel.HoldBack(t)
	enter(1)
	enter(2)
	eventually(t, 20*time.Second, "the second talks", answered(1))
	first.Kill()
	eventually(t, time.Minute, "all are delivered", func() bool {
		for _, id := range ids {
			if st, err := q.State(t.Context(), id); err != nil || st.Dossier != queue.DossierSealed {
				return false
			}
		}
		return true
	})
	stop()
	for i, id := range ids {
		s.delivered(q, id)
		if st := s.state(q, id); st.Attempt != 1 {
			t.Errorf("follow-up %d took %d attempts", i, st.Attempt)
		}
	}
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}
