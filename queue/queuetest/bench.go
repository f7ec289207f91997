package queuetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sambung/queue"
)

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
