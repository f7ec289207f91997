package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/oklog/ulid/v2"

	"sambung/daemon/ownership"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

// idleSwitch tells of the call it is asked for, and carries it until the end.
type idleSwitch struct {
	telephony.Switch
	called chan string
}

func (s *idleSwitch) Check(context.Context) error             { return nil }
func (s *idleSwitch) TryRecording(context.Context) error      { return nil }
func (s *idleSwitch) Gaps() int                               { return 0 }
func (s *idleSwitch) Calls(context.Context) ([]string, error) { return nil, nil }

func (s *idleSwitch) Call(ctx context.Context, r telephony.Request, _ telephony.Observer) (telephony.Result, error) {
	s.called <- r.ID
	<-ctx.Done()
	return telephony.Result{}, ctx.Err()
}

// outrun starts a dispatcher whose lease has run out, and does what others do
// meanwhile.
func outrun(t *testing.T, meanwhile func(*redisqueue.Queue)) (called <-chan string, ended <-chan error) {
	return outrunOver(t, func(s *idleSwitch) telephony.Switch { return s }, meanwhile)
}

// outrunOver is outrun over a switch that is made of an idle one.
func outrunOver(t *testing.T, made func(*idleSwitch) telephony.Switch, meanwhile func(*redisqueue.Queue)) (called <-chan string, ended <-chan error) {
	server := miniredis.RunT(t)
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{server.Addr()}, Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	log := slog.New(slog.DiscardHandler)
	keeper, err := ownership.Acquire(t.Context(), q, "pbx1", "d1", time.Minute, log)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	f := queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: "T-1", Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Name: "Budi", Phone: "+628121000001"}, Message: "Pesan",
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
	if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")}); err != nil {
		t.Fatal(err)
	}
	if err := q.PutAgent(t.Context(), queue.Agent{ID: "a1", Endpoint: "PJSIP/a1", Switch: "pbx1", Since: now}); err != nil {
		t.Fatal(err)
	}
	if _, err := q.SetPresence(t.Context(), "a1", queue.PresenceReady, "", now); err != nil {
		t.Fatal(err)
	}
	server.SetTime(now.Add(time.Hour)) // the lease has run out
	meanwhile(q)

	sw := &idleSwitch{called: make(chan string, 1)}
	d := New(Config{MaxCalls: 1, Policy: queue.DefaultPolicy(), Calendar: workhours.AlwaysOpen(), Poll: time.Second}, Deps{
		Queue: q, Switch: made(sw), Owner: keeper, Journal: openJournal(t, t.TempDir()), MayBegin: func() error { return nil }, Now: time.Now, Log: log,
	})
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	over := make(chan struct{})
	go func() { result <- d.Run(ctx); close(over) }()
	t.Cleanup(func() { cancel(); <-over })
	return sw.called, result
}

// A lease that ran out while the ledger was away is renewed, and work goes on:
// giving the switch up would throw away what was seen of the calls meanwhile.
func TestLeaseThatRanOut(t *testing.T) {
	called, ended := outrun(t, func(*redisqueue.Queue) {})
	select {
	case <-called:
	case err := <-ended:
		t.Errorf("the dispatcher gave up: %v", err)
	case <-time.After(10 * time.Second):
		t.Error("no call was made")
	}
}

// half is a ledger that holds two calls here, of which the second cannot be read,
// and a switch at which the first is carried on.
type half struct {
	sleepy
	carried, over chan struct{}
}

func (h *half) Held(context.Context, string) ([]queue.ID, error) { return []queue.ID{"1", "2"}, nil }

func (h *half) State(_ context.Context, id queue.ID) (queue.State, error) {
	if id == "2" {
		<-h.carried
		return queue.State{}, errAway
	}
	return h.state, nil
}

func (h *half) Append(_ context.Context, c queue.Change) (queue.State, error) {
	_, err := c.Decide(h.state)
	return h.state, err
}

func (h *half) Agent(context.Context, queue.AgentID) (queue.Agent, error) { return queue.Agent{}, nil }
func (h *half) Calls(context.Context) ([]string, error)                   { return nil, nil }
func (h *half) Gaps() int                                                 { return 0 }

func (h *half) Resume(ctx context.Context, _ telephony.Request, _ telephony.Progress, _ telephony.Observer) (telephony.Result, error) {
	close(h.carried)
	<-ctx.Done()
	time.Sleep(time.Second) // what is on its way comes to its end
	close(h.over)
	return telephony.Result{}, ctx.Err()
}

// A call that was adopted before something failed is put down before Run returns:
// the lease is given up next.
func TestNoCallOutlivesRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &half{carried: make(chan struct{}), over: make(chan struct{})}
		h.state = queue.State{FollowUp: queue.FollowUp{ID: "1"}, Version: 1, Status: queue.StatusDialing, Attempt: 1,
			Assignment: &queue.Assignment{Agent: "a1", Switch: "pbx1", Attempt: 1}}
		d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{
			Queue: h, Switch: h, Owner: h, Journal: openJournal(t, t.TempDir()), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		})
		if err := d.Run(t.Context()); !errors.Is(err, errAway) {
			t.Errorf("Run: %v", err)
		}
		select {
		case <-h.over:
		default:
			t.Error("Run returned, and a call that it began goes on")
		}
	})
}

// stuck is a switch with a channel that does not end, of a call that nobody knows.
type stuck struct{ *idleSwitch }

func (stuck) Calls(context.Context) ([]string, error) {
	return []string{"01JSTUCK000000000000000001-1"}, nil
}
func (stuck) Discard(context.Context, string) error { return errors.New("its channels do not end") }

// What cannot be taken down at the switch, and was never announced, keeps nobody
// from work.
func TestAChannelThatDoesNotEnd(t *testing.T) {
	called, ended := outrunOver(t, func(s *idleSwitch) telephony.Switch { return stuck{s} }, func(*redisqueue.Queue) {})
	select {
	case <-called:
	case err := <-ended:
		t.Errorf("the dispatcher gave up: %v", err)
	case <-time.After(10 * time.Second):
		t.Error("no call was made")
	}
}

// A switch that somebody else took meanwhile is lost.
func TestLeaseThatWasTaken(t *testing.T) {
	called, ended := outrun(t, func(q *redisqueue.Queue) {
		if _, err := q.Acquire(t.Context(), "pbx1", "d2", time.Minute); err != nil {
			t.Fatal(err)
		}
	})
	select {
	case id := <-called:
		t.Errorf("call %s was made over another's switch", id)
	case err := <-ended:
		if !errors.Is(err, ErrLost) {
			t.Errorf("ended with %v, want %v", err, ErrLost)
		}
	case <-time.After(10 * time.Second):
		t.Error("the dispatcher goes on")
	}
}
