package acceptance_test

import (
	"fmt"
	"time"

	"sambung/queue"
)

// opening lets the office open, and fails the test unless every agent who is
// there is rung at once: what the last closing stopped says nothing about the trunk.
func (o *ordered) opening(w window) {
	o.Helper()
	agents, err := o.queue.Agents(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	ready := 0
	for _, a := range agents {
		if a.Free() {
			ready++
		}
	}
	letGo := o.sw.hold()
	defer letGo()
	o.clock.set(w.opens)
	eventually(o.T, 20*time.Second, fmt.Sprintf("all %d agents are rung as the office opens at %s", ready, w.opens.Format(time.DateTime)), func() bool { return o.dispatcher.Live() == ready })
}

// working waits until the office closes, or nothing is left to do; then it
// reports true.
func (o *ordered) working() (done bool) {
	o.Helper()
	eventually(o.T, 40*time.Second, "the office closes, or nothing is left", func() bool {
		_, left := o.queue.counts()
		done = left == 0 && o.dispatcher.Live() == 0
		return done || !o.calendar.WorkingTime.Open(o.clock.Now())
	})
	if done {
		return true
	}
	o.quiet()
	if n := o.queue.settled(); n == 0 {
		o.Error("no call was under way as the office closed: nothing was tried")
	}
	return false
}

// quiet waits until the dispatcher has seen that the office is closed and no
// call is under way any more.
func (o *ordered) quiet() {
	o.Helper()
	o.looks(3 * orderAgents) // each call may have looked once or twice; the others are the dispatcher's own
	eventually(o.T, 10*time.Second, "no call is under way", func() bool { return o.dispatcher.Live() == 0 })
}

// looks waits until somebody has found the office closed n times more.
func (o *ordered) looks(n int64) {
	o.Helper()
	before := o.calendar.closed.Load()
	eventually(o.T, 10*time.Second, "the dispatcher finds the office closed", func() bool { return o.calendar.closed.Load() >= before+n })
}

// resting fails the test if anything begins while the office is closed.
func (o *ordered) resting() {
	o.Helper()
	o.quiet()
	claims, _ := o.queue.counts()
	rung := len(o.sw.rung())
	o.looks(3)
	if now, _ := o.queue.counts(); now != claims || len(o.sw.rung()) != rung {
		o.Errorf("at %s, outside office hours, %d follow-ups were claimed and %d taxpayers rung", o.clock.Now(), now-claims, len(o.sw.rung())-rung)
	}
}

// designate names an agent for the first n and returns the rest.
func (o *ordered) designate(unassigned []queue.FollowUp, n int) []queue.FollowUp {
	o.Helper()
	for i, f := range unassigned[:n] {
		f.Agent = agentID(i % orderAgents)
		_, err := o.queue.Append(o.Context(), queue.Change{ID: f.ID, Decide: func(queue.State) ([]queue.Entry, error) {
			return []queue.Entry{{At: o.clock.Now(), Actor: queue.ActorUser("co-supervisor"), Kind: queue.KindDesignated, Details: queue.Details{Agent: f.Agent}}}, nil
		}})
		if err != nil {
			o.Fatal(err)
		}
		o.queue.wait(f)
	}
	return unassigned[n:]
}

// judge looks at what became of all of them, in the ledger and at the switch.
func (o *ordered) judge(all, unassigned []queue.FollowUp) {
	o.Helper()
	never := make(map[queue.ID]bool)
	for _, f := range unassigned {
		never[f.ID] = true
	}
	rung := make(map[string]int)
	for _, d := range o.sw.rung() {
		rung[d.number]++
		o.judgeDial(d)
	}
	states, err := o.queue.Find(o.Context(), queue.Filter{Limit: 2 * len(all)})
	if err != nil || len(states) != len(all) || len(never) == 0 {
		o.Fatalf("%d follow-ups in the ledger, %v; want %d, of which %d are never served", len(states), err, len(all), len(never))
	}
	for _, s := range states {
		f := s.FollowUp
		switch calls := rung[f.Taxpayer.Phone]; {
		case never[f.ID] && (calls != 0 || s.Status != queue.StatusAwaitingAgent || s.Version != 1):
			o.Errorf("%s, an unrequested opinion without an agent, is %s after %d activities; its taxpayer was rung %d times", f.ID, s.Status, s.Version, calls)
		case !never[f.ID] && (calls != 1 || s.Status != queue.StatusClosed || s.Outcome != queue.OutcomeDelivered):
			o.Errorf("%s is %s with outcome %q; its taxpayer was rung %d times, want once", f.ID, s.Status, s.Outcome, calls)
		}
	}
	claims, _ := o.queue.counts()
	o.Logf("%d of %d served in %d attempts, until %s", len(o.sw.rung()), len(all), claims, o.clock.Now().In(time.FixedZone("WIB", 7*3600)))
}

// judgeDial holds the moment of a dial against the hours of the office.
func (o *ordered) judgeDial(d dial) {
	o.Helper()
	open := false
	for _, w := range o.windows {
		open = open || (!d.at.Before(w.opens) && d.at.Before(w.closes))
	}
	if !open {
		o.Errorf("%s rang a taxpayer at %s, outside office hours", d.agent, d.at)
	}
	if d.agent == "PJSIP/"+string(awayAgent) && d.at.Before(o.windows[2].opens) {
		o.Errorf("%s, who was away, rang a taxpayer at %s", d.agent, d.at)
	}
}
