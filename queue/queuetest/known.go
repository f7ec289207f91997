package queuetest

import (
	"errors"
	"slices"

	"sambung/queue"
)

// known: a state that the caller holds spares reading it, and decides nothing
// when it is outdated, is of another follow-up, or is of another past.
func (b *bench) known() {
	l := b.lease("d1")
	b.ready("a1")
	id, other := b.put(b.followUp()), b.put(b.followUp())
	claimed := b.claim("a1", l)
	if claimed.FollowUp.ID != id {
		b.Fatalf("claimed %s, want %s", claimed.FollowUp.ID, id)
	}
	warn := func(id queue.ID, known queue.State, only queue.Status) queue.State {
		b.Helper()
		s, err := b.q.Append(b.ctx, queue.Change{ID: id, Known: &known, Decide: func(s queue.State) ([]queue.Entry, error) {
			if s.Status != only {
				return nil, errors.New("another status: " + string(s.Status))
			}
			return []queue.Entry{{At: b.now, Actor: queue.ActorSystem, Kind: queue.KindDeadlineWarning}}, nil
		}})
		b.must(err)
		return s
	}
	fresh := warn(id, claimed, queue.StatusAssigned)
	if fresh.Version != claimed.Version+1 {
		b.Errorf("version %d after %d", fresh.Version, claimed.Version)
	}
	if again := warn(id, claimed, queue.StatusAssigned); again.Version != fresh.Version+1 {
		b.Errorf("version %d, decided on an outdated state", again.Version)
	}
	b.do(&l, id, kind(queue.KindAgentRinging))
	last := warn(id, claimed, queue.StatusDialing) // refused by what is known, allowed by what is
	if s := warn(other, last, queue.StatusQueued); s.FollowUp.ID != other {
		b.Errorf("written to %s by the state of another", s.FollowUp.ID)
	}
	forged := last
	forged.Head = claimed.Head // as after a store that was set back
	warn(id, forged, queue.StatusDialing)
	history, err := b.q.History(b.ctx, id)
	b.must(err)
	b.must(queue.VerifyChain(history))
	present, err := b.q.State(b.ctx, id)
	b.must(err)
	if n := len(history); n != present.Version || !slices.ContainsFunc(history, func(a queue.Activity) bool { return a.Kind == queue.KindAgentRinging }) {
		b.Errorf("%d activities at version %d", n, present.Version)
	}
}
