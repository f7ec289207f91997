package api

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"sambung/daemon/custody"
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
	if verdict, ok := custody.LastReview(chain); ok {
		if err := s.Queue.SetReview(r.Context(), state.FollowUp.ID, verdict); err != nil {
			return err
		}
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
	// The chain has it; what searches show of it is an index, which reindexing and
	// reading the chain put right.
	if err := s.Queue.SetReview(r.Context(), state.FollowUp.ID, queue.Review{Verdict: string(link.Act), Seq: link.Seq}); err != nil {
		s.Log.Warn("a review is not in the index yet", "follow_up", state.FollowUp.ID, "error", err)
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

// recordOpening writes down that a recording is handed out, before it is: as a
// link of the custody of a sealed dossier, as an activity of the follow-up before.
// Between its end and the seal nothing is handed out, because neither would have it.
func (s *server) recordOpening(r *http.Request, t Token, state queue.State, attempt int, key string) error {
	if state.Dossier != queue.DossierSealed {
		after, err := s.Queue.Append(r.Context(), queue.Change{ID: state.FollowUp.ID, Decide: func(now queue.State) ([]queue.Entry, error) {
			switch {
			case now.Dossier == queue.DossierSealed:
				return nil, nil
			case now.Status.Ended():
				return nil, failure(http.StatusConflict, "sealing", "the dossier is being sealed; ask again in a moment")
			}
			return []queue.Entry{{At: s.Now(), Actor: t.actor(), Kind: queue.KindRecordingOpened, Details: queue.Details{Attempt: attempt, File: key}}}, nil
		}})
		if err != nil || after.Dossier != queue.DossierSealed {
			return err
		}
		state = after
	}
	_, err := s.Custody.Add(r.Context(), state, t.actor(), dossier.Opened, key, "")
	return err
}
