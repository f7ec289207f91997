package forecast_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"sambung/daemon/forecast"
	"sambung/queue"
)

// score counts what was foretold against what came.
type score struct{ hit, falsely, overlooked, right int }

func (s *score) add(foretold, came bool) {
	switch {
	case foretold && came:
		s.hit++
	case foretold:
		s.falsely++
	case came:
		s.overlooked++
	default:
		s.right++
	}
}

func (s score) precision() float64 { return ratio(s.hit, s.hit+s.falsely) }
func (s score) recall() float64    { return ratio(s.hit, s.hit+s.overlooked) }
func (s score) f1() float64 {
	p, r := s.precision(), s.recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func (s score) String() string {
	return fmt.Sprintf("precision %.3f recall %.3f F1 %.3f", s.precision(), s.recall(), s.f1())
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// naive foretells by deadline order and mean handling time: the agents who are
// ready take what waits one after another, each for as long as the attempts seen
// so far took on average.
func naive(o forecast.Office) map[queue.ID]bool {
	mean := o.Policy.HandlingTime
	if len(o.Seen) > 0 {
		mean = 0
		for _, a := range o.Seen {
			mean += a.Ring + a.Talk + a.WrapUp
		}
		mean /= time.Duration(len(o.Seen))
	}
	var free []time.Time
	for _, a := range o.Agents {
		switch {
		case a.Presence != queue.PresenceReady:
		case a.Reserved != "":
			free = append(free, o.Now.Add(mean/2))
		default:
			free = append(free, o.Now)
		}
	}
	open := slices.Clone(o.Open)
	slices.SortStableFunc(open, func(a, b queue.State) int { return a.FollowUp.Deadline.Compare(b.FollowUp.Deadline) })
	late := map[queue.ID]bool{}
	for _, s := range open {
		done := o.Now.Add(mean / 2)
		if !s.Status.Reserved() {
			if len(free) == 0 {
				late[s.FollowUp.ID] = true
				continue
			}
			slices.SortFunc(free, time.Time.Compare)
			free[0] = free[0].Add(mean)
			done = free[0]
		}
		late[s.FollowUp.ID] = done.After(s.FollowUp.Deadline)
	}
	return late
}

// TestBulkAfternoons: twenty minutes before each deadline, is it foretold whether
// it will be met? What comes is what the real state machine, policy and calendar
// make of people whose handling times the forecast does not know. The threshold of
// the forecast was not chosen on these seeds alone: on others, drawn once it stood,
// it was as precise as the naive one and found more (0.955, 0.778; 0.956, 0.740).
func TestBulkAfternoons(t *testing.T) {
	var ours, likely, simple score
	for _, w := range afternoons(t) {
		var here, there score
		for _, seed := range w.Seeds {
			a := newAfternoon(t, w, seed)
			foretold, simply := map[queue.ID]forecast.Prediction{}, map[queue.ID]bool{}
			var at time.Time
			var all map[queue.ID]forecast.Prediction
			var allSimply map[queue.ID]bool
			a.look = func(id queue.ID) {
				if !a.now.Equal(at) {
					at, all, allSimply = a.now, forecast.Predict(a.office()), naive(a.office())
				}
				foretold[id], simply[id] = all[id], allSimply[id]
			}
			a.run()
			for id, p := range foretold {
				came := !a.states[id].MetDeadline()
				here.add(p.WillMiss, came)
				there.add(simply[id], came)
				ours.add(p.WillMiss, came)
				likely.add(p.Chance >= 0.5, came)
				simple.add(simply[id], came)
			}
		}
		t.Logf("%-18s %3d looked at, %3d late: forecast %s; naive %s", w.Name, here.hit+here.falsely+here.overlooked+here.right, here.hit+here.overlooked, here, there)
	}
	t.Logf("all: forecast %s; naive %s; what the forecast calls likely %s", ours, simple, likely)
	if n := simple.hit + simple.overlooked; n < 300 || simple.right+simple.falsely < 200 {
		t.Errorf("%d late ones are too few to tell, or too many", n)
	}
	if ours.precision() <= simple.precision() || ours.recall() <= simple.recall() {
		t.Errorf("the forecast (%s) is not better than the naive one (%s) on both", ours, simple)
	}
	if likely.f1() <= simple.f1()+0.03 {
		t.Errorf("what is called likely (%s) says little more than the naive forecast (%s)", likely, simple)
	}
}

// TestOneOffice: an office of one agent, looked at from all sides.
func TestOneOffice(t *testing.T) {
	now := noon.UTC()
	queued := func(id string, left time.Duration, change func(*queue.State)) queue.State {
		s := queue.State{Status: queue.StatusQueued, Version: 1, FollowUp: queue.FollowUp{ID: queue.ID(id), EnteredAt: now.Add(left - time.Hour), Deadline: now.Add(left)}}
		if change != nil {
			change(&s)
		}
		return s
	}
	sure := []forecast.Attempt{}
	for range 30 {
		for _, b := range []forecast.Before{forecast.Untried, forecast.Heard, forecast.Unheard, forecast.Silent} {
			sure = append(sure, forecast.Attempt{Before: b, Result: queue.ResultAnswered, Outcome: queue.OutcomeDelivered, Ring: 10 * time.Second, Talk: 4 * time.Minute, WrapUp: 20 * time.Second, Filed: time.Second})
		}
	}
	ready := []queue.Agent{{ID: "a", Presence: queue.PresenceReady}}
	for name, c := range map[string]struct {
		agents []queue.Agent
		open   []queue.State
		trunk  time.Time
		why    string // of the last
		cause  string
		at     time.Duration // expected
	}{
		"in time":    {agents: ready, open: []queue.State{queued("1", 10*time.Minute, nil)}, at: 4*time.Minute + 31*time.Second},
		"second":     {agents: ready, open: []queue.State{queued("1", 10*time.Minute, nil), queued("2", 11*time.Minute, nil)}, at: 9*time.Minute + 1*time.Second},
		"third":      {agents: ready, open: []queue.State{queued("1", 10*time.Minute, nil), queued("2", 11*time.Minute, nil), queued("3", 12*time.Minute, nil)}, why: forecast.WhyLongCall, cause: queue.CauseAgents, at: 13*time.Minute + 31*time.Second},
		"fourth":     {agents: ready, open: []queue.State{queued("1", 10*time.Minute, nil), queued("2", 11*time.Minute, nil), queued("3", 12*time.Minute, nil), queued("4", 13*time.Minute, nil)}, why: forecast.WhyQueue, cause: queue.CauseAgents, at: 18*time.Minute + 1*time.Second},
		"overdue":    {agents: ready, open: []queue.State{queued("1", -time.Minute, nil)}, why: forecast.WhyOverdue, cause: queue.CauseAgents, at: 4*time.Minute + 31*time.Second},
		"nobody":     {agents: nil, open: []queue.State{queued("1", 10*time.Minute, nil)}, why: forecast.WhyNobodyReady, cause: queue.CauseAgents},
		"offline":    {agents: []queue.Agent{{ID: "a", Presence: queue.PresenceOffline}}, open: []queue.State{queued("1", 10*time.Minute, nil)}, why: forecast.WhyNobodyReady, cause: queue.CauseAgents},
		"long pause": {agents: []queue.Agent{{ID: "a", Presence: queue.PresencePaused, Since: now.Add(-3 * time.Hour)}}, open: []queue.State{queued("1", 10*time.Minute, nil)}, why: forecast.WhyNobodyReady, cause: queue.CauseAgents},
		"away":       {agents: ready, open: []queue.State{queued("1", 10*time.Minute, func(s *queue.State) { s.FollowUp.Agent = "b" })}, why: forecast.WhyAgentAway, cause: queue.CauseAgents},
		"busy":       {agents: ready, open: []queue.State{queued("1", 2*time.Minute, nil), queued("2", 3*time.Minute, func(s *queue.State) { s.FollowUp.Agent = "a" })}, why: forecast.WhyAgentBusy, cause: queue.CauseAgents, at: 9*time.Minute + 1*time.Second},
		"trunk":      {agents: ready, trunk: now.Add(-3 * time.Hour), open: []queue.State{queued("1", 10*time.Minute, nil)}, why: forecast.WhyTrunk, cause: queue.CauseTrunk},
		"unassigned": {agents: ready, open: []queue.State{queued("1", 4*time.Minute, func(s *queue.State) { s.Status = queue.StatusAwaitingAgent })}, why: forecast.WhyNotAssigned, cause: queue.CauseAssignment},
		"handed back": {agents: ready, open: []queue.State{queued("1", 4*time.Minute, func(s *queue.State) {
			s.Status, s.Counted, s.Attempt = queue.StatusHandedBack, 4, 4
			s.Call.Result = queue.ResultNoAnswer
		})}, why: forecast.WhyHandedBack, cause: queue.CauseUnreachable},
		"later": {agents: ready, open: []queue.State{queued("1", 10*time.Minute, func(s *queue.State) {
			s.RetryAt, s.Counted, s.Attempt = now.Add(12*time.Minute), 1, 1
			s.Call.Result = queue.ResultNoAnswer
		})}, why: forecast.WhyNotReached, cause: queue.CauseUnreachable, at: 16*time.Minute + 31*time.Second},
		"by hand": {agents: ready, open: []queue.State{queued("1", 10*time.Minute, func(s *queue.State) { s.Status, s.FollowUp.Manual = queue.StatusHandedBack, true })}, why: forecast.WhyNotDocumented, cause: queue.CauseSystem},
		"talking": {agents: ready, open: []queue.State{queued("1", 10*time.Minute, func(s *queue.State) {
			s.Status, s.Attempt = queue.StatusTalking, 1
			s.Assignment = &queue.Assignment{Agent: "a"}
			s.Call.AgentRingingAt, s.Call.AnsweredAt = now.Add(-190*time.Second), now.Add(-3*time.Minute)
		}), queued("2", 20*time.Minute, nil)}, at: 80*time.Second + 4*time.Minute + 31*time.Second},
		"talking so long": {agents: ready, open: []queue.State{queued("1", 10*time.Minute, func(s *queue.State) {
			s.Status, s.Attempt = queue.StatusTalking, 1
			s.Assignment = &queue.Assignment{Agent: "a"}
			s.Call.AgentRingingAt, s.Call.AnsweredAt = now.Add(-9*time.Minute), now.Add(-9*time.Minute)
		}), queued("2", 20*time.Minute, nil)}, at: 2*time.Minute + 4*time.Minute + 31*time.Second},
	} {
		o := forecast.Office{Now: now, Agents: c.agents, Open: c.open, Seen: sure, TrunkDown: c.trunk, Policy: queue.DefaultPolicy(), Calendar: newAfternoon(t, weather{PausesAnHour: 1, Arrivals: 1}, 1).wt}
		p := forecast.Predict(o)[c.open[len(c.open)-1].FollowUp.ID]
		if p.Why != c.why || p.Cause != c.cause || (p.Why == "") != (p.Chance < 0.5) {
			t.Errorf("%s: %+v, want %q by %q", name, p, c.why, c.cause)
		}
		if at := p.ExpectedAt.Sub(now); c.at != 0 && at != c.at || c.at == 0 && p.Chance == 1 && c.why != forecast.WhyNotAssigned && !p.ExpectedAt.IsZero() && at < time.Hour {
			t.Errorf("%s: expected after %s, want %s", name, at, c.at)
		}
	}
}

// TestOverClosing: what is expected counts working time alone.
func TestOverClosing(t *testing.T) {
	a := newAfternoon(t, weather{PausesAnHour: 1, Arrivals: 1}, 1)
	now := closing.Add(-time.Minute)
	s := queue.State{Status: queue.StatusQueued, Version: 1, RetryAt: closing.Add(16 * time.Hour).Add(time.Minute), FollowUp: queue.FollowUp{ID: "1", Deadline: closing.Add(16*time.Hour + 30*time.Minute)}}
	o := forecast.Office{Now: now, Agents: []queue.Agent{{ID: "a", Presence: queue.PresenceReady}}, Open: []queue.State{s}, Policy: queue.DefaultPolicy(), Calendar: a.wt}
	p := forecast.Predict(o)["1"]
	if open := closing.Add(16 * time.Hour); p.WillMiss || p.ExpectedAt.Before(open) || p.ExpectedAt.After(open.Add(30*time.Minute)) {
		t.Errorf("%+v", p)
	}
}

// crowd is an office with n waiting.
func crowd(t testing.TB, n int) forecast.Office {
	a := newAfternoon(t, weather{Agents: 20, Arrivals: 1, PausesAnHour: 0.1, TalkMedian: 240}, 1)
	a.now = noon
	for i := range n {
		a.receive(noon.Add(-time.Duration(i) * 3 * time.Second))
	}
	a.serve()
	return a.office()
}

// TestAThousandWaiting is quick enough to be asked again and again; and the same
// office has the same forecast.
func TestAThousandWaiting(t *testing.T) {
	o := crowd(t, 1000)
	quickest := time.Hour
	var first map[queue.ID]forecast.Prediction
	for range 5 {
		began := time.Now()
		got := forecast.Predict(o)
		quickest = min(quickest, time.Since(began))
		if first == nil {
			first = got
		}
		if len(got) != len(o.Open) || !maps.Equal(got, first) {
			t.Fatal("the same office has another forecast")
		}
	}
	t.Logf("%d waiting, %d agents: %s", len(o.Open), len(o.Agents), quickest)
	if quickest > 2*time.Second { // some 30 ms on a machine of its own; the race detector costs tenfold
		t.Errorf("%s", quickest)
	}
}

func BenchmarkPredict(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		o := crowd(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				forecast.Predict(o)
			}
		})
	}
}
