package forecast_test

import (
	"cmp"
	"container/heap"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"sambung/daemon/forecast"
	"sambung/queue"
	"sambung/queue/workhours"
)

// weather is one busy afternoon as the generator is told it. The forecast knows
// none of it.
type weather struct {
	Name         string
	Seeds        []uint64 // an afternoon for each
	Agents       int
	Arrivals     float64 `json:"arrivals_an_hour"`
	Rush         int     // follow-ups that come at once, at one o'clock
	Backlog      int     // follow-ups that came in the hour before
	TalkMedian   float64 `json:"talk_median_s"`
	HardToReach  float64 `json:"hard_to_reach"` // part of the taxpayers
	Designated   float64
	Unassigned   float64 // part that waits for an assignment
	PausesAnHour float64 `json:"pauses_an_hour"` // of an agent
}

func afternoons(t testing.TB) []weather {
	t.Helper()
	data, err := os.ReadFile("testdata/afternoons.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []weather
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// afternoon is an office at work: the real states, transitions, policy, table of
// outcomes and calendar; the people are made up.
type afternoon struct {
	testing.TB
	weather
	rand   *rand.Rand
	now    time.Time
	agenda agenda
	wt     *workhours.Calendar
	policy queue.Policy
	agents []queue.Agent
	order  []queue.ID // of entry
	states map[queue.ID]queue.State
	past   map[queue.ID][]queue.Activity
	people map[queue.ID]person
	seen   forecast.Window
	look   func(queue.ID) // at those that are due in twenty minutes
}

// person is a taxpayer.
type person struct{ answers, busy float64 }

// Looks are at intervals, at what is due from ahead to ahead+interval later.
const (
	ahead    = 20 * time.Minute
	interval = 2 * time.Minute
)

var (
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	closing = noon.Add(4 * time.Hour)
)

func newAfternoon(t testing.TB, w weather, seed uint64) *afternoon {
	wt, err := workhours.LoadDir("../../configs/calendar")
	if err != nil {
		t.Fatal(err)
	}
	a := &afternoon{
		TB: t, weather: w, rand: rand.New(rand.NewPCG(seed, 5)), now: noon, wt: wt, policy: queue.DefaultPolicy(),
		states: map[queue.ID]queue.State{}, past: map[queue.ID][]queue.Activity{}, people: map[queue.ID]person{}, look: func(queue.ID) {},
	}
	for i := range w.Agents {
		a.agents = append(a.agents, queue.Agent{ID: queue.AgentID(fmt.Sprintf("agent-%d", i+1)), Switch: "a", Presence: queue.PresenceReady, Since: noon})
		a.after(a.exponential(3600/w.PausesAnHour), func() { a.pause(i) })
	}
	for at := noon; at.Before(closing); at = at.Add(a.exponential(3600 / w.Arrivals)) {
		a.at(at, func() { a.receive(at) })
	}
	for range w.Backlog {
		received := noon.Add(-time.Duration(a.rand.Float64() * float64(50*time.Minute)))
		a.at(noon, func() { a.receive(received) })
	}
	for range w.Rush {
		at := noon.Add(time.Hour + a.exponential(60))
		a.at(at, func() { a.receive(at) })
	}
	for at := noon; at.Before(closing.Add(-ahead)); at = at.Add(interval) {
		a.at(at, a.lookAhead)
	}
	return a
}

// lookAhead looks at every open follow-up that is due in twenty minutes.
func (a *afternoon) lookAhead() {
	for _, id := range a.order {
		s := a.states[id]
		left := s.FollowUp.Deadline.Sub(a.now)
		if left >= ahead && left < ahead+interval && !s.FollowUp.Deadline.After(closing) && !s.Status.Ended() {
			a.look(id)
		}
	}
}

// run plays the afternoon until the office closes.
func (a *afternoon) run() {
	for a.agenda.Len() > 0 && a.agenda.all[0].at.Before(closing) {
		next := heap.Pop(&a.agenda).(appointment)
		a.now = next.at
		next.do()
		a.serve()
	}
}

func (a *afternoon) receive(at time.Time) {
	id := queue.ID(fmt.Sprintf("01KBQ3V0G5QZ8M4T7Y2W9E%04d", len(a.order)))
	f := queue.FollowUp{ID: id, Ticket: string(id), Route: queue.RouteAnswer, ReceivedAt: at, EnteredAt: a.now, Taxpayer: queue.Taxpayer{Phone: string(id)}}
	deadline, _, err := a.wt.Add(at, a.policy.TimeLimit)
	if err != nil {
		a.Fatal(err)
	}
	f.Deadline = deadline
	a.people[id] = person{answers: 0.8, busy: 0.08}
	if a.rand.Float64() < a.HardToReach {
		a.people[id] = person{answers: 0.22, busy: 0.15}
	}
	a.order = append(a.order, id)
	switch u := a.rand.Float64(); {
	case u < a.Unassigned:
		f.Route = queue.RouteOpinionUnrequested
		a.after(time.Duration(math.Exp(a.rand.NormFloat64()*1.2)*float64(12*time.Minute)), func() {
			if a.states[id].Status == queue.StatusAwaitingAgent {
				a.write(id, queue.KindDesignated, queue.Details{Agent: a.anyAgent()})
			}
		})
	case u < a.Unassigned+a.Designated:
		f.Agent = a.anyAgent()
	}
	a.write(id, queue.KindReceived, queue.Details{FollowUp: &f})
}

func (a *afternoon) anyAgent() queue.AgentID { return a.agents[a.rand.IntN(len(a.agents))].ID }

// serve hands out work as the ledger does: earliest deadline first, to the agent
// who has been free the longest.
func (a *afternoon) serve() {
	if !a.wt.Open(a.now) {
		return
	}
	free := make([]int, 0, len(a.agents))
	for i, agent := range a.agents {
		if agent.Free() {
			free = append(free, i)
		}
	}
	slices.SortStableFunc(free, func(i, j int) int { return a.agents[i].Since.Compare(a.agents[j].Since) })
	for _, i := range free {
		var best queue.ID
		for _, id := range a.order {
			s := a.states[id]
			if s.Status != queue.StatusQueued || s.RetryAt.After(a.now) || s.FollowUp.Agent != "" && s.FollowUp.Agent != a.agents[i].ID {
				continue
			}
			if best == "" || s.FollowUp.Deadline.Before(a.states[best].FollowUp.Deadline) {
				best = id
			}
		}
		if best != "" {
			a.call(i, best)
		}
	}
}

// call makes one attempt.
func (a *afternoon) call(i int, id queue.ID) {
	n, p := a.states[id].Attempt+1, a.people[id]
	a.agents[i].Reserved = id
	d := queue.Details{Attempt: n, Agent: a.agents[i].ID, Switch: "a", Fence: 1}
	a.write(id, queue.KindAssigned, d)
	a.write(id, queue.KindAgentRinging, queue.Details{Attempt: n, Channel: "c"})
	ring := a.about(8)
	if a.rand.Float64() < 0.02 {
		a.after(30*time.Second, func() {
			a.end(i, id, queue.ResultAgentNoAnswer)
			a.agents[i].Presence, a.agents[i].Since = queue.PresencePaused, a.now
			a.after(a.exponential(600), func() { a.back(i) })
		})
		return
	}
	a.after(ring, func() {
		a.write(id, queue.KindAgentAnswered, queue.Details{Attempt: n})
		a.write(id, queue.KindTaxpayerDialing, queue.Details{Attempt: n, Channel: "c"})
		u := a.rand.Float64()
		switch {
		case u < p.busy:
			a.after(a.about(4), func() { a.end(i, id, queue.ResultBusy) })
		case u > p.busy+p.answers:
			a.after(a.about(35), func() { a.end(i, id, queue.ResultNoAnswer) })
		default:
			a.after(a.about(12), func() { a.talk(i, id) })
		}
	})
}

func (a *afternoon) talk(i int, id queue.ID) {
	n := a.states[id].Attempt
	a.write(id, queue.KindTaxpayerAnswered, queue.Details{Attempt: n})
	tracks := &queue.Tracks{Agent: "a", Taxpayer: "t", AgentStartedAt: a.now, TaxpayerStartedAt: a.now}
	a.write(id, queue.KindRecordingStarted, queue.Details{Attempt: n, Tracks: tracks})
	outcome, length := queue.OutcomeDelivered, time.Duration(math.Exp(a.rand.NormFloat64()*0.7)*a.TalkMedian*float64(time.Second))
	switch u := a.rand.Float64(); {
	case u < 0.05:
		outcome, length = queue.OutcomeCutOff, length/4
	case u < 0.08:
		outcome, length = queue.OutcomeWrongPerson, length/4
	case u < 0.12:
		outcome, length = queue.OutcomeVoicemail, 20*time.Second
	case u < 0.17:
		outcome = queue.OutcomeRefused
	}
	a.after(length, func() {
		a.write(id, queue.KindCallEnded, queue.Details{Attempt: n, Result: queue.ResultAnswered, TalkMS: length.Milliseconds(), Tracks: tracks})
		a.after(a.about(35), func() {
			a.write(id, queue.KindOutcomeConfirmed, queue.Details{Attempt: n, Outcome: outcome, Via: "keypad"})
			a.settle(i, id)
			a.after(a.about(6), func() {
				a.write(id, queue.KindRecordingArchived, queue.Details{Attempt: n, File: "f", SHA256: "s", Bytes: 1, DurationMS: 1})
			})
		})
	})
}

// end ends an attempt without a talk.
func (a *afternoon) end(i int, id queue.ID, r queue.Result) {
	a.write(id, queue.KindCallEnded, queue.Details{Attempt: a.states[id].Attempt, Result: r})
	a.settle(i, id)
}

func (a *afternoon) settle(i int, id queue.ID) {
	e, err := queue.Settle(a.states[id], a.policy, a.wt, a.now, queue.ActorSystem)
	if err != nil {
		a.Fatal(err)
	}
	a.write(id, e.Kind, e.Details)
	attempts := forecast.Attempts(a.past[id])
	a.seen.Add(attempts[len(attempts)-1])
	a.agents[i].Reserved, a.agents[i].Since = "", a.now
	if at := a.states[id].RetryAt; !at.IsZero() {
		a.at(at, func() {})
	}
}

func (a *afternoon) pause(i int) {
	if a.agents[i].Presence == queue.PresenceReady {
		a.agents[i].Presence, a.agents[i].Since = queue.PresencePaused, a.now
		a.after(a.exponential(480), func() { a.back(i) })
	}
	a.after(a.exponential(3600/a.PausesAnHour), func() { a.pause(i) })
}

func (a *afternoon) back(i int) { a.agents[i].Presence, a.agents[i].Since = queue.PresenceReady, a.now }

func (a *afternoon) write(id queue.ID, k queue.Kind, d queue.Details) {
	a.Helper()
	s := a.states[id]
	activity, err := queue.Chain(id, s.Version, s.Head, queue.Entry{At: a.now, Actor: queue.ActorSystem, Kind: k, Details: d})
	if err != nil {
		a.Fatal(err)
	}
	if s, err = queue.Apply(s, activity); err != nil {
		a.Fatal(err)
	}
	a.states[id], a.past[id] = s, append(a.past[id], activity)
}

// office is what the forecast gets to see now.
func (a *afternoon) office() forecast.Office {
	o := forecast.Office{Now: a.now, Agents: a.agents, Seen: a.seen.Attempts(), Policy: a.policy, Calendar: a.wt}
	for _, id := range a.order {
		if s, ok := a.states[id]; ok && !s.Status.Ended() {
			o.Open = append(o.Open, s)
		}
	}
	return o
}

// about is a time around so many seconds.
func (a *afternoon) about(seconds float64) time.Duration {
	return time.Duration(math.Exp(a.rand.NormFloat64()*0.4) * seconds * float64(time.Second))
}

func (a *afternoon) exponential(mean float64) time.Duration {
	return time.Duration(a.rand.ExpFloat64() * mean * float64(time.Second))
}

func (a *afternoon) after(d time.Duration, do func()) { a.at(a.now.Add(d), do) }

func (a *afternoon) at(t time.Time, do func()) {
	a.agenda.n++
	heap.Push(&a.agenda, appointment{t.Truncate(time.Millisecond), a.agenda.n, do})
}

// agenda is what will happen, in its order.
type agenda struct {
	all []appointment
	n   int
}

type appointment struct {
	at time.Time
	n  int
	do func()
}

func (g *agenda) Len() int { return len(g.all) }
func (g *agenda) Less(i, j int) bool {
	return cmp.Or(g.all[i].at.Compare(g.all[j].at), cmp.Compare(g.all[i].n, g.all[j].n)) < 0
}
func (g *agenda) Swap(i, j int) { g.all[i], g.all[j] = g.all[j], g.all[i] }
func (g *agenda) Push(x any)    { g.all = append(g.all, x.(appointment)) }
func (g *agenda) Pop() any {
	last := g.all[len(g.all)-1]
	g.all = g.all[:len(g.all)-1]
	return last
}
