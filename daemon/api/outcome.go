package api

import (
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"sambung/queue"
)

// maxNote bounds a note or reason, in characters.
const maxNote = 2000

// outcome is the body of POST …/outcome.
type outcome struct {
	Code queue.Outcome `json:"code"`
	Note string        `json:"note,omitempty"`
	// CallbackAt is when the taxpayer asked to be rung again; with code callback only.
	CallbackAt *time.Time `json:"callback_at,omitempty"`
	// Attempt is whose outcome it is; 0: that of the present one, whichever it is by now.
	Attempt int `json:"attempt,omitempty"`
}

func (s *server) outcome(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	var body outcome
	if err := decode(w, r, &body); err != nil {
		return err
	}
	now := s.Now()
	if fields := body.faults("code", s.Intake.Calendar, now); len(fields) > 0 {
		return invalid(fields...)
	}
	state, err = s.Queue.Append(r.Context(), queue.Change{ID: state.FollowUp.ID, Decide: func(present queue.State) ([]queue.Entry, error) {
		return s.confirm(present, body, t.actor(), now)
	}})
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, state)
}

// faults says which fields are wrong, given the office hours. code is what the
// field of the outcome is called.
func (o outcome) faults(code string, calendar queue.WorkingTime, now time.Time) []Field {
	var fields []Field
	if !o.Code.Confirmable() {
		fields = append(fields, Field{code, "is not an outcome that can be confirmed", "one of " + join(confirmable())})
	}
	if utf8.RuneCountInString(o.Note) > maxNote {
		fields = append(fields, Field{"note", fmt.Sprintf("is longer than %d characters", maxNote), "shorten it"})
	}
	if o.CallbackAt != nil {
		at := *o.CallbackAt
		switch {
		case o.Code != queue.OutcomeCallback:
			fields = append(fields, Field{"callback_at", "is given without " + code + " callback", "leave it out, or send " + code + " callback"})
		case !at.After(now):
			fields = append(fields, Field{"callback_at", "is not in the future", "give the time the taxpayer asked for"})
		case !calendar.Open(at):
			next := calendar.NextOpen(at).Format(time.RFC3339)
			fields = append(fields, Field{"callback_at", "is outside office hours", "the office opens next at " + next})
		}
	}
	return fields
}

func confirmable() []queue.Outcome {
	var list []queue.Outcome
	for _, rule := range queue.Rules() {
		if rule.Outcome.Confirmable() {
			list = append(list, rule.Outcome)
		}
	}
	return list
}

// confirm gives the entries of an outcome: the confirmation while the attempt is
// open, else, when it was handed back without one, the correction and what
// follows from it, in one write.
func (s *server) confirm(present queue.State, o outcome, actor queue.Actor, now time.Time) ([]queue.Entry, error) {
	if o.Attempt != 0 && o.Attempt != present.Attempt {
		return nil, failure(http.StatusConflict, "refused",
			fmt.Sprintf("it is the outcome of attempt %d, and the follow-up is at attempt %d by now: look at it again", o.Attempt, present.Attempt))
	}
	d := queue.Details{Attempt: present.Attempt, Outcome: o.Code, Via: "api", Note: o.Note}
	if o.CallbackAt != nil {
		at := o.CallbackAt.UTC()
		d.CallbackAt = &at
	}
	entry := queue.Entry{At: now, Actor: actor, Kind: queue.KindOutcomeConfirmed, Details: d}
	if present.Status != queue.StatusHandedBack {
		return []queue.Entry{entry}, nil
	}
	entry.Kind = queue.KindOutcomeCorrected
	activity, err := queue.Chain(present.FollowUp.ID, present.Version, present.Head, entry)
	if err != nil {
		return nil, err
	}
	corrected, err := queue.Apply(present, activity)
	if err != nil {
		return nil, err
	}
	settled, err := queue.Settle(corrected, s.Policy, s.Intake.Calendar, now, queue.ActorSystem)
	if err != nil {
		return nil, err
	}
	return []queue.Entry{entry, settled}, nil
}
