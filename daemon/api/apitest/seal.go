package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

// SealEvidence seals a follow-up that has ended, with the evidence that an archive then
// holds: its verified recordings, its history, the manifest and what leads to it.
func (s *Site) SealEvidence(t testing.TB, id queue.ID) queue.State {
	t.Helper()
	ctx := context.Background()
	state, err := s.Queue.State(ctx, id)
	history, read := s.Queue.History(ctx, id)
	if err := errors.Join(err, read); err != nil {
		t.Fatal(err)
	}
	last := history[len(history)-1]
	m := dossier.Manifest{
		Version: dossier.Version, FollowUp: string(id), Ticket: state.FollowUp.Ticket, Route: string(state.FollowUp.Route), Status: string(state.Status),
		ReceivedAt: state.FollowUp.ReceivedAt, Deadline: state.FollowUp.Deadline, Calendar: "test", SealedAt: s.Now(),
		Activities: last.Seq, Head: last.Hash, Histories: []dossier.History{s.ship(t, state, history)},
	}
	for _, r := range state.Recordings {
		if r.Status == queue.RecordingVerified {
			m.Recordings = append(m.Recordings, s.move(t, r))
		}
	}
	text, sum, encoded := m.Encode()
	day := state.FollowUp.EnteredAt.In(s.Deps.Zone)
	key, err := storage.ManifestKey(day, m.FollowUp)
	if err := errors.Join(encoded, err); err != nil {
		t.Fatal(err)
	}
	s.file(t, key, text)
	if err := dossier.PutPointers(ctx, s.Filed, day, string(state.LastAgent), m, key, sum); err != nil {
		t.Fatal(err)
	}
	return s.Append(t, id, queue.Entry{Kind: queue.KindSealed, Details: queue.Details{File: key, SHA256: sum, UpTo: m.Activities}})
}

// ship files the history.
func (s *Site) ship(t testing.TB, state queue.State, history []queue.Activity) dossier.History {
	t.Helper()
	lines := make([][]byte, len(history))
	for i, activity := range history {
		line, err := json.Marshal(activity)
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = line
	}
	id := string(state.FollowUp.ID)
	key, err := storage.HistoryKey(state.FollowUp.EnteredAt.In(s.Deps.Zone), id, history[len(history)-1].Seq)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := dossier.Ship(context.Background(), s.Filed, key, 0, "", lines, queue.VerifyLine)
	if err != nil {
		t.Fatal(err)
	}
	return shipped
}

// move files a recording that the archive has.
func (s *Site) move(t testing.TB, r queue.Recording) dossier.Recording {
	t.Helper()
	body, _, err := s.Archive.Get(context.Background(), r.Key)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil {
		t.Fatal(err)
	}
	s.file(t, r.Key, content)
	return dossier.Recording{Attempt: r.Attempt, Status: dossier.Verified, Key: r.Key, SHA256: r.SHA256, Bytes: r.Bytes, DurationMS: r.DurationMS}
}

func (s *Site) file(t testing.TB, key string, content []byte) {
	t.Helper()
	object := storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}
	if _, err := s.Filed.Put(context.Background(), object, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}
