package queuetest

import (
	"errors"
	"fmt"
	"time"

	"sambung/queue"
)

// promoted gives two follow-ups that failed once and are due again, of which
// the first is claimed, so that a store may have moved the second already.
func (b *bench) promoted(l queue.Lease) (claimed, due queue.ID) {
	b.Helper()
	b.ready("a1")
	claimed, due = b.put(b.followUp()), b.put(b.followUp())
	var last time.Time
	for range 2 {
		s := b.claim("a1", l)
		b.dialled(l, s.FollowUp.ID)
		last = b.settle(l, s.FollowUp.ID, queue.ResultBusy, "").RetryAt
	}
	b.now = last.Add(time.Second)
	if s := b.claim("a1", l); s.FollowUp.ID != claimed {
		b.Fatalf("given %s, want %s", s.FollowUp.ID, claimed)
	}
	return claimed, due
}

func (b *bench) dueDesignated() {
	l := b.lease("d1")
	_, due := b.promoted(l)
	b.do(nil, due, with(queue.KindDesignated, queue.Details{Agent: "a2"}))
	b.ready("a2", "a3")
	b.noClaim("a3", l)
	if s := b.claim("a2", l); s.FollowUp.ID != due {
		b.Errorf("a2 was given %s", s.FollowUp.ID)
	}
}

func (b *bench) dueCancelled() {
	l := b.lease("d1")
	_, due := b.promoted(l)
	b.do(nil, due, with(queue.KindCancelled, queue.Details{Reason: "test"}))
	b.ready("a2")
	b.noClaim("a2", l)
}

// dueEdited moves the deadline of one that is due before that of another.
func (b *bench) dueEdited() {
	l := b.lease("d1")
	_, due := b.promoted(l)
	other := b.followUp()
	s, err := b.q.State(b.ctx, due)
	b.must(err)
	other.Deadline = s.FollowUp.Deadline.Add(-time.Minute)
	b.put(other)
	edited := s.FollowUp
	edited.Deadline = other.Deadline.Add(-time.Minute)
	b.do(nil, due, with(queue.KindEdited, queue.Details{FollowUp: &edited}))
	b.ready("a2")
	if s := b.claim("a2", l); s.FollowUp.ID != due {
		b.Errorf("a2 was given %s before the earlier deadline", s.FollowUp.ID)
	}
}

// lookAhead puts one free number behind many that are in a call.
func (b *bench) lookAhead() {
	l := b.lease("d1")
	b.ready("a1", "a2")
	first := b.followUp()
	b.put(first)
	for range 120 {
		f := b.followUp()
		f.Taxpayer.Phone = first.Taxpayer.Phone
		f.Deadline = first.Deadline.Add(time.Minute)
		b.put(f)
	}
	last := b.followUp()
	last.Deadline = first.Deadline.Add(time.Hour)
	b.put(last)
	if s := b.claim("a1", l); s.FollowUp.ID != first.ID {
		b.Fatalf("given %s", s.FollowUp.ID)
	}
	if s := b.claim("a2", l); s.FollowUp.ID != last.ID {
		b.Errorf("given %s", s.FollowUp.ID)
	}
}

// ties are served in the order of their ids, whichever queue they wait in.
func (b *bench) ties() {
	l := b.lease("d1")
	b.ready("a1")
	var want []queue.ID
	for i := range 6 {
		f := b.followUp()
		if i%2 == 0 {
			f.Agent = "a1"
		}
		want = append(want, b.put(f))
	}
	for _, id := range want {
		s := b.claim("a1", l)
		if s.FollowUp.ID != id {
			b.Fatalf("given %s, want %s", s.FollowUp.ID, id)
		}
		b.dialled(l, id)
		b.settle(l, id, queue.ResultAnswered, queue.OutcomeDelivered)
	}
}

// expired: a lease that ran out lets nobody claim, and is as good as before
// once it is renewed, if nobody took it.
func (b *bench) expired() {
	l := b.lease("d1")
	b.ready("a1", "a2")
	first, second := b.put(b.followUp()), b.put(b.followUp())
	b.claim("a1", l)
	b.must(b.q.Renew(b.ctx, l, time.Millisecond))
	for end := time.Now().Add(5 * time.Second); ; {
		s, err := b.q.Claim(b.ctx, queue.Claim{Agent: "a9", Lease: l, Now: b.now}) // nobody, so that it takes nothing
		if errors.Is(err, queue.ErrFenced) {
			break
		}
		if time.Now().After(end) {
			b.Fatalf("claimed %q under an expired lease: %v", s.FollowUp.ID, err)
		}
	}
	b.do(&l, first, kind(queue.KindAgentRinging)) // a call under way goes on
	b.must(b.q.Renew(b.ctx, l, time.Minute))
	if s := b.claim("a2", l); s.FollowUp.ID != second {
		b.Errorf("given %s", s.FollowUp.ID)
	}
}

// reacquired: a daemon that starts again takes its switch back at once, and
// its earlier run is fenced off.
func (b *bench) reacquired() {
	old := b.lease("d1")
	young := b.lease("d1")
	if young.Fence <= old.Fence {
		b.Errorf("fence %d after %d", young.Fence, old.Fence)
	}
	if err := b.q.Renew(b.ctx, old, time.Minute); !errors.Is(err, queue.ErrFenced) {
		b.Errorf("renewing the earlier run's lease: %v", err)
	}
	b.must(b.q.Surrender(b.ctx, old)) // takes nothing from the new run
	b.must(b.q.Renew(b.ctx, young, time.Minute))
}

func (b *bench) otherSwitch() {
	l := b.lease("d1")
	b.put(b.followUp())
	b.must(b.q.PutAgent(b.ctx, queue.Agent{ID: "a1", Endpoint: "PJSIP/a1", Switch: "pbx2"}))
	_, err := b.q.SetPresence(b.ctx, "a1", queue.PresenceReady, "", b.now)
	b.must(err)
	b.noClaim("a1", l)
}

// text comes back as it was written.
func (b *bench) text() {
	f := b.followUp()
	f.Taxpayer.Name = "Ny. Siti \"Ibu\" <&> O'Hara \\ 😀 \u2028 \x00 ß"
	f.Message = "baris satu\r\nbaris dua\t{\"a\":[1,2]} %s $1"
	id := b.put(f)
	s, err := b.q.State(b.ctx, id)
	b.must(err)
	if s.FollowUp.Taxpayer != f.Taxpayer || s.FollowUp.Message != f.Message {
		b.Errorf("read back %q %q", s.FollowUp.Taxpayer.Name, s.FollowUp.Message)
	}
}

func (b *bench) nothing() {
	id := b.put(b.followUp())
	s, err := b.q.Append(b.ctx, queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) { return nil, nil }})
	b.must(err)
	if s.Version != 1 {
		b.Errorf("version %d after a change without entries", s.Version)
	}
	_, err = b.q.Append(b.ctx, queue.Change{ID: "01JQTNOBODYNOBODYNOBODY000", Decide: func(queue.State) ([]queue.Entry, error) { return nil, nil }})
	if !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("a change of nothing: %v", err)
	}
	twice := b.followUp()
	twice.ID = id
	if _, _, err := b.q.Enqueue(b.ctx, queue.Enqueue{FollowUp: twice}); err == nil {
		b.Error("an id was used twice")
	}
	if err := b.q.Release(b.ctx, b.lease("d1"), id); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("releasing what was never claimed: %v", err)
	}
}

// line: who has been free the longest is first; saying ready again keeps the
// place, and whoever was just freed is last.
func (b *bench) line() {
	l := b.lease("d1")
	for _, id := range []queue.AgentID{"a3", "a1", "a2"} {
		b.now = b.now.Add(time.Second)
		b.ready(id)
	}
	order := func(want ...queue.AgentID) {
		b.Helper()
		agents, err := b.q.Agents(b.ctx)
		b.must(err)
		var got []queue.AgentID
		for _, a := range agents {
			got = append(got, a.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			b.Errorf("line %v, want %v", got, want)
		}
	}
	b.now = b.now.Add(time.Second)
	_, err := b.q.SetPresence(b.ctx, "a3", queue.PresenceReady, "", b.now)
	b.must(err)
	order("a3", "a1", "a2")
	id := b.put(b.followUp())
	b.claim("a3", l)
	b.must(b.q.PutAgent(b.ctx, queue.Agent{ID: "a3", Endpoint: "PJSIP/new", Switch: "pbx1", Since: b.now}))
	a, err := b.q.Agent(b.ctx, "a3")
	b.must(err)
	if a.Endpoint != "PJSIP/new" || a.Presence != queue.PresenceReady || a.Reserved != id {
		b.Errorf("after a new endpoint: %+v", a)
	}
	b.dialled(l, id)
	b.now = b.now.Add(time.Minute)
	b.settle(l, id, queue.ResultAnswered, queue.OutcomeDelivered)
	order("a1", "a2", "a3")
	if err := b.q.RemoveAgent(b.ctx, "a9"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("removing nobody: %v", err)
	}
}

// agentEvents: whoever waits for changes hears of agents too.
func (b *bench) agentEvents() {
	_, cursor, err := b.q.Events(b.ctx, "", time.Millisecond)
	b.must(err)
	b.ready("a1")
	seen := false
	for end := time.Now().Add(5 * time.Second); !seen && time.Now().Before(end); {
		var events []queue.Event
		events, cursor, err = b.q.Events(b.ctx, cursor, 100*time.Millisecond)
		b.must(err)
		for _, e := range events {
			seen = seen || (e.Agent == "a1" && e.FollowUp == "")
		}
	}
	if !seen {
		b.Error("no event of the agent")
	}
}

// quiet: without changes, Events waits as long as it was asked to.
func (b *bench) quiet() {
	_, cursor, err := b.q.Events(b.ctx, "", time.Millisecond)
	b.must(err)
	start := time.Now()
	events, next, err := b.q.Events(b.ctx, cursor, 1300*time.Millisecond)
	b.must(err)
	if took := time.Since(start); took < 1300*time.Millisecond || len(events) > 0 || next != cursor {
		b.Errorf("%d events after %s, cursor %s after %s", len(events), took, next, cursor)
	}
}

func (b *bench) findBusy() {
	l := b.lease("d1")
	b.ready("a1")
	busy, free := b.put(b.followUp()), b.put(b.followUp())
	b.claim("a1", l)
	for _, c := range []struct {
		filter queue.Filter
		want   []queue.ID
	}{
		{queue.Filter{Agent: "a1"}, []queue.ID{busy}},
		{queue.Filter{Statuses: []queue.Status{queue.StatusAssigned, queue.StatusQueued}}, []queue.ID{busy, free}},
		{queue.Filter{Statuses: []queue.Status{queue.StatusQueued}, Agent: "a1"}, nil},
	} {
		states, err := b.q.Find(b.ctx, c.filter)
		b.must(err)
		var got []queue.ID
		for _, s := range states {
			got = append(got, s.FollowUp.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			b.Errorf("%+v: %v, want %v", c.filter, got, c.want)
		}
	}
}
