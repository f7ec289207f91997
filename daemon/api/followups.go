package api

import (
	"bytes"
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
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	now := s.Now()
	e, err := s.Intake.AcceptJSON(bytes.NewReader(body), now)
	if err != nil {
		return err
	}
	if err := intake.CheckReferences(r.Context(), s.Queue, e.FollowUp); err != nil {
		return err
	}
	if e.FollowUp.ID, err = newID(now); err != nil {
		return err
	}
	if key != "" { // each token has keys of its own
		e.Key = t.Name + ":" + key
	}
	e.Actor = t.actor()
	state, replayed, err := s.Queue.Enqueue(r.Context(), e)
	if err != nil {
		return err
	}
	if replayed {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	w.Header().Set("Location", "/v1/follow-ups/"+string(state.FollowUp.ID))
	return respond(w, http.StatusCreated, state)
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
	state, err := s.reach(r, t)
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
