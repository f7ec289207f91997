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
	id    queue.ID
	// struck tells whether the change made so many requests.
	struck bool
	// err is what the change returned.
	err error
}

// sever makes one change while the n-th request that it makes, and its reply,
// meet a fault. The daemon is told by ctx that it is dead.
func sever(t *testing.T, addr string, n int, f func(p *faultproxy.Proxy, die context.CancelFunc) faultproxy.Fault) *severed {
	t.Helper()
	proxy := faultproxy.Start(t, addr)
	site := fmt.Sprintf("t%d", sites.Add(1))
	open := func(addr string) *redisqueue.Queue {
		q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{addr}, Site: site, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = q.Close() })
		return q
	}
	now := queuetest.Start
	s := &severed{T: t, other: open(addr), id: "01JSEVERED0000000000000001"}
	u := queue.FollowUp{ID: s.id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"},
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if _, _, err := s.other.Enqueue(t.Context(), queue.Enqueue{FollowUp: u}); err != nil {
		t.Fatal(err)
	}
	daemon := open(proxy.Addr)
	ctx, die := context.WithCancel(t.Context())
	defer die()
	fault := f(proxy, die)
	fault.Nth = n
	struck := proxy.Arm(fault)
	_, s.err = daemon.Append(ctx, queue.Change{ID: s.id, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: now, Actor: queue.ActorSystem, Kind: queue.KindDeadlineWarning}}, nil
	}})
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
	for name, fault := range map[string]func(*faultproxy.Proxy, context.CancelFunc) faultproxy.Fault{
		"before": func(p *faultproxy.Proxy, die context.CancelFunc) faultproxy.Fault {
			return faultproxy.Fault{DropRequest: true, Before: func() { p.SetDown(true); die() }}
		},
		"after": func(p *faultproxy.Proxy, die context.CancelFunc) faultproxy.Fault {
			return faultproxy.Fault{DropReply: true, After: func() { p.SetDown(true); die() }}
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
		s := sever(t, server.Addr(), n, func(*faultproxy.Proxy, context.CancelFunc) faultproxy.Fault {
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
