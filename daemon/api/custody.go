package api

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"sambung/queue"
	"sambung/storage/dossier"
)

// custodyList is the answer to GET …/custody.
type custodyList struct {
	Custody []dossier.CustodyLink `json:"custody"`
}

func (s *server) custodyChain(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	chain, err := s.Custody.Chain(r.Context(), state)
	if err != nil {
		return err
	}
	if chain == nil {
		chain = []dossier.CustodyLink{}
	}
	return respond(w, http.StatusOK, custodyList{chain})
}

// review is the body of POST …/review.
type review struct {
	Verdict dossier.Act `json:"verdict"`
	Remarks string      `json:"remarks,omitempty"`
}

func (s *server) review(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	var body review
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	link, err := s.Custody.Add(r.Context(), state, t.actor(), body.Verdict, "", strings.TrimSpace(body.Remarks))
	if err != nil {
		return err
	}
	return respond(w, http.StatusCreated, link)
}

func (b review) check() error {
	var fields []Field
	if b.Verdict != dossier.Accepted && b.Verdict != dossier.Returned {
		fields = append(fields, Field{"verdict", "is not a verdict", "accepted or returned"})
	}
	switch {
	case b.Verdict == dossier.Returned && strings.TrimSpace(b.Remarks) == "":
		fields = append(fields, Field{"remarks", "is missing", "say what is to be mended"})
	case utf8.RuneCountInString(b.Remarks) > maxNote:
		fields = append(fields, Field{"remarks", fmt.Sprintf("is longer than %d characters", maxNote), "shorten it"})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}

// recordOpening writes down that a recording is handed out, before it is. Until
// the dossier is sealed there is no chain; the request is in the log.
func (s *server) recordOpening(r *http.Request, t Token, state queue.State, key string) error {
	if state.Dossier != queue.DossierSealed {
		return nil
	}
	_, err := s.Custody.Add(r.Context(), state, t.actor(), dossier.Opened, key, "")
	return err
}
