package redisqueue_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/internal/faultproxy"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/queuetest"
	"sambung/queue/redisqueue"
)

var sites atomic.Int32

// open gives an empty site on a server.
func open(t testing.TB, addr string) *redisqueue.Queue {
	t.Helper()
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{
		Addrs: []string{addr}, Site: fmt.Sprintf("t%d", sites.Add(1)), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		redisqueue.CheckIndexes(t, q)
		_ = q.Close()
	})
	return q
}

func TestOnMiniredis(t *testing.T) {
	queuetest.Run(t, func(t testing.TB) queue.Queue {
		m := miniredis.NewMiniRedis()
		if err := m.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(m.Close)
		return open(t, m.Addr())
	})
}

func TestOnRedis(t *testing.T) {
	server := realservers.Redis(t)
	queuetest.Run(t, func(t testing.TB) queue.Queue { return open(t, server.Addr) })
}

func TestCheck(t *testing.T) {
	good := open(t, realservers.Redis(t).Addr)
	if err := good.Check(t.Context()); err != nil {
		t.Errorf("a server as it should be: %v", err)
	}
	bad := open(t, realservers.Redis(t,
		realservers.RedisConfig("appendonly", "no"), realservers.RedisConfig("maxmemory-policy", "allkeys-lru")).Addr)
	err := bad.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "appendonly yes") || !strings.Contains(err.Error(), "noeviction") {
		t.Errorf("a volatile, evicting server: %v", err)
	}
}

// TestAway: a master that misses its replicas, and a server that is gone, are away;
// what is refused is not.
func TestAway(t *testing.T) {
	alone := realservers.Redis(t, realservers.RedisConfig("min-replicas-to-write", "1"))
	q, gone := open(t, alone.Addr), realservers.Redis(t)
	lost := open(t, gone.Addr)
	gone.Kill()
	enqueue := func(q *redisqueue.Queue, id queue.ID) error {
		f := queue.FollowUp{ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"},
			ReceivedAt: queuetest.Start, EnteredAt: queuetest.Start, Deadline: queuetest.Start.Add(time.Hour)}
		_, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f})
		return err
	}
	if err := enqueue(q, "01JAWAY000000000000000000A"); !redisqueue.Away(err) {
		t.Errorf("a master without a replica: %v", err)
	}
	if err := enqueue(lost, "01JAWAY000000000000000000A"); !redisqueue.Away(err) {
		t.Errorf("a server that is gone: %v", err)
	}
	gone.Restart() // it is looked through when the test ends
	if err := alone.Configure(t.Context(), "min-replicas-to-write", "0"); err != nil {
		t.Fatal(err)
	}
	first, second := enqueue(q, "01JAWAY000000000000000000A"), enqueue(q, "01JAWAY000000000000000000B")
	if first != nil || second == nil || redisqueue.Away(second) {
		t.Errorf("%v, and the same ticket once more: %v", first, second)
	}
}

// TestLostReply: a write whose reply is lost is done once.
func TestLostReply(t *testing.T) {
	server := realservers.Redis(t)
	proxy := faultproxy.Start(t, server.Addr)
	q := open(t, proxy.Addr)
	now := queuetest.Start
	f := queue.FollowUp{ID: "01JLOSTREPLY00000000000001", Ticket: "T-1", Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Phone: "+628111111111"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f}); err != nil {
		t.Fatal(err)
	}
	struck := proxy.Arm(faultproxy.Fault{Match: "deadline_warning", DropReply: true})
	s, err := q.Append(t.Context(), queue.Change{ID: f.ID, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: now, Actor: queue.ActorSystem, Kind: queue.KindDeadlineWarning}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-struck
	history, err := q.History(t.Context(), f.ID)
	if err != nil || len(history) != 2 || s.Version != 2 {
		t.Errorf("%d activities, version %d, %v; want the write once", len(history), s.Version, err)
	}
	queuetest.CheckConsistent(t, q)
}

// What is typed where a name belongs reaches no log, for it may be a password.
func TestAStoreThatDoesNotAnswerNamesNobody(t *testing.T) {
	q := open(t, miniredis.RunT(t).Addr())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.User(ctx, "kuda nil berdansa"); err == nil || strings.Contains(err.Error(), "kuda") {
		t.Errorf("error = %v", err)
	}
}
