// Package queuetest is the conformance suite of queue.Queue: what its contract
// promises, asserted on every store.
package queuetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"sambung/queue"
)

// Start is when the suite's days begin.
var Start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.FixedZone("WIB", 7*3600))

// Run runs the suite; open gives an empty queue to each test.
func Run(t *testing.T, open func(testing.TB) queue.Queue) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"enqueue", (*bench).enqueue},
		{"duplicates and idempotency keys", (*bench).duplicates},
		{"earliest deadline first", (*bench).order},
		{"designated agents", (*bench).designated},
		{"an unrequested opinion waits for its agent", (*bench).routeC},
		{"agent and number are exclusive", (*bench).exclusive},
		{"concurrent claims", (*bench).concurrent},
		{"a whole life", (*bench).life},
		{"retry", (*bench).retry},
		{"hand back, edit, requeue, cancel", (*bench).handBack},
		{"unconfirmed is corrected", (*bench).correction},
		{"late observations", (*bench).late},
		{"refused changes leave nothing", (*bench).refused},
		{"appends contend", (*bench).contention},
		{"a state that is known", (*bench).known},
		{"fences", (*bench).fences},
		{"leases", (*bench).leases},
		{"release", (*bench).release},
		{"evidence", (*bench).evidence},
		{"agents", (*bench).agentRecords},
		{"events", (*bench).events},
		{"find", (*bench).find},
		{"sealed dossiers", (*bench).dossiers},
		{"one that is due is designated", (*bench).dueDesignated},
		{"one that is due is cancelled", (*bench).dueCancelled},
		{"one that is due is edited", (*bench).dueEdited},
		{"a free number behind many in a call", (*bench).lookAhead},
		{"equal deadlines", (*bench).ties},
		{"a lease that ran out", (*bench).expired},
		{"a switch is taken back", (*bench).reacquired},
		{"an agent of another switch", (*bench).otherSwitch},
		{"text", (*bench).text},
		{"nothing to write", (*bench).nothing},
		{"agents stand in line", (*bench).line},
		{"events of agents", (*bench).agentEvents},
		{"events wait", (*bench).quiet},
		{"find what is under way", (*bench).findBusy},
		{"users", (*bench).userRecords},
		{"passwords", (*bench).passwords},
		{"sessions", (*bench).sessions},
		{"sessions end with their user", (*bench).sessionsEnd},
		{"too many sessions", (*bench).manySessions},
		{"attempts", (*bench).attempts},
		{"attempts at once", (*bench).attemptsAtOnce},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &bench{T: t, q: open(t), ctx: t.Context(), now: Start}
			c.test(b)
			CheckConsistent(t, b.q)
		})
	}
}

// bench is one test's queue with short ways of doing things.
type bench struct {
	*testing.T
	q   queue.Queue
	ctx context.Context
	now time.Time
	n   int
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// followUp is a valid one, the n-th of its bench.
func (b *bench) followUp() queue.FollowUp {
	b.n++
	return queue.FollowUp{
		ID: queue.ID(fmt.Sprintf("01JQT%021d", b.n)), Ticket: fmt.Sprintf("T-%d", b.n), Route: queue.RouteAnswer,
		Taxpayer:   queue.Taxpayer{Name: "Wajib Pajak", Phone: fmt.Sprintf("+62812%08d", b.n)},
		ReceivedAt: b.now, EnteredAt: b.now, Deadline: b.now.Add(time.Hour), Calendar: "test",
	}
}

func (b *bench) put(f queue.FollowUp) queue.ID {
	b.Helper()
	_, _, err := b.q.Enqueue(b.ctx, queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")})
	b.must(err)
	return f.ID
}

func (b *bench) lease(owner string) queue.Lease {
	b.Helper()
	l, err := b.q.Acquire(b.ctx, "pbx1", owner, time.Minute)
	b.must(err)
	return l
}

func (b *bench) ready(ids ...queue.AgentID) {
	b.Helper()
	for _, id := range ids {
		b.must(b.q.PutAgent(b.ctx, queue.Agent{ID: id, Endpoint: "PJSIP/" + string(id), Switch: "pbx1", Since: b.now}))
		_, err := b.q.SetPresence(b.ctx, id, queue.PresenceReady, "", b.now)
		b.must(err)
	}
}

func (b *bench) claim(a queue.AgentID, l queue.Lease) queue.State {
	b.Helper()
	s, err := b.q.Claim(b.ctx, queue.Claim{Agent: a, Lease: l, Now: b.now})
	b.must(err)
	return s
}

func (b *bench) noClaim(a queue.AgentID, l queue.Lease) {
	b.Helper()
	if s, err := b.q.Claim(b.ctx, queue.Claim{Agent: a, Lease: l, Now: b.now}); !errors.Is(err, queue.ErrNothingToClaim) {
		b.Fatalf("claimed %s (%v), want nothing to claim", s.FollowUp.ID, err)
	}
}

// do appends entries of these kinds to the follow-up's latest attempt.
func (b *bench) do(l *queue.Lease, id queue.ID, entries ...queue.Entry) queue.State {
	b.Helper()
	s, err := b.append(l, id, entries...)
	b.must(err)
	return s
}

func (b *bench) append(l *queue.Lease, id queue.ID, entries ...queue.Entry) (queue.State, error) {
	return b.q.Append(b.ctx, queue.Change{ID: id, Lease: l, Decide: func(s queue.State) ([]queue.Entry, error) {
		list := slices.Clone(entries)
		for i := range list {
			list[i].At, list[i].Actor = b.now, queue.ActorSystem
			if list[i].Details.Attempt == 0 && s.Status.Reserved() {
				list[i].Details.Attempt = s.Attempt
			}
		}
		return list, nil
	}})
}

func kind(k queue.Kind) queue.Entry { return queue.Entry{Kind: k} }

func with(k queue.Kind, d queue.Details) queue.Entry { return queue.Entry{Kind: k, Details: d} }

// dialled brings a claimed follow-up to where the taxpayer's telephone is dialled.
func (b *bench) dialled(l queue.Lease, id queue.ID) {
	b.Helper()
	tracks := &queue.Tracks{Agent: string(id) + "-a", Taxpayer: string(id) + "-t"}
	b.do(&l, id, kind(queue.KindAgentRinging))
	b.do(&l, id, kind(queue.KindAgentAnswered), with(queue.KindRecordingStarted, queue.Details{Tracks: tracks}))
	b.do(&l, id, kind(queue.KindTaxpayerDialing))
}

// settle ends the attempt with a result and, if answered, an outcome.
func (b *bench) settle(l queue.Lease, id queue.ID, r queue.Result, o queue.Outcome) queue.State {
	b.Helper()
	if r == queue.ResultAnswered {
		b.do(&l, id, kind(queue.KindTaxpayerAnswered))
	}
	s := b.do(&l, id, with(queue.KindCallEnded, queue.Details{Result: r}))
	switch {
	case o == queue.OutcomeUnconfirmed:
		s = b.do(&l, id, kind(queue.KindWrapUpExpired))
	case o != "":
		s = b.do(&l, id, with(queue.KindOutcomeConfirmed, queue.Details{Outcome: o, Via: "keypad"}))
	}
	e, err := queue.Settle(s, queue.DefaultPolicy(), alwaysOpen{}, b.now, queue.ActorSystem)
	b.must(err)
	return b.do(&l, id, e)
}

// alwaysOpen is a calendar without nights.
type alwaysOpen struct{}

func (alwaysOpen) Add(t time.Time, d time.Duration) (time.Time, bool, error) {
	return t.Add(d), false, nil
}
func (alwaysOpen) Between(a, b time.Time) time.Duration { return max(0, b.Sub(a)) }
func (alwaysOpen) Open(time.Time) bool                  { return true }
func (alwaysOpen) NextOpen(t time.Time) time.Time       { return t }
func (alwaysOpen) Version() string                      { return "test" }

func (b *bench) enqueue() {
	f := b.followUp()
	id := b.put(f)
	s, err := b.q.State(b.ctx, id)
	b.must(err)
	if s.Status != queue.StatusQueued || s.Version != 1 || s.FollowUp.Taxpayer != f.Taxpayer || !s.FollowUp.Deadline.Equal(f.Deadline) {
		b.Errorf("state %+v", s)
	}
	if _, err := b.q.State(b.ctx, "01JQTNOBODYNOBODYNOBODY000"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("state of nothing: %v", err)
	}
	if _, err := b.q.History(b.ctx, "01JQTNOBODYNOBODYNOBODY000"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("history of nothing: %v", err)
	}
	p := b.followUp()
	p.Provisional = true
	b.put(p)
	history, err := b.q.History(b.ctx, p.ID)
	b.must(err)
	if len(history) != 2 || history[1].Kind != queue.KindDeadlineProvisional {
		b.Errorf("a provisional deadline raised no alarm: %d activities", len(history))
	}
}

func (b *bench) duplicates() {
	first := b.followUp()
	e := queue.Enqueue{FollowUp: first, Actor: queue.ActorUser("test"), Key: "key-1", Fingerprint: "a"}
	_, replayed, err := b.q.Enqueue(b.ctx, e)
	b.must(err)
	if replayed {
		b.Error("the first use of a key was a replay")
	}
	again := e
	again.FollowUp.ID = b.followUp().ID
	s, replayed, err := b.q.Enqueue(b.ctx, again)
	b.must(err)
	if !replayed || s.FollowUp.ID != first.ID {
		b.Errorf("a repeated key gave %s, replayed %v", s.FollowUp.ID, replayed)
	}
	again.Fingerprint = "b"
	if _, _, err := b.q.Enqueue(b.ctx, again); !errors.Is(err, queue.ErrKeyReused) {
		b.Errorf("a key used for another request: %v", err)
	}
	second := b.followUp()
	second.Ticket = first.Ticket
	_, _, err = b.q.Enqueue(b.ctx, queue.Enqueue{FollowUp: second})
	if open := (*queue.TicketOpenError)(nil); !errors.As(err, &open) || open.Existing != first.ID {
		b.Errorf("a second open follow-up of the ticket: %v", err)
	}
	_, _, err = b.q.Enqueue(b.ctx, queue.Enqueue{FollowUp: second, AllowDuplicate: true})
	b.must(err)
	b.do(nil, first.ID, with(queue.KindCancelled, queue.Details{Reason: "test"}))
	b.do(nil, second.ID, with(queue.KindCancelled, queue.Details{Reason: "test"}))
	third := b.followUp()
	third.Ticket = first.Ticket
	b.put(third) // the ticket is free again
}

func (b *bench) order() {
	l := b.lease("d1")
	b.ready("a1")
	deadlines := rand.Perm(120)
	for _, d := range deadlines {
		f := b.followUp()
		f.Deadline = b.now.Add(time.Duration(d) * time.Minute)
		b.put(f)
	}
	last := time.Time{}
	for range deadlines {
		s := b.claim("a1", l)
		if s.FollowUp.Deadline.Before(last) {
			b.Fatalf("served %s after %s", s.FollowUp.Deadline, last)
		}
		last = s.FollowUp.Deadline
		b.dialled(l, s.FollowUp.ID)
		b.settle(l, s.FollowUp.ID, queue.ResultAnswered, queue.OutcomeDelivered)
	}
	b.noClaim("a1", l)
}

func (b *bench) designated() {
	l := b.lease("d1")
	b.ready("a1", "a2")
	early := b.followUp()
	early.Agent = "a2"
	b.put(early)
	late := b.followUp()
	late.Deadline = early.Deadline.Add(time.Hour)
	b.put(late)
	if s := b.claim("a1", l); s.FollowUp.ID != late.ID {
		b.Errorf("a1 was given %s, designated for a2", s.FollowUp.ID)
	}
	if s := b.claim("a2", l); s.FollowUp.ID != early.ID {
		b.Errorf("a2 was given %s", s.FollowUp.ID)
	}
	moved := b.put(b.followUp())
	b.do(nil, moved, with(queue.KindDesignated, queue.Details{Agent: "a9"}))
	b.ready("a3", "a9")
	b.noClaim("a3", l)
	if s := b.claim("a9", l); s.FollowUp.ID != moved {
		b.Errorf("a9 was given %s", s.FollowUp.ID)
	}
}

func (b *bench) routeC() {
	l := b.lease("d1")
	b.ready("a1")
	f := b.followUp()
	f.Route, f.Directorate = queue.RouteOpinionUnrequested, queue.DirectoratePP1
	id := b.put(f)
	b.noClaim("a1", l)
	b.do(nil, id, with(queue.KindDesignated, queue.Details{Agent: "a1"}))
	if s := b.claim("a1", l); s.FollowUp.ID != id {
		b.Errorf("given %s", s.FollowUp.ID)
	}
}

func (b *bench) exclusive() {
	l := b.lease("d1")
	b.ready("a1", "a2", "a3")
	one, two, three := b.followUp(), b.followUp(), b.followUp()
	two.Taxpayer.Phone = one.Taxpayer.Phone
	three.Deadline = three.Deadline.Add(time.Hour)
	b.put(one)
	b.put(two)
	b.put(three)
	if s := b.claim("a1", l); s.FollowUp.ID != one.ID {
		b.Fatalf("given %s", s.FollowUp.ID)
	}
	b.noClaim("a1", l) // the agent is busy
	if s := b.claim("a2", l); s.FollowUp.ID != three.ID {
		b.Errorf("given %s, whose number is in a call", s.FollowUp.ID)
	}
	b.noClaim("a3", l)
	b.dialled(l, one.ID)
	b.settle(l, one.ID, queue.ResultAnswered, queue.OutcomeDelivered)
	if s := b.claim("a3", l); s.FollowUp.ID != two.ID {
		b.Errorf("given %s once the number was free", s.FollowUp.ID)
	}
	b.claim0("a1", l)
}

// claim0 checks that a freed agent could claim, if there were something.
func (b *bench) claim0(a queue.AgentID, l queue.Lease) {
	b.Helper()
	b.noClaim(a, l)
	agent, err := b.q.Agent(b.ctx, a)
	b.must(err)
	if !agent.Free() {
		b.Errorf("agent %s is not free: %+v", a, agent)
	}
}

func (b *bench) concurrent() {
	l := b.lease("d1")
	const agents, work = 8, 60
	for i := range work {
		f := b.followUp()
		f.Taxpayer.Phone = fmt.Sprintf("+62813%08d", i%20) // three for each number
		b.put(f)
	}
	var mu sync.Mutex
	busy := make(map[string]bool)
	served := 0
	var all sync.WaitGroup
	for i := range agents {
		id := queue.AgentID(fmt.Sprintf("a%d", i))
		b.ready(id)
		all.Go(func() {
			for idle := 0; idle < 200; {
				s, err := b.q.Claim(b.ctx, queue.Claim{Agent: id, Lease: l, Now: b.now})
				if errors.Is(err, queue.ErrNothingToClaim) {
					idle++
					continue
				}
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				if busy[s.FollowUp.Taxpayer.Phone] {
					b.Errorf("number of %s is in two calls", s.FollowUp.ID)
				}
				busy[s.FollowUp.Taxpayer.Phone] = true
				served++
				mu.Unlock()
				b.dialled(l, s.FollowUp.ID)
				mu.Lock()
				delete(busy, s.FollowUp.Taxpayer.Phone)
				mu.Unlock()
				b.settle(l, s.FollowUp.ID, queue.ResultAnswered, queue.OutcomeDelivered)
			}
		})
	}
	all.Wait()
	if served != work {
		b.Errorf("%d of %d served", served, work)
	}
}

// CheckConsistent checks, for every follow-up, that its history is an unbroken
// chain that adds up to the stored state.
func CheckConsistent(t testing.TB, q queue.Queue) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	states, err := q.Find(ctx, queue.Filter{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		history, err := q.History(ctx, s.FollowUp.ID)
		if err != nil {
			t.Fatal(err)
		}
		folded, err := queue.Fold(history)
		if err != nil {
			t.Errorf("history of %s: %v", s.FollowUp.ID, err)
			continue
		}
		if got, want := encode(t, s), encode(t, folded); got != want {
			t.Errorf("stored state of %s\n%s\nis not what its history adds up to\n%s", s.FollowUp.ID, got, want)
		}
	}
}

func encode(t testing.TB, s queue.State) string {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
