package queuetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"sambung/queue"
)

func (b *bench) life() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	s := b.claim("a1", l)
	if s.Status != queue.StatusAssigned || s.Attempt != 1 || s.Assignment == nil || s.Assignment.Fence != l.Fence {
		b.Errorf("after the claim: %+v", s)
	}
	b.dialled(l, id)
	s = b.do(&l, id, kind(queue.KindTaxpayerAnswered))
	if s.Status != queue.StatusTalking || s.ContactedAt.IsZero() {
		b.Errorf("after the answer: %s", s.Status)
	}
	s = b.do(&l, id, with(queue.KindCallEnded, queue.Details{Result: queue.ResultAnswered, TalkMS: 5000}))
	if s.Status != queue.StatusWrapUp || len(s.Recordings) != 1 || s.Dossier != queue.DossierArchiving {
		b.Errorf("after the talk: %s with %d recordings, dossier %s", s.Status, len(s.Recordings), s.Dossier)
	}
	b.do(&l, id, with(queue.KindOutcomeConfirmed, queue.Details{Outcome: queue.OutcomeDelivered, Via: "keypad"}))
	s, err := b.q.State(b.ctx, id)
	b.must(err)
	e, err := queue.Settle(s, queue.DefaultPolicy(), alwaysOpen{}, b.now, queue.ActorSystem)
	b.must(err)
	s = b.do(&l, id, e)
	if s.Status != queue.StatusClosed || s.Outcome != queue.OutcomeDelivered || s.MetDeadline() {
		b.Errorf("closed: %s, %s, met %v before the recording was verified", s.Status, s.Outcome, s.MetDeadline())
	}
	if _, err := b.append(&l, id, with(queue.KindSealed, queue.Details{SHA256: "x"})); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("sealed without its recording: %v", err)
	}
	s = b.do(&l, id, with(queue.KindRecordingArchived, queue.Details{Attempt: 1, File: "k", SHA256: "h"}))
	if !s.MetDeadline() {
		b.Error("documented in time, and the deadline is not met")
	}
	s = b.do(&l, id, with(queue.KindSealed, queue.Details{SHA256: "m"}))
	if s.Dossier != queue.DossierSealed || s.Manifest != "m" {
		b.Errorf("dossier %s", s.Dossier)
	}
	held, err := b.q.Held(b.ctx, "pbx1")
	b.must(err)
	if len(held) != 0 {
		b.Errorf("still held: %v", held)
	}
}

func (b *bench) retry() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	b.claim("a1", l)
	b.dialled(l, id)
	s := b.settle(l, id, queue.ResultBusy, "")
	if s.Status != queue.StatusQueued || !s.RetryAt.After(b.now) || s.Counted != 1 {
		b.Fatalf("after busy: %s, retry at %s, counted %d", s.Status, s.RetryAt, s.Counted)
	}
	b.noClaim("a1", l)
	b.now = s.RetryAt
	if s = b.claim("a1", l); s.FollowUp.ID != id || s.Attempt != 2 {
		b.Errorf("second attempt: %s, %d", s.FollowUp.ID, s.Attempt)
	}
	b.dialled(l, id)
	b.now = b.now.Add(time.Second)
	b.settle(l, id, queue.ResultAnswered, queue.OutcomeDelivered)
	b.now = b.now.Add(time.Hour)
	b.noClaim("a1", l)
}

func (b *bench) handBack() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	b.claim("a1", l)
	b.dialled(l, id)
	s := b.settle(l, id, queue.ResultInvalidNumber, "")
	if s.Status != queue.StatusHandedBack {
		b.Fatalf("after an invalid number: %s", s.Status)
	}
	b.noClaim("a1", l)
	mended := s.FollowUp
	mended.Taxpayer.Phone = "+628119999999"
	b.do(nil, id, with(queue.KindEdited, queue.Details{FollowUp: &mended}))
	b.do(nil, id, kind(queue.KindRequeued))
	if s = b.claim("a1", l); s.FollowUp.Taxpayer.Phone != mended.Taxpayer.Phone || s.Counted != 0 {
		b.Errorf("after the requeue: counted %d", s.Counted)
	}
	if _, err := b.append(nil, id, with(queue.KindCancelled, queue.Details{Reason: "x"})); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("cancelled under way: %v", err)
	}
	b.dialled(l, id)
	b.settle(l, id, queue.ResultAnswered, queue.OutcomeWrongPerson)
	if s = b.do(nil, id, with(queue.KindCancelled, queue.Details{Reason: "x"})); s.Status != queue.StatusCancelled {
		b.Errorf("cancelled: %s", s.Status)
	}
}

func (b *bench) correction() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	b.claim("a1", l)
	b.dialled(l, id)
	if s := b.settle(l, id, queue.ResultAnswered, queue.OutcomeUnconfirmed); s.Status != queue.StatusHandedBack || s.Outcome != queue.OutcomeUnconfirmed {
		b.Fatalf("unconfirmed: %s, %s", s.Status, s.Outcome)
	}
	s := b.do(nil, id, with(queue.KindOutcomeCorrected, queue.Details{Outcome: queue.OutcomeDelivered, Via: "api"}))
	e, err := queue.Settle(s, queue.DefaultPolicy(), alwaysOpen{}, b.now, queue.ActorUser("test"))
	b.must(err)
	if s = b.do(nil, id, e); s.Status != queue.StatusClosed || s.Outcome != queue.OutcomeDelivered || s.Counted != 1 {
		b.Errorf("corrected: %s, %s, counted %d", s.Status, s.Outcome, s.Counted)
	}
	if _, err := b.append(nil, id, with(queue.KindOutcomeCorrected, queue.Details{Outcome: queue.OutcomeRefused})); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("a confirmed outcome was corrected: %v", err)
	}
}

func (b *bench) late() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	b.claim("a1", l)
	b.dialled(l, id)
	before := b.settle(l, id, queue.ResultBusy, "")
	after := b.do(&l, id, with(queue.KindTaxpayerAnswered, queue.Details{Attempt: 1}))
	if after.Status != before.Status || after.Version != before.Version+1 {
		b.Errorf("a late observation moved %s to %s, version %d to %d", before.Status, after.Status, before.Version, after.Version)
	}
}

func (b *bench) refused() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	before := b.claim("a1", l)
	for _, e := range []queue.Entry{
		kind(queue.KindTaxpayerDialing),
		with(queue.KindOutcomeConfirmed, queue.Details{Outcome: queue.OutcomeDelivered}),
		with(queue.KindAttemptSettled, queue.Details{Next: queue.NextClose}),
		kind(queue.KindRequeued),
		with(queue.KindAgentRinging, queue.Details{Attempt: 7}),
	} {
		if _, err := b.append(&l, id, e); !errors.Is(err, queue.ErrRefused) {
			b.Errorf("%s: %v", e.Kind, err)
		}
	}
	no := errors.New("no")
	if _, err := b.q.Append(b.ctx, queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) { return nil, no }}); !errors.Is(err, no) {
		b.Errorf("the decider's own error: %v", err)
	}
	b.dialled(l, id)
	if _, err := b.append(&l, id, kind(queue.KindTaxpayerDialing)); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("the taxpayer was announced twice in one attempt: %v", err)
	}
	after, err := b.q.State(b.ctx, id)
	b.must(err)
	if after.Version != before.Version+4 {
		b.Errorf("version %d, want %d", after.Version, before.Version+4)
	}
}

func (b *bench) contention() {
	id := b.put(b.followUp())
	const writers, each = 6, 10
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				if _, err := b.append(nil, id, with(queue.KindDeadlineWarning, queue.Details{Reason: "test"})); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	s, err := b.q.State(b.ctx, id)
	b.must(err)
	if s.Version != 1+writers*each {
		b.Errorf("version %d after %d writes", s.Version, writers*each)
	}
}

func (b *bench) fences() {
	old := b.lease("d1")
	b.ready("a1", "a2")
	id := b.put(b.followUp())
	b.put(b.followUp())
	b.claim("a1", old)
	b.must(b.q.Surrender(b.ctx, old))
	young := b.lease("d2")
	if young.Fence <= old.Fence {
		b.Errorf("fence %d after %d", young.Fence, old.Fence)
	}
	if _, err := b.append(&old, id, kind(queue.KindAgentRinging)); !errors.Is(err, queue.ErrFenced) {
		b.Errorf("a write under the old fence: %v", err)
	}
	if _, err := b.q.Claim(b.ctx, queue.Claim{Agent: "a2", Lease: old, Now: b.now}); !errors.Is(err, queue.ErrFenced) {
		b.Errorf("a claim under the old fence: %v", err)
	}
	if err := b.q.Renew(b.ctx, old, time.Minute); !errors.Is(err, queue.ErrFenced) {
		b.Errorf("renewing the old lease: %v", err)
	}
	b.must(b.q.Surrender(b.ctx, old))
	b.do(&young, id, kind(queue.KindAgentRinging))
}

func (b *bench) leases() {
	first := b.lease("d1")
	_, err := b.q.Acquire(b.ctx, "pbx1", "d2", time.Minute)
	if held := (*queue.LeaseHeldError)(nil); !errors.As(err, &held) || held.Owner != "d1" || held.Remaining <= 0 {
		b.Errorf("a held lease: %v", err)
	}
	b.must(b.q.Renew(b.ctx, first, 80*time.Millisecond))
	deadline := time.Now().Add(5 * time.Second)
	for {
		second, err := b.q.Acquire(b.ctx, "pbx1", "d2", time.Minute)
		if err == nil {
			if second.Fence != first.Fence+1 {
				b.Errorf("fence %d after %d", second.Fence, first.Fence)
			}
			return
		}
		if time.Now().After(deadline) {
			b.Fatalf("an expired lease is not given: %v", err)
		}
		time.Sleep(10 * time.Millisecond) // the server's clock runs out
	}
}

func (b *bench) release() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	b.claim("a1", l)
	if err := b.q.Release(b.ctx, l, id); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("an assigned follow-up was released: %v", err)
	}
	held, err := b.q.Held(b.ctx, "pbx1")
	b.must(err)
	if len(held) != 1 || held[0] != id {
		b.Errorf("held %v", held)
	}
}

func (b *bench) evidence() {
	l := b.lease("d1")
	b.ready("a1")
	id := b.put(b.followUp())
	due := func(want int) {
		b.Helper()
		ids, err := b.q.PendingEvidence(b.ctx, "pbx1", 10)
		b.must(err)
		if len(ids) != want {
			b.Errorf("evidence due: %v, want %d", ids, want)
		}
	}
	due(0)
	b.claim("a1", l)
	b.dialled(l, id)
	b.settle(l, id, queue.ResultAnswered, queue.OutcomeDelivered)
	due(1)
	s := b.do(&l, id, with(queue.KindRecordingArchived, queue.Details{Attempt: 1, File: "k"}))
	b.do(&l, id, with(queue.KindRecordingRemoved, queue.Details{Attempt: 1}))
	b.do(&l, id, with(queue.KindHistoryShipped, queue.Details{UpTo: s.Settled}))
	due(1) // the seal
	b.do(&l, id, with(queue.KindSealed, queue.Details{SHA256: "m"}))
	due(0)
	never := b.put(b.followUp())
	b.do(nil, never, with(queue.KindCancelled, queue.Details{Reason: "x"}))
	due(1) // its seal, which any daemon may set
}

func (b *bench) agentRecords() {
	l := b.lease("d1")
	b.ready("a1")
	a, err := b.q.Agent(b.ctx, "a1")
	b.must(err)
	if !a.Free() || a.Endpoint != "PJSIP/a1" || a.Switch != "pbx1" {
		b.Errorf("agent %+v", a)
	}
	id := b.put(b.followUp())
	b.claim("a1", l)
	if err := b.q.RemoveAgent(b.ctx, "a1"); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("removing an agent with work in hand: %v", err)
	}
	b.do(&l, id, kind(queue.KindAgentRinging))
	b.now = b.now.Add(time.Second)
	s := b.do(&l, id, with(queue.KindCallEnded, queue.Details{Result: queue.ResultAgentNoAnswer}))
	e, err := queue.Settle(s, queue.DefaultPolicy(), alwaysOpen{}, b.now, queue.ActorSystem)
	b.must(err)
	e.Details.Attempt = 1
	_, err = b.q.Append(b.ctx, queue.Change{
		ID: id, Lease: &l, Agent: &queue.AgentChange{Presence: queue.PresencePaused, PauseReason: "no answer"},
		Decide: func(queue.State) ([]queue.Entry, error) { return []queue.Entry{e}, nil },
	})
	b.must(err)
	if a, err = b.q.Agent(b.ctx, "a1"); err != nil || a.Presence != queue.PresencePaused || a.Reserved != "" || a.PauseReason != "no answer" {
		b.Errorf("after no answer: %+v, %v", a, err)
	}
	b.must(b.q.RemoveAgent(b.ctx, "a1"))
	if _, err := b.q.Agent(b.ctx, "a1"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("a removed agent: %v", err)
	}
	if _, err := b.q.SetPresence(b.ctx, "a1", queue.PresenceReady, "", b.now); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("presence of nobody: %v", err)
	}
}

func (b *bench) events() {
	_, cursor, err := b.q.Events(b.ctx, "", time.Millisecond)
	b.must(err)
	id := b.put(b.followUp())
	b.do(nil, id, with(queue.KindCancelled, queue.Details{Reason: "x"}))
	var seen []string
	for deadline := time.Now().Add(5 * time.Second); len(seen) < 2 && time.Now().Before(deadline); {
		events, next, err := b.q.Events(b.ctx, cursor, 100*time.Millisecond)
		b.must(err)
		cursor = next
		for _, e := range events {
			seen = append(seen, fmt.Sprintf("%s %d %s %s", e.FollowUp, e.Version, e.Status, e.Kind))
		}
	}
	want := []string{string(id) + " 1 queued received", string(id) + " 2 cancelled cancelled"}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		b.Errorf("events %v, want %v", seen, want)
	}
}

func (b *bench) find() {
	a, c := b.followUp(), b.followUp()
	a.Deadline = a.Deadline.Add(time.Hour)
	c.Agent = "a7"
	b.put(a)
	b.put(c)
	b.do(nil, a.ID, with(queue.KindCancelled, queue.Details{Reason: "x"}))
	for name, q := range map[string]struct {
		filter queue.Filter
		want   []queue.ID
	}{
		"all":      {queue.Filter{}, []queue.ID{c.ID, a.ID}},
		"status":   {queue.Filter{Statuses: []queue.Status{queue.StatusCancelled}}, []queue.ID{a.ID}},
		"ticket":   {queue.Filter{Ticket: c.Ticket}, []queue.ID{c.ID}},
		"phone":    {queue.Filter{Phone: a.Taxpayer.Phone}, []queue.ID{a.ID}},
		"agent":    {queue.Filter{Agent: "a7"}, []queue.ID{c.ID}},
		"deadline": {queue.Filter{DeadlineBefore: a.Deadline}, []queue.ID{c.ID}},
		"from":     {queue.Filter{DeadlineFrom: c.Deadline, DeadlineBefore: a.Deadline}, []queue.ID{c.ID}},
		"after":    {queue.Filter{DeadlineFrom: c.Deadline.Add(time.Millisecond), DeadlineBefore: a.Deadline}, nil},
		"limit":    {queue.Filter{Limit: 1}, []queue.ID{c.ID}},
		"nothing":  {queue.Filter{Ticket: "T-999"}, nil},
	} {
		states, err := b.q.Find(b.ctx, q.filter)
		b.must(err)
		var got []queue.ID
		for _, s := range states {
			got = append(got, s.FollowUp.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(q.want) {
			b.Errorf("%s: %v, want %v", name, got, q.want)
		}
	}
}
