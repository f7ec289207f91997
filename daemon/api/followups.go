package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/queue"
	"sambung/queue/intake"
)

var keyPattern = regexp.MustCompile(`^[\x21-\x7e]{1,128}$`)

func (s *server) enqueue(w http.ResponseWriter, r *http.Request, t Token) error {
	key := r.Header.Get("Idempotency-Key")
	if key != "" && !keyPattern.MatchString(key) {
		return invalid(Field{"Idempotency-Key", "is not 1 to 128 visible ASCII characters", "send a random one, such as a UUID"})
	}
	dry, err := flag(r.URL.Query(), "dry_run")
	if err != nil {
		return err
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	e, err := s.Intake.AcceptJSON(bytes.NewReader(body), s.Now())
	if err != nil {
		return err
	}
	if dry {
		return s.rehearse(w, r, e)
	}
	state, replayed, err := s.submit(r.Context(), t, e, key)
	if err != nil {
		return err
	}
	if replayed {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	w.Header().Set("Location", "/v1/follow-ups/"+string(state.FollowUp.ID))
	return respond(w, http.StatusCreated, state)
}

// submit enqueues what was accepted, under a key of the token's own.
func (s *server) submit(ctx context.Context, t Token, e queue.Enqueue, key string) (state queue.State, replayed bool, err error) {
	if err := intake.CheckReferences(ctx, s.Queue, e.FollowUp); err != nil {
		return state, false, err
	}
	if e.FollowUp.ID, err = newID(s.Now()); err != nil {
		return state, false, err
	}
	if key != "" { // each token has keys of its own
		e.Key = t.Name + ":" + key
	}
	e.Actor = t.actor()
	return s.Queue.Enqueue(ctx, e)
}

// rehearsal is the answer to POST /v1/follow-ups?dry_run=true.
type rehearsal struct {
	// Deadline is what it would be if it were enqueued now.
	Deadline    time.Time `json:"deadline"`
	Provisional bool      `json:"deadline_provisional,omitempty"`
	// AwaitsAgent says that nobody would be rung before an agent is named.
	AwaitsAgent bool `json:"awaits_agent,omitempty"`
}

// rehearse answers what enqueuing would, and writes nothing.
func (s *server) rehearse(w http.ResponseWriter, r *http.Request, e queue.Enqueue) error {
	if err := intake.CheckReferences(r.Context(), s.Queue, e.FollowUp); err != nil {
		return err
	}
	f := e.FollowUp
	open, err := s.openOf(r.Context(), f)
	if err != nil {
		return err
	}
	if open != nil && !e.AllowDuplicate {
		return open
	}
	return respond(w, http.StatusOK, rehearsal{
		Deadline: f.Deadline, Provisional: f.Provisional, AwaitsAgent: f.Route == queue.RouteOpinionUnrequested && f.Agent == "",
	})
}

// openOf is what enqueuing would be refused with while another follow-up of the ticket
// has not ended; nil if there is none.
func (s *server) openOf(ctx context.Context, f queue.FollowUp) (*queue.TicketOpenError, error) {
	states, err := s.Queue.Find(ctx, queue.Filter{Ticket: f.Ticket})
	for _, state := range states {
		if !state.Status.Ended() {
			return &queue.TicketOpenError{Ticket: f.Ticket, Existing: state.FollowUp.ID, Same: f.Repeats(state.FollowUp)}, nil
		}
	}
	return nil, err
}

// newID makes a follow-up's ID: a ULID of the moment it was entered.
func newID(now time.Time) (queue.ID, error) {
	id, err := ulid.New(ulid.Timestamp(now), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	return queue.ID(id.String()), nil
}

func (s *server) show(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.readable(r, t)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, state)
}

// history is the answer to GET …/history.
type history struct {
	Activities []queue.Activity `json:"activities"`
}

func (s *server) history(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	activities, err := s.Queue.History(r.Context(), state.FollowUp.ID)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, history{activities})
}
