package queuetest

import (
	"errors"

	"sambung/queue"
)

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
	open := (*queue.TicketOpenError)(nil)
	if !errors.As(err, &open) || open.Existing != first.ID || open.Same != second.Repeats(first) {
		b.Errorf("a second open follow-up of the ticket: %v, %+v", err, open)
	}
	second.Message += " Lain."
	if _, _, err = b.q.Enqueue(b.ctx, queue.Enqueue{FollowUp: second}); !errors.As(err, &open) || open.Same {
		b.Errorf("one with another message: %v, %+v", err, open)
	}
	_, _, err = b.q.Enqueue(b.ctx, queue.Enqueue{FollowUp: second, AllowDuplicate: true})
	b.must(err)
	b.do(nil, first.ID, with(queue.KindCancelled, queue.Details{Reason: "test"}))
	b.do(nil, second.ID, with(queue.KindCancelled, queue.Details{Reason: "test"}))
	third := b.followUp()
	third.Ticket = first.Ticket
	b.put(third) // the ticket is free again
}
