package forecast

import (
	"cmp"
	"slices"
	"time"

	"sambung/queue"
)

// All times of a plan and of its plays are working time from the present on.

// plan is what all plays of one office have in common.
type plan struct {
	office Office
	items  []item // in the order in which they are served
	// agents are who may take work: by index, until when they are busy. Agents
	// who are not ready are known, so that work can be theirs, and take none.
	agents []agent
	pools  [befores][]drawn
	until  time.Duration // where plays end
	ready  bool          // any agent is
}

// agent is one agent of a plan.
type agent struct {
	ready bool
	away  time.Duration // for how long one who is paused has been, so far
	holds int           // item in hand at the beginning, or nobody
}

const (
	anyone = -1 // no agent in particular
	absent = -2 // an agent who is not known
	nobody = -1 // no item, or no agent who is known
)

// item is one follow-up of a plan.
type item struct {
	state    *queue.State
	deadline time.Duration // negative when it has passed
	agent    int           // index of the designated one, anyone or absent
	begins   phase
	at       time.Duration // when it may be tried, or when it was entered, negative
	before   Before
	counted  int
	tries    int
	held     []drawn // how the attempt in hand may go on
	holder   int     // the agent who makes it, or nobody
}

// drawn is an attempt with what follows from it. Of one in hand, left is what
// is left of it.
type drawn struct {
	Attempt
	rule queue.Rule
	left time.Duration
}

// phase is where a follow-up of a play stands.
type phase int8

const (
	unassigned phase = iota // somebody must decide
	later                   // to be tried again at its time
	waiting                 // for an agent
	calling
	filing // its recording is on the way
	done
	given // back to the supervisor, or not for agents at all
)

func newPlan(o Office) *plan {
	p := &plan{office: o}
	index := make(map[queue.AgentID]int, len(o.Agents))
	for i, a := range o.Agents {
		index[a.ID] = i
		g := agent{ready: a.Presence == queue.PresenceReady, holds: nobody}
		if a.Presence == queue.PresencePaused {
			g.away = max(1, o.Calendar.Between(a.Since, o.Now))
		}
		p.agents = append(p.agents, g)
		p.ready = p.ready || g.ready
	}
	p.pool()
	for i := range o.Open {
		if s := &o.Open[i]; !s.Status.Ended() && s.Status != queue.StatusNone {
			p.items = append(p.items, p.item(s, index))
		}
	}
	slices.SortFunc(p.items, func(a, b item) int {
		return cmp.Or(a.state.FollowUp.Deadline.Compare(b.state.FollowUp.Deadline), cmp.Compare(a.state.FollowUp.ID, b.state.FollowUp.ID))
	})
	for i, it := range p.items {
		if a := it.state.Assignment; it.begins == calling && a != nil {
			if at, ok := index[a.Agent]; ok {
				p.agents[at].holds, p.items[i].holder = i, at
			}
		}
		p.until = max(p.until, it.deadline)
	}
	p.until += aftermath
	return p
}

// aftermath is how long after the last deadline plays go on.
const aftermath = 30 * time.Minute

// pool sorts the attempts that were seen by what was known before them.
func (p *plan) pool() {
	for _, source := range [][]Attempt{p.office.Seen, Usual(p.office.Policy)} {
		var had [befores]int
		for b := range p.pools {
			had[b] = len(p.pools[b])
		}
		for _, a := range source {
			if rule, ok := queue.RuleFor(a.Result, a.Outcome); ok && had[a.Before] < enough {
				p.pools[a.Before] = append(p.pools[a.Before], drawn{Attempt: a, rule: rule, left: a.occupied()})
			}
		}
	}
}

// enough attempts of a kind were seen when nothing else need be gone by.
const enough = 20

// working is the working time from now to t, negative when t has passed.
func (p *plan) working(t time.Time) time.Duration {
	if t.Before(p.office.Now) {
		return -p.office.Calendar.Between(t, p.office.Now)
	}
	return p.office.Calendar.Between(p.office.Now, t)
}

func (p *plan) item(s *queue.State, index map[queue.AgentID]int) item {
	it := item{state: s, deadline: p.working(s.FollowUp.Deadline), agent: anyone, holder: nobody, counted: s.Counted, tries: s.Attempt}
	if s.FollowUp.Deadline.Before(p.office.Now) {
		it.deadline = min(it.deadline, -1)
	}
	if id := s.FollowUp.Agent; id != "" {
		it.agent = absent
		if i, ok := index[id]; ok {
			it.agent = i
		}
	}
	if s.Attempt > 0 {
		it.before = after(known(s.Counted-1), s.Call.Result, s.Call.Outcome)
	}
	switch s.Status {
	case queue.StatusAwaitingAgent:
		it.begins, it.at = unassigned, p.working(s.FollowUp.EnteredAt)
	case queue.StatusHandedBack:
		it.begins, it.at = unassigned, p.working(s.Call.EndedAt)
		if s.FollowUp.Manual {
			it.begins = given
		}
	case queue.StatusQueued:
		it.begins = waiting
		if s.RetryAt.After(p.office.Now) {
			it.begins, it.at = later, p.working(s.RetryAt)
		}
	default:
		it.begins, it.held = calling, p.held(s)
	}
	return it
}

// known is what is known of a taxpayer after so many attempts, whose results the
// state does not tell: most of those that lead to another are not answered.
func known(attempts int) Before {
	switch {
	case attempts <= 0:
		return Untried
	case attempts == 1:
		return Unheard
	}
	return Silent
}

// held are the ways in which the attempt in hand may go on: those of the
// attempts that were seen which fit what is known of it.
func (p *plan) held(s *queue.State) []drawn {
	before := known(s.Attempt - 1)
	var fit []drawn
	for b, pool := range p.pools {
		for _, d := range pool {
			left, ok := p.left(s.Call, d.Attempt)
			if ok && (!s.Call.AnsweredAt.IsZero() || Before(b) == before) {
				d.left = left
				fit = append(fit, d)
			}
		}
	}
	if len(fit) == 0 { // it takes longer than any that was seen
		a := Attempt{Result: queue.ResultNoAnswer}
		if !s.Call.AnsweredAt.IsZero() {
			a.Result, a.Outcome = queue.ResultAnswered, queue.OutcomeDelivered
		}
		if s.Call.Result != "" {
			a.Result, a.Outcome = s.Call.Result, cmp.Or(s.Call.Outcome, queue.OutcomeUnconfirmed)
		}
		rule, _ := queue.RuleFor(a.Result, a.Outcome)
		fit = append(fit, drawn{Attempt: a, rule: rule, left: overlong})
	}
	return fit
}

// overlong is what is left of an attempt that takes longer than any seen lately.
const overlong = 2 * time.Minute

// left is what would be left of an attempt if it were the one in hand.
func (p *plan) left(c queue.Call, a Attempt) (time.Duration, bool) {
	now := p.office.Now
	var left time.Duration
	switch {
	case !c.EndedAt.IsZero():
		if a.Result != c.Result || (c.Outcome != "" && a.Outcome != c.Outcome) {
			return 0, false
		}
		left = a.WrapUp - now.Sub(c.EndedAt)
	case !c.AnsweredAt.IsZero():
		if a.Result != queue.ResultAnswered || a.Talk <= now.Sub(c.AnsweredAt) {
			return 0, false
		}
		left = a.Talk + a.WrapUp - now.Sub(c.AnsweredAt)
	case !c.AgentRingingAt.IsZero():
		if a.Ring <= now.Sub(c.AgentRingingAt) {
			return 0, false
		}
		left = a.occupied() - now.Sub(c.AgentRingingAt)
	default:
		left = a.occupied()
	}
	return left, left >= 0
}
