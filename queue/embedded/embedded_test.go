package embedded_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sambung/queue"
	"sambung/queue/embedded"
	"sambung/queue/queuetest"
	"sambung/queue/redisqueue"
)

// eachForm runs a test on both forms of the store. That of its own needs a
// redis-server or valkey-server, which every machine that runs the tests has.
func eachForm(t *testing.T, test func(*testing.T, embedded.Options)) {
	for name, inProcess := range map[string]bool{"child": false, "in the process": true} {
		t.Run(name, func(t *testing.T) { test(t, embedded.Options{Dir: t.TempDir(), InProcess: inProcess}) })
	}
}

func start(t *testing.T, o embedded.Options) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t testing.TB, s *embedded.Server, site string) *redisqueue.Queue {
	t.Helper()
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{s.Addr()}, Password: s.Password(), Site: site, Volatile: s.Volatile()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func TestConformance(t *testing.T) {
	eachForm(t, func(t *testing.T, o embedded.Options) {
		s := start(t, o)
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		if s.Volatile() != o.InProcess {
			t.Errorf("%s is volatile: %t; is there a redis-server on PATH?", s.Kind(), s.Volatile())
		}
		var sites atomic.Int32
		queuetest.Run(t, func(t testing.TB) queue.Queue { return open(t, s, fmt.Sprintf("t%d", sites.Add(1))) })
	})
}

// TestKeeps: what was written is there again after a restart, unless it was
// said that it would not be; and every check of the ledger passes.
func TestKeeps(t *testing.T) {
	eachForm(t, func(t *testing.T, o embedded.Options) {
		now := time.Now().Truncate(time.Millisecond)
		f := queue.FollowUp{ID: "01JEMBEDDED000000000000001", Ticket: "T-1", Route: queue.RouteAnswer,
			Taxpayer: queue.Taxpayer{Phone: "+628111111111"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
		first := start(t, o)
		q := open(t, first, "keeps")
		if err := q.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f}); err != nil {
			t.Fatal(err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		again := start(t, o)
		defer again.Close()
		_, err := open(t, again, "keeps").State(t.Context(), f.ID)
		if kept := err == nil; kept == again.Volatile() {
			t.Errorf("%s, volatile: %t; after a restart: %v", again.Kind(), again.Volatile(), err)
		}
	})
}

func TestOneFolderOneStore(t *testing.T) {
	eachForm(t, func(t *testing.T, o embedded.Options) {
		s := start(t, o)
		if second, err := embedded.Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another folder") {
			t.Errorf("a second store in the folder: %v, %v", second, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := start(t, o).Close(); err != nil {
			t.Error(err)
		}
	})
}
