package queuetest

import (
	"errors"
	"fmt"
	"time"

	"sambung/queue"
)

// dossiers pages through what is sealed, the last first, and keeps reviews.
func (b *bench) dossiers() {
	l := b.lease("d1")
	b.ready("a1")
	var ids []queue.ID // as they are sealed
	var ticket, phone string
	for n := range 5 {
		if n != 2 { // of the same millisecond as the one before
			b.now = b.now.Add(time.Minute)
		}
		f := b.followUp()
		ticket, phone = f.Ticket, f.Taxpayer.Phone
		ids = append(ids, b.put(f))
		b.do(nil, ids[n], with(queue.KindCancelled, queue.Details{Reason: "x"}))
		b.do(nil, ids[n], with(queue.KindSealed, queue.Details{SHA256: "m"}))
	}
	b.put(b.followUp()) // not sealed
	called := b.claim("a1", l).FollowUp.ID
	b.dialled(l, called)
	if s := b.settle(l, called, queue.ResultInvalidNumber, ""); s.LastAgent != "a1" || s.Assignment != nil {
		b.Errorf("the last agent is %q", s.LastAgent)
	}
	b.do(nil, called, with(queue.KindRecordingAlarm, queue.Details{Attempt: 1, Reason: "x"}))
	b.do(nil, called, with(queue.KindCancelled, queue.Details{Reason: "x"}))
	b.now = b.now.Add(time.Minute)
	b.do(nil, called, with(queue.KindSealed, queue.Details{SHA256: "m"}))
	ids = append(ids, called)

	want := []queue.ID{ids[5], ids[4], ids[3], max(ids[1], ids[2]), min(ids[1], ids[2]), ids[0]}
	for _, limit := range []int{1, 2, 4, 6, 100} {
		b.pages(fmt.Sprintf("pages of %d", limit), queue.SealedFilter{Limit: limit}, want)
	}
	b.pages("of an agent", queue.SealedFilter{Agent: "a1"}, want[:1])
	b.pages("of a ticket", queue.SealedFilter{Ticket: ticket, Limit: 1}, []queue.ID{ids[4]})
	b.pages("of a number", queue.SealedFilter{Phone: phone}, []queue.ID{ids[4]})
	b.pages("from and to", queue.SealedFilter{From: b.sealed(ids[1]), To: b.sealed(ids[4]), Limit: 2}, want[2:5])
	b.pages("of nobody", queue.SealedFilter{Agent: "a2"}, nil)
	if _, _, err := b.q.Sealed(b.ctx, queue.SealedFilter{Cursor: "nonsense"}); !errors.Is(err, queue.ErrRefused) {
		b.Errorf("a cursor that is none: %v", err)
	}

	b.must(b.q.SetReview(b.ctx, ids[0], queue.Review{Verdict: "returned", Seq: 3}))
	b.must(b.q.SetReview(b.ctx, ids[0], queue.Review{Verdict: "accepted", Seq: 2}))
	b.must(b.q.SetReview(b.ctx, ids[1], queue.Review{Verdict: "accepted", Seq: 10}))
	kept, err := b.q.Reviews(b.ctx, ids)
	b.must(err)
	if len(kept) != 2 || kept[ids[0]] != (queue.Review{Verdict: "returned", Seq: 3}) || kept[ids[1]].Seq != 10 {
		b.Errorf("reviews: %v", kept)
	}
}

func (b *bench) sealed(id queue.ID) time.Time {
	s, err := b.q.State(b.ctx, id)
	b.must(err)
	return s.SealedAt
}

// pages reads all pages of a filter.
func (b *bench) pages(name string, f queue.SealedFilter, want []queue.ID) {
	b.Helper()
	var got []queue.ID
	for n := 0; n < 20; n++ {
		states, next, err := b.q.Sealed(b.ctx, f)
		b.must(err)
		if f.Limit > 0 && len(states) > f.Limit {
			b.Errorf("%s: a page of %d", name, len(states))
		}
		for _, s := range states {
			got = append(got, s.FollowUp.ID)
		}
		if f.Cursor = next; next == "" {
			break
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.Errorf("%s: %v, want %v", name, got, want)
	}
}
