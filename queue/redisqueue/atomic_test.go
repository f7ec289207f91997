package redisqueue_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/internal/faultproxy"
	"sambung/queue"
	"sambung/queue/queuetest"
	"sambung/queue/redisqueue"
)

// severed is one change, made by a daemon of whose requests one is harmed.
type severed struct {
	*testing.T
	other *redisqueue.Queue // not harmed
	proxy *faultproxy.Proxy
	die   context.CancelFunc // tells the daemon that it is dead
	id    queue.ID
	// struck tells whether the change made so many requests.
	struck bool
	// err is what the change returned.
	err error
}

// sever makes one change while the n-th request that it makes, and its reply,
// meet a fault.
func sever(t *testing.T, addr string, n int, fault func(*severed) faultproxy.Fault) *severed {
	t.Helper()
	site := fmt.Sprintf("t%d", sites.Add(1))
	open := func(addr string) *redisqueue.Queue {
		q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{addr}, Site: site, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = q.Close() })
		return q
	}
	ctx, die := context.WithCancel(t.Context())
	defer die()
	now := queuetest.Start
	s := &severed{T: t, other: open(addr), proxy: faultproxy.Start(t, addr), die: die, id: "01JSEVERED0000000000000001"}
	u := queue.FollowUp{ID: s.id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"},
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if _, _, err := s.other.Enqueue(t.Context(), queue.Enqueue{FollowUp: u}); err != nil {
		t.Fatal(err)
	}
	daemon := open(s.proxy.Addr)
	harm := fault(s)
	harm.Nth = n
	struck := s.proxy.Arm(harm)
	_, s.err = daemon.Append(ctx, warning(s.id))
	if s.err != nil { // then it did strike
		select {
		case <-struck:
		case <-time.After(10 * time.Second):
			t.Fatalf("no fault, and yet: %v", s.err)
		}
	}
	select {
	case <-struck:
		s.struck = true
	default:
	}
	return s
}

// activities is how long the history is.
func (s *severed) activities() int {
	s.Helper()
	history, err := s.other.History(s.Context(), s.id)
	if err != nil {
		s.Fatal(err)
	}
	return len(history)
}

// TestStateAndActivityAreOne: a daemon that dies at any request of a change,
// before the server has carried it out or after, leaves the change with its
// activity, or neither.
func TestStateAndActivityAreOne(t *testing.T) {
	server := miniredis.RunT(t)
	for name, fault := range map[string]func(*severed) faultproxy.Fault{
		"before": func(s *severed) faultproxy.Fault {
			return faultproxy.Fault{DropRequest: true, Before: func() { s.proxy.SetDown(true); s.die() }}
		},
		"after": func(s *severed) faultproxy.Fault {
			return faultproxy.Fault{DropReply: true, After: func() { s.proxy.SetDown(true); s.die() }}
		},
	} {
		for n := 1; ; n++ {
			s := sever(t, server.Addr(), n, fault)
			queuetest.CheckConsistent(t, s.other)
			redisqueue.CheckIndexes(t, s.other)
			if t.Failed() {
				t.Fatalf("after a death %s request %d", name, n)
			}
			if !s.struck {
				if s.err != nil || s.activities() != 2 || n < 3 {
					t.Errorf("undisturbed, in %d requests: %v, %d activities", n-1, s.err, s.activities())
				}
				break
			}
		}
	}
}

// TestALostReplyRepeatsNothing: every reply of a change is lost in turn; it is
// made once all the same.
func TestALostReplyRepeatsNothing(t *testing.T) {
	server := miniredis.RunT(t)
	for n := 1; ; n++ {
		s := sever(t, server.Addr(), n, func(*severed) faultproxy.Fault {
			return faultproxy.Fault{DropReply: true}
		})
		if s.err != nil || s.activities() != 2 {
			t.Errorf("reply %d lost: %v, %d activities; want the two of one change", n, s.err, s.activities())
		}
		if !s.struck {
			break
		}
	}
}

// TestALostReplyIsKnownUnderWhatFollowed: somebody else writes between a change
// whose reply is lost and its repetition, which is told all the same that it was made.
func TestALostReplyIsKnownUnderWhatFollowed(t *testing.T) {
	server := miniredis.RunT(t)
	var followed error
	s := sever(t, server.Addr(), 1, func(s *severed) faultproxy.Fault {
		return faultproxy.Fault{Match: `"kind":"deadline_warning"`, DropReply: true, After: func() {
			_, followed = s.other.Append(t.Context(), warning(s.id))
		}}
	})
	if s.err != nil || followed != nil || s.activities() != 3 {
		t.Errorf("%v, %v, %d activities; want three, each of one change", s.err, followed, s.activities())
	}
}

// TestTwoWhoDecideTheSame: of two who decide the same at the same time only one
// is told that it was written; the other decides anew.
func TestTwoWhoDecideTheSame(t *testing.T) {
	q := open(t, miniredis.RunT(t).Addr())
	now := queuetest.Start
	f := queue.FollowUp{ID: "01JSAME0000000000000000001", Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"}, EnteredAt: now, Deadline: now}
	seen, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f})
	if err != nil {
		t.Fatal(err)
	}
	var decided int
	for range 2 {
		c := warning(f.ID)
		decide := c.Decide
		c.Known, c.Decide = &seen, func(s queue.State) ([]queue.Entry, error) {
			decided++
			if s.Warned {
				return nil, nil
			}
			return decide(s)
		}
		if s, err := q.Append(t.Context(), c); err != nil || s.Version != 2 {
			t.Errorf("version %d, %v; want the one warning", s.Version, err)
		}
	}
	if decided != 3 {
		t.Errorf("decided %d times, want 3: the second on what it had seen, and anew", decided)
	}
}

func warning(id queue.ID) queue.Change {
	return queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: queuetest.Start, Actor: queue.ActorSystem, Kind: queue.KindDeadlineWarning}}, nil
	}}
}
