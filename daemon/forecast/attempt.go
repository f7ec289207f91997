package forecast

import (
	"time"

	"sambung/queue"
)

// Before is what is known of a taxpayer when an attempt begins.
type Before int

// Taxpayers are reached the more seldom the less was heard of them.
const (
	Untried Before = iota
	Heard          // the line was busy, or somebody was talked to
	Unheard        // nobody answered
	Silent         // nobody answered, twice and more
	befores        // how many there are
)

// Attempt is one attempt that was settled: how it ended, and how long it took.
type Attempt struct {
	Before  Before
	Result  queue.Result
	Outcome queue.Outcome // of ResultAnswered
	// Ring is from the assignment to the taxpayer's answer, or to the end of an
	// attempt without one; Talk from the answer to the end; WrapUp from there
	// until the agent was free.
	Ring, Talk, WrapUp time.Duration
	// Filed is from the agent's release to the verified recording; of an attempt
	// that closed its follow-up.
	Filed time.Duration
}

// occupied is how long the attempt keeps its agent.
func (a Attempt) occupied() time.Duration { return a.Ring + a.Talk + a.WrapUp }

// after is what is known of a taxpayer after an attempt, before which b was known.
func after(b Before, r queue.Result, o queue.Outcome) Before {
	switch r {
	case queue.ResultBusy:
		return Heard
	case queue.ResultAnswered:
		if o == queue.OutcomeVoicemail {
			return b.unheard()
		}
		return Heard
	case queue.ResultNoAnswer, queue.ResultRejected, queue.ResultUnreachable, queue.ResultUnknown:
		return b.unheard()
	}
	return b // the taxpayer noticed nothing
}

// unheard is what is known after one more attempt that nobody answered.
func (b Before) unheard() Before {
	if b == Unheard || b == Silent {
		return Silent
	}
	return Unheard
}

// Attempts reads the settled attempts off a history, in their order. Activities
// that cannot be read are passed over.
func Attempts(history []queue.Activity) []Attempt {
	var all []Attempt
	var r reader
	for _, a := range history {
		if d, err := a.Decode(); err == nil {
			all = r.read(all, a, d)
		}
	}
	return all
}

// reader follows one history.
type reader struct {
	before                   Before
	assigned, answered, ends time.Time
	released                 time.Time // of the last attempt; it waits for its recording
}

func (r *reader) read(all []Attempt, a queue.Activity, d queue.Details) []Attempt {
	switch a.Kind {
	case queue.KindAssigned:
		*r = reader{before: r.before, assigned: a.At}
	case queue.KindTaxpayerAnswered:
		r.answered = a.At
	case queue.KindCallEnded:
		r.ends = a.At
	case queue.KindAttemptSettled:
		if r.assigned.IsZero() || r.ends.IsZero() {
			break
		}
		settled := Attempt{Before: r.before, Result: d.Result, Outcome: d.Outcome, WrapUp: positive(a.At.Sub(r.ends))}
		settled.Ring = positive(r.ends.Sub(r.assigned))
		if !r.answered.IsZero() {
			settled.Ring, settled.Talk = positive(r.answered.Sub(r.assigned)), positive(r.ends.Sub(r.answered))
		}
		r.before, r.released = after(r.before, d.Result, d.Outcome), a.At
		return append(all, settled)
	case queue.KindRecordingArchived:
		if len(all) > 0 && !r.released.IsZero() {
			all[len(all)-1].Filed = positive(a.At.Sub(r.released))
		}
	}
	return all
}

func positive(d time.Duration) time.Duration { return max(0, d) }

// Usual are attempts to go by until enough were seen: three of five taxpayers
// answer at first, and a talk takes its share of the handling time.
func Usual(p queue.Policy) []Attempt {
	whole := p.HandlingTime
	if whole <= 0 {
		whole = queue.DefaultPolicy().HandlingTime
	}
	ring := whole / 16
	talk := func(b Before, share time.Duration) Attempt {
		return Attempt{Before: b, Result: queue.ResultAnswered, Outcome: queue.OutcomeDelivered, Ring: ring, Talk: whole * share / 16, WrapUp: ring, Filed: 5 * time.Second}
	}
	silent := func(b Before) Attempt { return Attempt{Before: b, Result: queue.ResultNoAnswer, Ring: 2 * ring} }
	busy := func(b Before) Attempt { return Attempt{Before: b, Result: queue.ResultBusy, Ring: ring / 2} }
	return []Attempt{
		talk(Untried, 4), talk(Untried, 6), talk(Untried, 8), talk(Untried, 10), talk(Untried, 12), talk(Untried, 18), busy(Untried), busy(Untried), silent(Untried), silent(Untried),
		talk(Heard, 6), talk(Heard, 8), talk(Heard, 12), busy(Heard), silent(Heard), silent(Heard),
		talk(Unheard, 6), talk(Unheard, 8), talk(Unheard, 12), busy(Unheard), silent(Unheard), silent(Unheard), silent(Unheard), silent(Unheard),
		talk(Silent, 6), talk(Silent, 10), busy(Silent), silent(Silent), silent(Silent), silent(Silent), silent(Silent), silent(Silent),
	}
}

// windowLimit is how many attempts are remembered.
const windowLimit = 400

// Window remembers the attempts that were seen last. The zero Window is empty.
// It is not safe for concurrent use.
type Window struct {
	attempts []Attempt
	next     int // where the oldest is, once it is full
}

// Add remembers an attempt, in place of the oldest when there are many.
func (w *Window) Add(a Attempt) {
	if len(w.attempts) < windowLimit {
		w.attempts = append(w.attempts, a)
		return
	}
	w.attempts[w.next] = a
	w.next = (w.next + 1) % windowLimit
}

// Attempts are those that are remembered.
func (w *Window) Attempts() []Attempt { return append([]Attempt(nil), w.attempts...) }
