package queuetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"sambung/queue"
)

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
