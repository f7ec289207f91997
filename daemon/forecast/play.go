package forecast

import (
	"math/rand/v2"
	"time"

	"sambung/queue"
)

// play is one way in which the day may go on.
type play struct {
	*plan
	rand   *rand.Rand
	now    time.Duration
	events events
	common ranks   // what anybody may take
	own    []ranks // what only one agent may take
	free   []int   // agents, the one free the longest first
	items  []fate
	dial   time.Duration // nothing is dialled before
	drawn  int           // attempts
}

// fate is what becomes of one item in a play.
type fate struct {
	phase   phase
	counted int
	tries   int
	before  Before
	done    time.Duration
	judged  bool
	why     string // empty if it was in time
	holds   *drawn // while calling
	agent   int    // who calls, or nobody
}

func newPlay(p *plan, r *rand.Rand) *play {
	return &play{plan: p, rand: r, own: make([]ranks, len(p.agents)), items: make([]fate, len(p.items))}
}

// run plays to the end.
func (y *play) run() {
	y.begin()
	for len(y.events) > 0 {
		e := y.events.pop()
		if e.at > y.until {
			break
		}
		y.now = e.at
		y.happen(e)
		for len(y.events) > 0 && y.events[0].at == y.now {
			y.happen(y.events.pop())
		}
		if y.now >= y.dial {
			y.serve()
		}
	}
	for i := range y.items {
		y.judge(i)
	}
}

func (y *play) begin() {
	y.now, y.events, y.common, y.free = 0, y.events[:0], y.common[:0], y.free[:0]
	for i := range y.own {
		y.own[i] = y.own[i][:0]
	}
	for i := range y.plan.items {
		it := &y.plan.items[i]
		y.items[i] = fate{phase: it.begins, counted: it.counted, tries: it.tries, before: it.before, agent: it.holder}
		switch it.begins {
		case unassigned:
			waited := -it.at
			if it.state.Status == queue.StatusHandedBack {
				waited = max(waited, mending)
			}
			y.events.push(event{y.decided(waited), decision, i})
		case later:
			y.events.push(event{it.at, due, i})
		case waiting:
			y.wait(i)
		case calling:
			d := &it.held[y.rand.IntN(len(it.held))]
			y.items[i].holds = d
			y.events.push(event{d.left, settled, i})
		}
	}
	for i, a := range y.agents {
		switch {
		case a.ready && a.holds == nobody:
			y.free = append(y.free, i)
		case a.away > 0:
			y.events.push(event{y.decided(a.away), back, i})
		}
	}
	y.dial = 0
	if since := y.office.TrunkDown; !since.IsZero() {
		y.dial = y.decided(y.office.Now.Sub(since))
	}
	y.events.push(event{y.dial, opening, nobody})
}

// decided draws when a person decides who has let it wait so long already: as
// long again, in half of the plays.
func (y *play) decided(waited time.Duration) time.Duration {
	const least, most = 2 * time.Minute, 100
	return time.Duration(float64(max(waited, least)) * min(1/(1-y.rand.Float64())-1, most))
}

// mending is what a hand-back takes at least, in half of the plays: a number or a
// name is to be found out.
const mending = 15 * time.Minute

func (y *play) happen(e event) {
	switch e.kind {
	case opening:
		return
	case back:
		y.free = append(y.free, e.who)
		return
	}
	y.passed(e.who)
	f := &y.items[e.who]
	switch e.kind {
	case decision, due:
		f.phase = waiting
		y.wait(e.who)
	case settled:
		y.settle(e.who)
	case filed:
		f.phase, f.done = done, y.now
	}
}

// passed judges an item whose deadline has passed before it changes.
func (y *play) passed(i int) {
	if y.now > y.plan.items[i].deadline {
		y.judge(i)
	}
}

func (y *play) wait(i int) {
	switch a := y.plan.items[i].agent; {
	case a == anyone:
		y.common.push(i)
	case a >= 0:
		y.own[a].push(i)
	}
}

// serve gives each free agent the item with the earliest deadline.
func (y *play) serve() {
	kept := y.free[:0]
	for _, a := range y.free {
		i, ok := y.take(a)
		if !ok {
			kept = append(kept, a)
			continue
		}
		y.passed(i)
		f := &y.items[i]
		pool := y.pools[f.before]
		f.holds = &pool[y.rand.IntN(len(pool))]
		f.phase, f.tries, f.agent = calling, f.tries+1, a
		y.drawn++
		y.events.push(event{y.now + f.holds.left, settled, i})
	}
	y.free = kept
}

// take is what an agent takes next.
func (y *play) take(a int) (int, bool) {
	from := &y.common
	if own := &y.own[a]; len(*own) > 0 && (len(*from) == 0 || (*own)[0] < (*from)[0]) {
		from = own
	}
	if len(*from) == 0 {
		return 0, false
	}
	return from.pop(), true
}

// settle ends an attempt: the agent is free, and the table says what is next.
func (y *play) settle(i int) {
	f, it := &y.items[i], &y.plan.items[i]
	d := f.holds
	if f.agent != nobody && y.agents[f.agent].ready && !d.rule.PauseAgent {
		y.free = append(y.free, f.agent)
	}
	f.agent = nobody
	f.before = after(f.before, d.Result, d.Outcome)
	if d.rule.Counts {
		f.counted++
	}
	switch {
	case d.rule.Next == queue.NextClose:
		f.phase = filing
		y.events.push(event{y.now + d.Filed, filed, i})
	case d.rule.Next == queue.NextHandBack, d.rule.Counts && f.counted >= y.office.Policy.MaxAttempts && d.rule.Pace != queue.PaceCallback:
		f.phase = given
	default:
		f.phase = later
		y.events.push(event{y.again(d.rule.Pace, it.deadline, f.counted), due, i})
	}
}

// again is when the policy tries again.
func (y *play) again(pace queue.Pace, deadline time.Duration, counted int) time.Duration {
	if pace == queue.PaceCallback {
		pace = queue.PaceSpread // nobody can tell when
	}
	at, err := y.office.Policy.RetryAt(linear{}, pace, moment(y.now), moment(deadline), y.office.Policy.MaxAttempts-counted)
	if err != nil { // linear has no errors
		return y.until
	}
	return at.Sub(moment(0))
}

// judge says whether an item is in time, and if not, why, by where it stands
// when its deadline passes.
func (y *play) judge(i int) {
	f := &y.items[i]
	if f.judged {
		return
	}
	f.judged = true
	switch f.phase {
	case done:
	case unassigned:
		f.why = WhyNotAssigned
		if y.plan.items[i].state.Status == queue.StatusHandedBack {
			f.why = WhyHandedBack
		}
	case later:
		f.why = WhyNotReached
	case waiting:
		f.why = y.blocked(i)
	case calling, filing:
		f.why = WhyLongCall
		if f.tries > 1 {
			f.why = WhyNotReached
		}
	case given:
		f.why = WhyNotReached
		if y.plan.items[i].state.FollowUp.Manual {
			f.why = WhyNotDocumented
		}
	}
}

// blocked is why an item that may be taken is not.
func (y *play) blocked(i int) string {
	it := &y.plan.items[i]
	switch {
	case y.dial > max(0, it.deadline):
		return WhyTrunk
	case it.agent == absent, it.agent >= 0 && !y.agents[it.agent].ready:
		return WhyAgentAway
	case !y.plan.ready:
		return WhyNobodyReady
	case it.agent >= 0:
		return WhyAgentBusy
	}
	return WhyQueue
}

// linear is a calendar that never closes: the times of a play are working time.
type linear struct{}

func (linear) Add(t time.Time, d time.Duration) (time.Time, bool, error) { return t.Add(d), false, nil }
func (linear) Between(a, b time.Time) time.Duration                      { return max(0, b.Sub(a)) }
func (linear) Open(time.Time) bool                                       { return true }
func (linear) NextOpen(t time.Time) time.Time                            { return t }
func (linear) Version() string                                           { return "" }

func moment(d time.Duration) time.Time { return time.Unix(0, int64(d)) }
