package forecast

import (
	"math/rand/v2"
	"slices"
	"time"

	"sambung/queue"
)

const (
	// plays is how many there are, unless they would take too long: then it is
	// fewer, but not below fewest.
	plays, fewest = 100, 20
	// effort bounds the attempts drawn in all plays but the fewest.
	effort = 15_000
	// sure is the part of the plays that foretells a miss. Below it misses are
	// likely, but fewer of them come true; Chance tells them.
	sure = 0.8
	// seed of the draws.
	seed = 20260117
)

// Predict foretells what becomes of every open follow-up of an office.
func Predict(o Office) map[queue.ID]Prediction {
	p := newPlan(o)
	y := newPlay(p, rand.New(rand.NewPCG(seed, seed)))
	t := newTally(len(p.items))
	for n := 0; n < plays && (n < fewest || y.drawn+len(p.items)*n/8 < effort); n++ {
		y.run()
		t.add(y.items)
	}
	foretold := make(map[queue.ID]Prediction, len(p.items))
	for i := range p.items {
		foretold[p.items[i].state.FollowUp.ID] = p.conclude(&p.items[i], t, i)
	}
	return foretold
}

// tally is what the plays had in common.
type tally struct {
	plays int
	done  [][]time.Duration // by item
	late  []map[string]int  // by item and reason
}

func newTally(n int) *tally {
	return &tally{done: make([][]time.Duration, n), late: make([]map[string]int, n)}
}

func (t *tally) add(items []fate) {
	t.plays++
	for i := range items {
		f := &items[i]
		if f.phase == done {
			t.done[i] = append(t.done[i], f.done)
		}
		if f.why != "" {
			if t.late[i] == nil {
				t.late[i] = make(map[string]int)
			}
			t.late[i][f.why]++
		}
	}
}

// conclude turns what became of an item in all plays into a prediction.
func (p *plan) conclude(it *item, t *tally, i int) Prediction {
	var foretold Prediction
	late, most := 0, ""
	for why, n := range t.late[i] {
		late += n
		if n > t.late[i][most] || n == t.late[i][most] && why < most {
			most = why
		}
	}
	foretold.Chance = float64(late) / float64(t.plays)
	foretold.WillMiss = foretold.Chance >= sure
	if d := t.done[i]; 2*len(d) >= t.plays {
		slices.Sort(d)
		if at, _, err := p.office.Calendar.Add(p.office.Now, d[(t.plays-1)/2]); err == nil {
			foretold.ExpectedAt = at.UTC()
		}
	}
	if 2*late < t.plays {
		return foretold
	}
	foretold.Why, foretold.Cause = most, p.cause(it.state, most)
	if it.deadline < 0 {
		foretold.Why = WhyOverdue
		if it.state.MissedCause != "" {
			foretold.Cause = it.state.MissedCause
		}
	}
	return foretold
}

// cause is the word of the report for a reason.
func (p *plan) cause(s *queue.State, why string) string {
	switch why {
	case WhyNotAssigned:
		return queue.CauseAssignment
	case WhyTrunk:
		return queue.CauseTrunk
	case WhyNotReached:
		return queue.CauseUnreachable
	case WhyNotDocumented:
		return queue.CauseSystem
	case WhyHandedBack:
		if s.Counted > 0 {
			return queue.CauseUnreachable
		}
	}
	return queue.CauseAgents
}
