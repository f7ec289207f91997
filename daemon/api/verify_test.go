package api_test

import (
	"net/http"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

// archive brings a follow-up to its end, with all its evidence in the archive. It
// returns the key of its recording.
func archive(t *testing.T, s *apitest.Site, ticket string) (id queue.ID, recording string) {
	t.Helper()
	id = s.Submit(t, ticket, "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Append(t, id, queue.Entry{Kind: queue.KindOutcomeConfirmed, Details: queue.Details{Outcome: queue.OutcomeDelivered}})
	s.Append(t, id, queue.Entry{Kind: queue.KindAttemptSettled, Details: queue.Details{Next: queue.NextClose}})
	s.Archived(t, id, 1, sound(1))
	return id, s.SealEvidence(t, id).Recordings[0].Key
}

// TestWhatVerifyingFinds: everything of a sound dossier was compared, of a broken
// one the object is named, and what cannot be asked is no proof.
func TestWhatVerifyingFinds(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	verify := func(id queue.ID) answer {
		return call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(id)+"/verify", "")
	}
	var found struct {
		Sound          bool
		Objects, Links int
		Broken         *struct{ Object, Why string }
	}
	id, recording := archive(t, s, "A")
	verify(id).into(t, http.StatusOK, &found)
	if !found.Sound || found.Objects != 2 || found.Links != 0 || found.Broken != nil {
		t.Errorf("a sound dossier of a recording and a history: %+v", found)
	}
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(id)+"/review", `{"verdict":"accepted"}`).into(t, http.StatusCreated, &struct{}{})
	verify(id).into(t, http.StatusOK, &found)
	if !found.Sound || found.Links != 1 {
		t.Errorf("after a review: %+v", found)
	}

	s.Filed.Rot(recording, 100)
	verify(id).into(t, http.StatusOK, &found)
	if found.Sound || found.Broken == nil || found.Broken.Object != recording || found.Broken.Why == "" {
		t.Errorf("with a recording that changed: %+v", found)
	}

	lost, gone := archive(t, s, "B")
	s.Filed.Lose(gone)
	verify(lost).into(t, http.StatusOK, &found)
	if found.Sound || found.Broken == nil || found.Broken.Object != gone {
		t.Errorf("with a recording that is gone: %+v", found)
	}

	linked, _ := archive(t, s, "C")
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(linked)+"/review", `{"verdict":"accepted"}`).into(t, http.StatusCreated, &struct{}{})
	s.Filed.Rot("custody/"+string(linked)+"/000001.json", 30)
	verify(linked).into(t, http.StatusOK, &found)
	if found.Sound || found.Broken == nil || !strings.HasPrefix(found.Broken.Object, "custody/") {
		t.Errorf("with a link of custody that changed: %+v", found)
	}
}
