package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"sambung/queue"
)

// decide appends one decision of a person and answers with the state.
func (s *server) decide(w http.ResponseWriter, r *http.Request, t Token, id queue.ID, kind queue.Kind, details func(queue.State) (queue.Details, error)) error {
	state, err := s.Queue.Append(r.Context(), queue.Change{ID: id, Decide: func(present queue.State) ([]queue.Entry, error) {
		d, err := details(present)
		if err != nil {
			return nil, err
		}
		return []queue.Entry{{At: s.Now(), Actor: t.actor(), Kind: kind, Details: d}}, nil
	}})
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, state)
}

func always(d queue.Details) func(queue.State) (queue.Details, error) {
	return func(queue.State) (queue.Details, error) { return d, nil }
}

var unknownAgent = Field{"agent", "is not known", "name one that GET /v1/agents lists"}

// assignment is the body of POST …/assign.
type assignment struct {
	Agent queue.AgentID `json:"agent"`
}

func (s *server) assign(w http.ResponseWriter, r *http.Request, t Token) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	var body assignment
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if _, err := s.Queue.Agent(r.Context(), body.Agent); errors.Is(err, queue.ErrNotFound) || body.Agent == "" {
		return invalid(unknownAgent)
	} else if err != nil {
		return err
	}
	return s.decide(w, r, t, id, queue.KindDesignated, always(queue.Details{Agent: body.Agent}))
}

// reason is the body of POST …/cancel and …/requeue.
type reason struct {
	Reason string `json:"reason,omitempty"`
}

func (b reason) check(required bool) error {
	switch {
	case required && strings.TrimSpace(b.Reason) == "":
		return invalid(Field{"reason", "is missing", "say why: the history carries it"})
	case utf8.RuneCountInString(b.Reason) > maxNote:
		return invalid(Field{"reason", fmt.Sprintf("is longer than %d characters", maxNote), "shorten it"})
	}
	return nil
}

func (s *server) cancel(w http.ResponseWriter, r *http.Request, t Token) error {
	return s.withReason(w, r, t, queue.KindCancelled, true)
}

func (s *server) requeue(w http.ResponseWriter, r *http.Request, t Token) error {
	return s.withReason(w, r, t, queue.KindRequeued, false)
}

func (s *server) withReason(w http.ResponseWriter, r *http.Request, t Token, kind queue.Kind, required bool) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	var body reason
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(required); err != nil {
		return err
	}
	return s.decide(w, r, t, id, kind, always(queue.Details{Reason: strings.TrimSpace(body.Reason)}))
}
