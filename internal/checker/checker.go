// Package checker compares, after a test, what the ledger says with what the
// telephone network saw and what the archive holds. It states the invariants
// of docs/architecture.md once, for integration, fault and load tests alike.
package checker

import (
	"context"
	"fmt"
	"time"

	"sambung/queue"
	"sambung/storage"
)

// Invite is one INVITE dialog that a telephone saw, by its own count.
type Invite struct {
	Number string // dialled, E.164; of an agent, the id
	CallID string // SIP Call-ID
	At     time.Time
}

// World is everything that is compared.
type World struct {
	Queue   queue.Queue
	Archive storage.Archive
	Invites []Invite
	// AgentInvites are those that the agents' telephones saw; their Number is the
	// agent's id. Nil: nobody counted.
	AgentInvites []Invite
	Switches     []string
	Calendar     queue.WorkingTime
	// Settled demands that nothing is under way any more: no follow-up is
	// reserved, no evidence is due.
	Settled bool
}

// Violation is one invariant found broken.
type Violation struct {
	Invariant string
	FollowUp  queue.ID
	What      string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: follow-up %s: %s", v.Invariant, v.FollowUp, v.What)
}

// life is one follow-up with its history and its attempts.
type life struct {
	state    queue.State
	history  []queue.Activity
	details  []queue.Details
	attempts []attempt
}

// attempt is what the ledger says of one attempt.
type attempt struct {
	number              int
	agent               queue.AgentID
	taxpayer            string
	assigned, settled   time.Time // settled is zero while under way
	dialing             time.Time // of the taxpayer; zero if not announced
	intents             int
	agentIntents        []time.Time // of the first ring and of the ring-back
	answered            bool
	result              queue.Result
	archivedAt, alarmAt int // activity numbers; 0 for none
	removedAt           int
	presumed            bool // the ledger lost it, and found it again by what it left
}

// report collects violations.
type report struct{ found []Violation }

func (r *report) add(invariant string, id queue.ID, format string, args ...any) {
	r.found = append(r.found, Violation{invariant, id, fmt.Sprintf(format, args...)})
}

// Check returns every violation it finds; the error is about reading, not about them.
func Check(ctx context.Context, w World) ([]Violation, error) {
	lives, err := read(ctx, w.Queue)
	if err != nil {
		return nil, err
	}
	var r report
	for _, l := range lives {
		r.historyIsState(l)
		r.intentsFirst(l, w.Calendar)
		r.monitored(l)
		r.recordings(l)
		if err := r.archive(ctx, l, w.Archive); err != nil {
			return nil, err
		}
	}
	if err := r.dossiers(ctx, lives, w.Archive); err != nil {
		return nil, err
	}
	r.exclusive(lives)
	r.ringing(lives, w.Invites)
	r.ringingAgents(lives, w.AgentInvites)
	if w.Settled {
		if err := r.settled(ctx, w, lives); err != nil {
			return nil, err
		}
	}
	return r.found, nil
}

func read(ctx context.Context, q queue.Queue) ([]life, error) {
	states, err := q.Find(ctx, queue.Filter{Limit: 1_000_000})
	if err != nil {
		return nil, err
	}
	lives := make([]life, 0, len(states))
	for _, s := range states {
		history, err := q.History(ctx, s.FollowUp.ID)
		if err != nil {
			return nil, err
		}
		l := life{state: s, history: history}
		for _, a := range history {
			d, err := a.Decode()
			if err != nil {
				return nil, err
			}
			l.details = append(l.details, d)
		}
		l.attempts = attemptsOf(l)
		lives = append(lives, l)
	}
	return lives, nil
}

// attemptsOf reads the attempts off the history, not off the folded state.
func attemptsOf(l life) []attempt {
	byNumber := make(map[int]*attempt)
	var order []int
	for i, a := range l.history {
		d := l.details[i]
		if a.Kind == queue.KindAssigned {
			byNumber[d.Attempt] = &attempt{number: d.Attempt, agent: d.Agent, taxpayer: l.phoneAt(i), assigned: a.At}
			order = append(order, d.Attempt)
		}
		if a.Kind == queue.KindAttemptPresumed && i > 0 { // made at some moment in between
			byNumber[d.Attempt] = &attempt{
				number: d.Attempt, taxpayer: l.phoneAt(i), presumed: true,
				assigned: l.history[i-1].At, dialing: l.history[i-1].At, settled: a.At, result: d.Result,
			}
			order = append(order, d.Attempt)
		}
		if at := byNumber[d.Attempt]; at != nil {
			at.note(a, d)
		}
	}
	attempts := make([]attempt, 0, len(order))
	for _, n := range order {
		attempts = append(attempts, *byNumber[n])
	}
	return attempts
}

func (at *attempt) note(a queue.Activity, d queue.Details) {
	switch a.Kind {
	case queue.KindAgentRinging, queue.KindOutcomeRingback:
		at.agentIntents = append(at.agentIntents, a.At)
	case queue.KindTaxpayerDialing:
		at.intents++
		at.dialing = a.At
	case queue.KindTaxpayerAnswered:
		at.answered = true
	case queue.KindCallEnded:
		at.result = d.Result
	case queue.KindAttemptSettled:
		if at.settled.IsZero() {
			at.settled = a.At
		}
	case queue.KindRecordingArchived:
		at.archivedAt = a.Seq
	case queue.KindRecordingAlarm:
		at.alarmAt = a.Seq
	case queue.KindRecordingRemoved:
		at.removedAt = a.Seq
	}
}

// phoneAt is the taxpayer's number as it stood at the i-th activity.
func (l life) phoneAt(i int) string {
	phone := ""
	for _, d := range l.details[:i+1] {
		if d.FollowUp != nil {
			phone = d.FollowUp.Taxpayer.Phone
		}
	}
	return phone
}
