package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"sambung/queue"
	"sambung/queue/phonenumber"
	"sambung/storage/dossier"
)

const (
	// maxDossiers bounds a page of dossiers, and dossiersScanned how many sealed
	// ones are looked at for it: the next page goes on from there.
	maxDossiers, dossiersScanned = 200, 2000
	// sifted is how many are read at once where more is asked than the ledger
	// selects by.
	sifted     = 200
	reviewNone = "none"
)

// dossierSearch is the body of POST /v1/dossiers/search; empty fields select all.
type dossierSearch struct {
	Ticket string        `json:"ticket,omitempty"`
	Agent  queue.AgentID `json:"agent,omitempty"` // of the last attempt
	// From and To select those sealed from then on, and before.
	From       *time.Time    `json:"from,omitempty"`
	To         *time.Time    `json:"to,omitempty"`
	Outcome    queue.Outcome `json:"outcome,omitempty"`
	Route      queue.Route   `json:"route,omitempty"`
	MinSeconds int           `json:"min_seconds,omitempty"` // of talk
	MaxSeconds int           `json:"max_seconds,omitempty"`
	Phone      string        `json:"phone,omitempty"`  // as people write it
	Review     string        `json:"review,omitempty"` // none, accepted, returned
	Cursor     string        `json:"cursor,omitempty"`
	Limit      int           `json:"limit,omitempty"` // 1 to 200; 0: 50
}

// dossierList is a page of dossiers, the last sealed first.
type dossierList struct {
	Dossiers []dossierView `json:"dossiers"`
	// Next is the cursor of the next page; empty at the end.
	Next string `json:"next,omitempty"`
}

// dossierView is one sealed dossier. It shows no name and no number.
type dossierView struct {
	ID          queue.ID      `json:"id"`
	Ticket      string        `json:"ticket"`
	Route       queue.Route   `json:"route"`
	Status      queue.Status  `json:"status"` // closed or cancelled
	Agent       queue.AgentID `json:"agent,omitempty"`
	Outcome     queue.Outcome `json:"outcome,omitempty"`
	ReceivedAt  time.Time     `json:"received_at"`
	Deadline    time.Time     `json:"deadline"`
	ContactedAt time.Time     `json:"contacted_at,omitzero"`
	SealedAt    time.Time     `json:"sealed_at"`
	MetDeadline bool          `json:"met_deadline"`
	MissedCause string        `json:"missed_cause,omitempty"`
	Seconds     int           `json:"seconds"` // of talk, in all attempts
	Attempts    int           `json:"attempts"`
	Review      string        `json:"review"` // none, accepted, returned
}

func (s *server) searchDossiers(w http.ResponseWriter, r *http.Request, _ Token) error {
	var body dossierSearch
	if err := decode(w, r, &body); err != nil {
		return err
	}
	filter, err := body.filter(s.Intake.Phones)
	if err != nil {
		return err
	}
	page, err := s.dossiers(r.Context(), body, filter)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, page)
}

// filter checks a search and gives what the ledger selects by; the rest is sifted.
func (b dossierSearch) filter(phones phonenumber.Options) (queue.SealedFilter, error) {
	f := queue.SealedFilter{Ticket: b.Ticket, Agent: b.Agent, Cursor: b.Cursor}
	var fields []Field
	bad := func(wrong bool, field Field) {
		if wrong {
			fields = append(fields, field)
		}
	}
	bad(b.Agent != "" && !agentPattern.MatchString(string(b.Agent)), Field{"agent", "is not an agent's id", "use 1 to 32 characters of a-z, 0-9 and -"})
	bad(b.Outcome != "" && !knownOutcome(b.Outcome), Field{"outcome", "is not an outcome", "one of " + join(confirmable())})
	bad(b.Route != "" && !slices.Contains(queue.Routes(), b.Route), Field{"route", "is not a route", "one of " + join(queue.Routes())})
	bad(b.MinSeconds < 0, Field{"min_seconds", "is negative", "leave it out"})
	bad(b.MaxSeconds < 0 || b.MaxSeconds > 0 && b.MaxSeconds < b.MinSeconds, Field{"max_seconds", "is negative or below min_seconds", "leave it out for no bound"})
	bad(b.Limit < 0 || b.Limit > maxDossiers, Field{"limit", "is not between 1 and 200", "leave it out for 50"})
	verdicts := []string{"", reviewNone, string(dossier.Accepted), string(dossier.Returned)}
	bad(!slices.Contains(verdicts, b.Review), Field{"review", "is not known", "one of none, accepted, returned"})
	bad(b.From != nil && b.To != nil && !b.To.After(*b.From), Field{"to", "is not after from", "give a later time, or leave one out"})
	if b.From != nil {
		f.From = *b.From
	}
	if b.To != nil {
		f.To = *b.To
	}
	var faults []Field
	f.Phone, faults = searchedPhone(b.Phone, phones)
	fields = append(fields, faults...)
	if len(fields) > 0 {
		return queue.SealedFilter{}, invalid(fields...)
	}
	return f, nil
}

func knownOutcome(o queue.Outcome) bool {
	return slices.ContainsFunc(queue.Rules(), func(r queue.Rule) bool { return r.Outcome == o })
}

// dossiers reads pages of the ledger until one of ours is full, or enough were
// looked at.
func (s *server) dossiers(ctx context.Context, b dossierSearch, f queue.SealedFilter) (dossierList, error) {
	limit := b.Limit
	if limit == 0 {
		limit = 50
	}
	list := dossierList{Dossiers: []dossierView{}}
	if f.Limit = limit; b.sifts() {
		f.Limit = sifted
	}
	for scanned := 0; ; {
		states, next, err := s.Queue.Sealed(ctx, f)
		if errors.Is(err, queue.ErrRefused) {
			err = invalid(Field{"cursor", "is not one that a page gave", "send next of the page before, or leave it out"})
		}
		if err != nil {
			return list, err
		}
		views, err := s.views(ctx, states)
		if err != nil {
			return list, err
		}
		for i, v := range views {
			if !b.matches(v) {
				continue
			}
			list.Dossiers = append(list.Dossiers, v)
			if len(list.Dossiers) == limit {
				if i < len(views)-1 {
					next = queue.SealedCursor(states[i])
				}
				list.Next = next
				return list, nil
			}
		}
		scanned += len(states)
		f.Cursor, list.Next = next, next
		if next == "" || scanned >= dossiersScanned {
			return list, nil
		}
	}
}

// sifts reports whether more is asked than the ledger selects by.
func (b dossierSearch) sifts() bool {
	return b.Outcome != "" || b.Route != "" || b.MinSeconds > 0 || b.MaxSeconds > 0 || b.Review != ""
}

func (b dossierSearch) matches(v dossierView) bool {
	return (b.Outcome == "" || v.Outcome == b.Outcome) &&
		(b.Route == "" || v.Route == b.Route) &&
		v.Seconds >= b.MinSeconds && (b.MaxSeconds == 0 || v.Seconds <= b.MaxSeconds) &&
		(b.Review == "" || v.Review == b.Review)
}

// views shows states with their reviews.
func (s *server) views(ctx context.Context, states []queue.State) ([]dossierView, error) {
	ids := make([]queue.ID, len(states))
	for i, state := range states {
		ids[i] = state.FollowUp.ID
	}
	reviews, err := s.Queue.Reviews(ctx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]dossierView, len(states))
	for i, state := range states {
		f := state.FollowUp
		v := dossierView{
			ID: f.ID, Ticket: f.Ticket, Route: f.Route, Status: state.Status, Agent: state.LastAgent, Outcome: state.Outcome,
			ReceivedAt: f.ReceivedAt, Deadline: f.Deadline, ContactedAt: state.ContactedAt, SealedAt: state.SealedAt,
			MetDeadline: state.MetDeadline(), MissedCause: state.MissedCause, Attempts: state.Attempt, Review: reviewNone,
		}
		if r, ok := reviews[f.ID]; ok {
			v.Review = r.Verdict
		}
		var talk time.Duration
		for _, rec := range state.Recordings {
			if !rec.AnsweredAt.IsZero() && rec.EndedAt.After(rec.AnsweredAt) {
				talk += rec.EndedAt.Sub(rec.AnsweredAt)
			}
		}
		v.Seconds = int(talk.Seconds())
		views[i] = v
	}
	return views, nil
}
