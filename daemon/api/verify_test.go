package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
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
	audio := sound(1)
	s.Archived(t, id, 1, audio)
	state, err := s.Queue.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	day := state.FollowUp.EnteredAt.In(s.Deps.Zone)
	recording = state.Recordings[0].Key
	history, read := s.Queue.History(t.Context(), id)
	if err := errors.Join(read, file(t, s, recording, audio)); err != nil {
		t.Fatal(err)
	}
	lines := make([][]byte, len(history))
	for i, activity := range history {
		if lines[i], err = json.Marshal(activity); err != nil {
			t.Fatal(err)
		}
	}
	last := history[len(history)-1]
	key, err := storage.HistoryKey(day, string(id), last.Seq)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := dossier.Ship(t.Context(), s.Filed, key, 0, "", lines, queue.VerifyLine)
	if err != nil {
		t.Fatal(err)
	}
	m := dossier.Manifest{
		Version: dossier.Version, FollowUp: string(id), Ticket: ticket, Route: string(state.FollowUp.Route), Status: string(state.Status),
		ReceivedAt: state.FollowUp.ReceivedAt, Deadline: state.FollowUp.Deadline, Calendar: "test", SealedAt: s.Now(),
		Activities: last.Seq, Head: last.Hash, Histories: []dossier.History{shipped},
		Recordings: []dossier.Recording{{Attempt: 1, Status: dossier.Verified, Key: recording, SHA256: storagetest.Hash(audio), Bytes: int64(len(audio)), DurationMS: 1000}},
	}
	s.Append(t, id, queue.Entry{Kind: queue.KindSealed, Details: seals(t, s, m, day)})
	return id, recording
}

// seals archives a manifest and what leads to it.
func seals(t *testing.T, s *apitest.Site, m dossier.Manifest, day time.Time) queue.Details {
	t.Helper()
	text, sum, encoded := m.Encode()
	key, err := storage.ManifestKey(day, m.FollowUp)
	if err := errors.Join(encoded, err); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file(t, s, key, text), dossier.PutPointers(t.Context(), s.Filed, day, "agent-1", m, key, sum)); err != nil {
		t.Fatal(err)
	}
	return queue.Details{File: key, SHA256: sum, UpTo: m.Activities}
}

func file(t *testing.T, s *apitest.Site, key string, content []byte) error {
	t.Helper()
	_, err := s.Filed.Put(t.Context(), storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}, bytes.NewReader(content))
	return err
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
