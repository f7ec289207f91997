package archivist

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
)

// seal closes the dossier of a follow-up that has ended: the rest of its history
// is archived, then the manifest, then what leads to it without a ledger; the
// manifest's hash is the last activity.
func (a *Archivist) seal(ctx context.Context, s queue.State) error {
	if !sealable(s) {
		return nil
	}
	m, agent, err := a.manifest(ctx, s)
	if err != nil {
		return fmt.Errorf("sealing: %w", err)
	}
	key, err := storage.ManifestKey(a.day(s), string(s.FollowUp.ID))
	if err != nil {
		return fmt.Errorf("sealing: %w", err)
	}
	m, sum, err := a.putManifest(ctx, key, m)
	if err == nil {
		err = dossier.PutPointers(ctx, a.Archive, a.day(s), string(agent), m, key, sum)
	}
	if err != nil {
		return fmt.Errorf("sealing: %w", err)
	}
	_, err = a.append(ctx, s, func(now queue.State) ([]queue.Entry, error) {
		if now.Dossier == queue.DossierSealed {
			return nil, nil
		}
		return []queue.Entry{a.note(queue.KindSealed, queue.Details{File: key, SHA256: sum, UpTo: m.Activities})}, nil
	})
	if err == nil {
		a.Metrics.seal()
	}
	return err
}

// sealable reports whether nothing but the seal is to come.
func sealable(s queue.State) bool {
	return s.Status.Ended() && s.Dossier != queue.DossierSealed && !s.PendingRecordings()
}

// reportMiss records, before the seal, that a closed follow-up will never be
// documented: its recording has an alarm in place of a verification, whatever
// the clock says.
func (a *Archivist) reportMiss(ctx context.Context, s queue.State) (queue.State, error) {
	never := s.Status == queue.StatusClosed && s.DocumentedAt.IsZero() && !s.PendingRecordings() && !s.Missed
	if !never || s.Dossier == queue.DossierSealed {
		return s, nil
	}
	raised := false
	s, err := a.append(ctx, s, func(now queue.State) ([]queue.Entry, error) {
		if raised = !now.Missed; !raised {
			return nil, nil
		}
		return []queue.Entry{a.note(queue.KindDeadlineMissed, queue.Details{Reason: queue.CauseSystem})}, nil
	})
	if err == nil && raised {
		a.Log.Warn("deadline alarm", "follow_up", s.FollowUp.ID, "kind", queue.KindDeadlineMissed, "cause", queue.CauseSystem, "status", s.Status)
		if a.Alarms != nil {
			a.Alarms.WithLabelValues(string(queue.KindDeadlineMissed), queue.CauseSystem).Inc()
		}
	}
	return s, err
}

// manifest archives what is left of the history and names all evidence, and
// the agent of the last attempt.
func (a *Archivist) manifest(ctx context.Context, s queue.State) (m dossier.Manifest, agent queue.AgentID, err error) {
	history, err := a.history(ctx, s.FollowUp.ID, s.Version)
	if err != nil {
		return m, "", err
	}
	rest, err := a.shipAll(ctx, s, history)
	if err != nil {
		return m, "", err
	}
	f := s.FollowUp
	m = dossier.Manifest{
		Version: dossier.Version, FollowUp: string(f.ID), Ticket: f.Ticket, Route: string(f.Route),
		Status: string(s.Status), Outcome: string(s.Outcome), ReceivedAt: f.ReceivedAt, Deadline: f.Deadline,
		MetDeadline: s.MetDeadline(), MissedCause: s.MissedCause, Calendar: f.Calendar, SealedAt: a.Now().UTC(),
		Activities: s.Version, Head: s.Head, Recordings: []dossier.Recording{},
	}
	for _, r := range s.Recordings {
		m.Recordings = append(m.Recordings, dossier.Recording{
			Attempt: r.Attempt, Status: string(r.Status), Alarm: r.Alarm, Key: r.Key, SHA256: r.SHA256, Bytes: r.Bytes, DurationMS: r.DurationMS,
			Manual: r.Manual,
		})
	}
	for _, activity := range history {
		d, err := activity.Decode()
		if err != nil {
			return m, "", err
		}
		switch activity.Kind {
		case queue.KindAssigned, queue.KindManualConversation:
			agent = d.Agent
		case queue.KindHistoryShipped:
			m.Histories = append(m.Histories, dossier.History{Key: d.File, SHA256: d.SHA256, Bytes: d.Bytes, UpTo: d.UpTo})
		}
	}
	m.Histories = append(m.Histories, dossier.History{Key: rest.File, SHA256: rest.SHA256, Bytes: rest.Bytes, UpTo: rest.UpTo})
	return m, agent, nil
}

// putManifest archives the manifest and returns it with its hash. One that an
// earlier run sealed before it could say so stands, and is returned: nothing
// was added to its evidence since but later alarms, which stay in the ledger.
func (a *Archivist) putManifest(ctx context.Context, key string, m dossier.Manifest) (dossier.Manifest, string, error) {
	text, sum, err := m.Encode()
	if err != nil {
		return m, "", err
	}
	_, err = a.putBytes(ctx, key, "application/json", text)
	if !errors.Is(err, storage.ErrConflict) {
		return m, sum, err
	}
	body, _, err := a.Archive.Get(ctx, key)
	if err != nil {
		return m, "", err
	}
	defer body.Close()
	if text, err = io.ReadAll(body); err != nil {
		return m, "", err
	}
	earlier, err := dossier.Decode(text)
	if err != nil {
		return m, "", fmt.Errorf("%s: %w", key, err)
	}
	if earlier.FollowUp != m.FollowUp || earlier.Activities > m.Activities || len(earlier.Recordings) != len(m.Recordings) {
		return m, "", fmt.Errorf("%s: %w: it seals other evidence", key, storage.ErrConflict)
	}
	_, sum, err = earlier.Encode()
	return earlier, sum, err
}
