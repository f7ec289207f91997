package redisqueue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"sambung/internal/faultproxy"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/queuetest"
	"sambung/queue/redisqueue"
)

// faulty is one site seen twice: by a daemon whose connections pass a proxy
// that does harm, and by everybody else.
type faulty struct {
	*testing.T
	proxy  *faultproxy.Proxy
	daemon *redisqueue.Queue // behind the proxy
	other  *redisqueue.Queue
	lease  queue.Lease
	n      int
}

func newFaulty(t *testing.T) *faulty {
	t.Helper()
	server := realservers.Redis(t)
	f := &faulty{T: t, proxy: faultproxy.Start(t, server.Addr)}
	site := fmt.Sprintf("t%d", sites.Add(1))
	for addr, q := range map[string]**redisqueue.Queue{f.proxy.Addr: &f.daemon, server.Addr: &f.other} {
		opened, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{addr}, Site: site, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = opened.Close() })
		*q = opened
	}
	var err error
	f.lease, err = f.other.Acquire(t.Context(), "pbx1", "d1", time.Minute)
	f.must(err)
	t.Cleanup(func() {
		queuetest.CheckConsistent(t, f.other)
		redisqueue.CheckIndexes(t, f.other)
	})
	return f
}

func (f *faulty) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *faulty) ready(ids ...queue.AgentID) {
	f.Helper()
	for _, id := range ids {
		f.must(f.other.PutAgent(f.Context(), queue.Agent{ID: id, Endpoint: "PJSIP/" + string(id), Switch: "pbx1"}))
		_, err := f.other.SetPresence(f.Context(), id, queue.PresenceReady, "", queuetest.Start)
		f.must(err)
	}
}

func (f *faulty) put(phone string) queue.FollowUp {
	f.Helper()
	f.n++
	now := queuetest.Start
	u := queue.FollowUp{
		ID: queue.ID(fmt.Sprintf("01JFAULT%018d", f.n)), Ticket: fmt.Sprintf("T-%d", f.n), Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Phone: phone}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Duration(f.n) * time.Hour),
	}
	_, _, err := f.other.Enqueue(f.Context(), queue.Enqueue{FollowUp: u})
	f.must(err)
	return u
}

func (f *faulty) claim(q *redisqueue.Queue, a queue.AgentID) (queue.State, error) {
	return q.Claim(f.Context(), queue.Claim{Agent: a, Lease: f.lease, Now: queuetest.Start})
}

// append writes one activity; it may be called on any goroutine.
func (f *faulty) append(q *redisqueue.Queue, id queue.ID, k queue.Kind, d queue.Details) {
	f.Helper()
	_, err := q.Append(context.WithoutCancel(f.Context()), queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: queuetest.Start, Actor: queue.ActorSystem, Kind: k, Details: d}}, nil
	}})
	if err != nil {
		f.Error(err)
	}
}

// meanwhile does something after the claim's reservation and before the
// assignment is written.
func (f *faulty) meanwhile(do func()) <-chan struct{} {
	return f.proxy.Arm(faultproxy.Fault{Match: `"kind":"assigned"`, Before: do})
}

// held checks that the switch carries what is named and nothing else.
func (f *faulty) held(want ...queue.ID) {
	f.Helper()
	held, err := f.other.Held(f.Context(), "pbx1")
	f.must(err)
	if fmt.Sprint(held) != fmt.Sprint(want) {
		f.Errorf("held %v, want %v", held, want)
	}
}

func (f *faulty) free(a queue.AgentID) {
	f.Helper()
	agent, err := f.other.Agent(f.Context(), a)
	f.must(err)
	if !agent.Free() {
		f.Errorf("agent %s is not free: reserved for %q", a, agent.Reserved)
	}
}

// TestEditedWhileClaimed: the number is corrected to one that is in a call
// between reservation and assignment. The claim must neither ring that number
// nor keep the old one.
func TestEditedWhileClaimed(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1", "a2", "a3")
	busy := f.put("+628110000001")
	_, err := f.claim(f.other, "a1")
	f.must(err)
	edited := f.put("+628110000002")
	mended := edited
	mended.Taxpayer.Phone = busy.Taxpayer.Phone
	struck := f.meanwhile(func() {
		f.append(f.other, edited.ID, queue.KindEdited, queue.Details{FollowUp: &mended})
	})
	if s, err := f.claim(f.daemon, "a2"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("claimed %s (%v), whose number is in a call", s.FollowUp.ID, err)
	}
	<-struck
	f.free("a2")
	f.held(busy.ID)
	same := f.put(edited.Taxpayer.Phone) // nobody holds the old number
	if s, err := f.claim(f.other, "a3"); err != nil || s.FollowUp.ID != same.ID {
		f.Errorf("claimed %s (%v), want %s", s.FollowUp.ID, err, same.ID)
	}
}

// TestCancelledWhileClaimed: the claim goes on with the next follow-up.
func TestCancelledWhileClaimed(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1")
	first, second := f.put("+628110000001"), f.put("+628110000002")
	struck := f.meanwhile(func() {
		f.append(f.other, first.ID, queue.KindCancelled, queue.Details{Reason: "test"})
	})
	s, err := f.claim(f.daemon, "a1")
	if err != nil || s.FollowUp.ID != second.ID {
		f.Errorf("claimed %s (%v), want the next one", s.FollowUp.ID, err)
	}
	<-struck
	f.held(second.ID)
}

// TestDesignatedWhileClaimed: the follow-up goes to the agent who was named.
func TestDesignatedWhileClaimed(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1", "a2")
	u := f.put("+628110000001")
	struck := f.meanwhile(func() {
		f.append(f.other, u.ID, queue.KindDesignated, queue.Details{Agent: "a2"})
	})
	if s, err := f.claim(f.daemon, "a1"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("a1 claimed %s (%v), designated for a2", s.FollowUp.ID, err)
	}
	<-struck
	f.free("a1")
	if s, err := f.claim(f.other, "a2"); err != nil || s.FollowUp.ID != u.ID {
		f.Errorf("a2 claimed %s, %v", s.FollowUp.ID, err)
	}
}

// TestDocumentedWhileClaimed: the taxpayer was talked to without the system, and asked
// to be rung in an hour: nobody rings now.
func TestDocumentedWhileClaimed(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1")
	u := f.put("+628110000001")
	later := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	held := queue.ManualCall{AnsweredAt: queuetest.Start.Add(-time.Minute), EndedAt: queuetest.Start, Reason: "test", Alarm: "test"}
	struck := f.meanwhile(func() {
		f.append(f.other, u.ID, queue.KindManualConversation, queue.Details{
			Agent: "a2", Attempt: 1, Result: queue.ResultAnswered, Outcome: queue.OutcomeCallback, CallbackAt: &later, Manual: &held, Next: queue.NextRetry, RetryAt: &later,
		})
	})
	if s, err := f.claim(f.daemon, "a1"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("claimed %s for attempt %d (%v), which is to be tried in an hour", s.FollowUp.ID, s.Attempt, err)
	}
	<-struck
	f.free("a1")
	f.held()
	if s, err := f.claim(f.other, "a1"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("claimed %s (%v) before its time", s.FollowUp.ID, err)
	}
	s, err := f.other.Claim(f.Context(), queue.Claim{Agent: "a1", Lease: f.lease, Now: later})
	if err != nil || s.FollowUp.ID != u.ID {
		f.Errorf("claimed %s (%v) when its time has come", s.FollowUp.ID, err)
	}
}

// TestClaimLeftBehind: a daemon dies between reservation and assignment. Its
// successor finds the follow-up held and gives it back.
func TestClaimLeftBehind(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1", "a2")
	u := f.put("+628110000001")
	dead := f.proxy.Arm(faultproxy.Fault{Match: `"kind":"assigned"`, Before: func() { f.proxy.SetDown(true) }, DropRequest: true})
	if s, err := f.claim(f.daemon, "a1"); err == nil {
		f.Fatalf("claimed %s through a dead connection", s.FollowUp.ID)
	}
	<-dead
	f.held(u.ID)
	if s, err := f.claim(f.other, "a2"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("a2 claimed %s (%v), reserved for a1", s.FollowUp.ID, err)
	}
	f.must(f.other.Surrender(f.Context(), f.lease))
	young, err := f.other.Acquire(f.Context(), "pbx1", "d2", time.Minute)
	f.must(err)
	if err := f.other.Release(f.Context(), f.lease, u.ID); !errors.Is(err, queue.ErrFenced) {
		f.Errorf("released under the old fence: %v", err)
	}
	f.lease = young
	f.must(f.other.Release(f.Context(), young, u.ID))
	f.held()
	f.free("a1")
	if s, err := f.claim(f.other, "a1"); err != nil || s.FollowUp.ID != u.ID || s.Attempt != 1 {
		f.Errorf("claimed %s, attempt %d, %v", s.FollowUp.ID, s.Attempt, err)
	}
}

// TestClaimResumed: the connection fails between reservation and assignment and
// comes back. The agent's next claim carries the reservation on.
func TestClaimResumed(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1")
	u := f.put("+628110000001")
	f.put("+628110000002")
	cut := f.proxy.Arm(faultproxy.Fault{Match: `"kind":"assigned"`, Before: func() { f.proxy.SetDown(true) }, DropRequest: true})
	if s, err := f.claim(f.daemon, "a1"); err == nil {
		f.Fatalf("claimed %s through a dead connection", s.FollowUp.ID)
	}
	<-cut
	f.proxy.SetDown(false)
	if s, err := f.claim(f.daemon, "a1"); err != nil || s.FollowUp.ID != u.ID {
		f.Errorf("claimed %s (%v), want the one reserved before", s.FollowUp.ID, err)
	}
	f.held(u.ID)
	if s, err := f.claim(f.daemon, "a1"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("a busy agent claimed %s, %v", s.FollowUp.ID, err)
	}
}

// TestLostReplies: every kind of write is done once when its reply is lost.
func TestLostReplies(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1", "a2")
	lose := func(match string) <-chan struct{} {
		return f.proxy.Arm(faultproxy.Fault{Match: match, DropReply: true})
	}
	u := f.put("+628110000001")

	struck := lose("ready:a1") // of the claim script
	s, err := f.claim(f.daemon, "a1")
	if err != nil || s.FollowUp.ID != u.ID || s.Version != 2 {
		f.Fatalf("claim: %s, version %d, %v", s.FollowUp.ID, s.Version, err)
	}
	<-struck
	f.held(u.ID)

	struck = lose(`"kind":"deadline_warning"`)
	f.append(f.daemon, u.ID, queue.KindDeadlineWarning, queue.Details{})
	<-struck
	history, err := f.other.History(f.Context(), u.ID)
	f.must(err)
	if len(history) != 3 {
		f.Errorf("%d activities, want 3", len(history))
	}

	struck = lose("T-lost")
	now := queuetest.Start
	lost := queue.FollowUp{ID: "01JLOSTREPLY00000000000009", Ticket: "T-lost", Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Phone: "+628119999999"}, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if s, replayed, err := f.daemon.Enqueue(f.Context(), queue.Enqueue{FollowUp: lost, Key: "k", Fingerprint: "f"}); err != nil || replayed || s.FollowUp.ID != lost.ID {
		f.Errorf("enqueue: %s, replayed %v, %v", s.FollowUp.ID, replayed, err)
	}
	<-struck

	struck = lose("remove")
	f.must(f.daemon.RemoveAgent(f.Context(), "a2"))
	<-struck
}

// TestLostReplyOfRelease: giving up a claim twice is giving it up once.
func TestLostReplyOfRelease(t *testing.T) {
	f := newFaulty(t)
	f.ready("a1")
	u := f.put("+628110000001")
	var released <-chan struct{}
	cancelled := f.meanwhile(func() {
		released = f.proxy.Arm(faultproxy.Fault{Match: "held:pbx1\r\n", Nth: 2, DropReply: true}) // the first is the assignment
		f.append(f.other, u.ID, queue.KindCancelled, queue.Details{Reason: "test"})
	})
	if s, err := f.claim(f.daemon, "a1"); !errors.Is(err, queue.ErrNothingToClaim) {
		f.Errorf("claimed %s, %v", s.FollowUp.ID, err)
	}
	<-cancelled
	<-released
	f.held()
	f.free("a1")
}

// TestNamelessLease: a lease without an owner is nobody's, not everybody's.
func TestNamelessLease(t *testing.T) {
	f := newFaulty(t)
	u := f.put("+628110000001")
	_, err := f.other.Append(t.Context(), queue.Change{ID: u.ID, Lease: &queue.Lease{Switch: "pbx1"}, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: queuetest.Start, Kind: queue.KindDeadlineWarning}}, nil
	}})
	if !errors.Is(err, queue.ErrFenced) {
		f.Errorf("a write under an empty lease: %v", err)
	}
	if _, err := f.other.Acquire(t.Context(), "pbx2", "", time.Minute); err == nil {
		f.Error("a switch was given to nobody")
	}
}
