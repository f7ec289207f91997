package api

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"sambung/storage/dossier"
)

// hold is the body of POST …/hold.
type hold struct {
	On     *bool  `json:"on"`
	Reason string `json:"reason"`
}

// holdAnswer says what was held or released.
type holdAnswer struct {
	Link    dossier.CustodyLink `json:"link"`
	Objects int                 `json:"objects"`
}

// hold puts a sealed dossier under legal hold, or releases it.
func (s *server) hold(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	var body hold
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	link, n, err := s.Custody.Hold(r.Context(), state, t.actor(), *body.On, strings.TrimSpace(body.Reason))
	if err != nil {
		return err
	}
	return respond(w, http.StatusCreated, holdAnswer{link, n})
}

func (b hold) check() error {
	var fields []Field
	if b.On == nil {
		fields = append(fields, Field{"on", "is missing", "true holds the dossier, false releases it"})
	}
	switch {
	case strings.TrimSpace(b.Reason) == "":
		fields = append(fields, Field{"reason", "is missing", "say by whose order, such as the number of the letter"})
	case utf8.RuneCountInString(b.Reason) > maxNote:
		fields = append(fields, Field{"reason", fmt.Sprintf("is longer than %d characters", maxNote), "shorten it"})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}
