// Package board is the supervisor's wall: the agents and what each does, what
// waits by deadline with what is foretold of it, and how the deadlines were kept.
//
// Many pages look at one wall, and all look again when anything happens. So a
// board is made once for all of them, and kept for a moment; see [Keeper].
package board

import (
	"time"

	"sambung/daemon/forecast"
	"sambung/queue"
)

// Board is the wall at one moment. It carries no name and no number.
type Board struct {
	At      time.Time `json:"at"`
	Agents  []Agent   `json:"agents"`
	Waiting []Waiting `json:"waiting"` // what awaits a supervisor first, then by deadline
	// More is how many wait beyond those that are listed.
	More  int   `json:"more,omitempty"`
	Today Count `json:"today"`
	Days  []Day `json:"days"` // working days, the oldest first, today last
}

// Agent is one agent and what he or she does.
type Agent struct {
	ID          queue.AgentID  `json:"id"`
	Presence    queue.Presence `json:"presence"`
	PauseReason string         `json:"pause_reason,omitempty"`
	Since       time.Time      `json:"since"`
	Switch      string         `json:"switch"`
	// Reserved is the follow-up in hand, Status and Ticket what is known of it.
	Reserved queue.ID     `json:"reserved,omitempty"`
	Status   queue.Status `json:"status,omitempty"`
	Ticket   string       `json:"ticket,omitempty"`
}

// Waiting is one follow-up that waits for an agent or for the supervisor.
type Waiting struct {
	ID       queue.ID      `json:"id"`
	Ticket   string        `json:"ticket"`
	Route    queue.Route   `json:"route"`
	Status   queue.Status  `json:"status"` // awaiting_agent, queued, handed_back
	Deadline time.Time     `json:"deadline"`
	Agent    queue.AgentID `json:"agent,omitempty"` // designated
	RetryAt  time.Time     `json:"retry_at,omitzero"`
	Attempts int           `json:"attempts"`         // made so far
	Result   queue.Result  `json:"result,omitempty"` // of the last one
	Reason   string        `json:"reason,omitempty"` // of a hand-back
	Forecast Forecast      `json:"forecast"`
}

// Forecast is a [forecast.Prediction] as the wall shows it.
type Forecast struct {
	WillMiss   bool      `json:"will_miss"`
	Chance     float64   `json:"chance"` // of being late, 0 to 1
	ExpectedAt time.Time `json:"expected_at,omitzero"`
	Cause      string    `json:"cause,omitempty"`
	Why        string    `json:"why,omitempty"`
}

// Count is how many deadlines were met and missed.
type Count struct {
	Met    int `json:"met"`
	Missed int `json:"missed"`
}

// Day is how the deadlines of one office day were kept.
type Day struct {
	Day string `json:"day"` // 2026-11-23
	Count
}

// compose puts the wall together. open are the follow-ups that have not ended,
// earliest deadline first.
func compose(o forecast.Office, open []queue.State, foretold map[queue.ID]forecast.Prediction) Board {
	b := Board{At: o.Now.UTC(), Agents: []Agent{}, Waiting: []Waiting{}}
	inHand := make(map[queue.ID]*queue.State)
	var first, then []Waiting
	for i := range open {
		s := &open[i]
		switch s.Status {
		case queue.StatusAwaitingAgent:
			first = append(first, waiting(s, foretold))
		case queue.StatusQueued, queue.StatusHandedBack:
			then = append(then, waiting(s, foretold))
		default:
			inHand[s.FollowUp.ID] = s
		}
	}
	b.Waiting = append(append(b.Waiting, first...), then...)
	if n := len(b.Waiting); n > listed {
		b.Waiting, b.More = b.Waiting[:listed], n-listed
	}
	for _, a := range o.Agents {
		shown := Agent{ID: a.ID, Presence: a.Presence, PauseReason: a.PauseReason, Since: a.Since, Switch: a.Switch, Reserved: a.Reserved}
		if s := inHand[a.Reserved]; s != nil {
			shown.Status, shown.Ticket = s.Status, s.FollowUp.Ticket
		}
		b.Agents = append(b.Agents, shown)
	}
	return b
}

func waiting(s *queue.State, foretold map[queue.ID]forecast.Prediction) Waiting {
	f, p := &s.FollowUp, foretold[s.FollowUp.ID]
	return Waiting{
		ID: f.ID, Ticket: f.Ticket, Route: f.Route, Status: s.Status, Deadline: f.Deadline, Agent: f.Agent,
		RetryAt: s.RetryAt, Attempts: s.Attempt, Result: s.Call.Result, Reason: reason(s),
		Forecast: Forecast{WillMiss: p.WillMiss, Chance: round(p.Chance), ExpectedAt: p.ExpectedAt.Truncate(time.Second), Cause: p.Cause, Why: p.Why},
	}
}

// reason is why a follow-up was handed back: one of the words of the machine. What
// people write is for the history.
func reason(s *queue.State) string {
	if s.Status == queue.StatusHandedBack {
		return s.Reason
	}
	return ""
}

func round(chance float64) float64 { return float64(int(chance*100+0.5)) / 100 }
