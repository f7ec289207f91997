package apitest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sambung/queue"
)

// Submit enqueues a follow-up as the intake would, past the API.
func (s *Site) Submit(t testing.TB, ticket string, agent queue.AgentID) queue.ID {
	t.Helper()
	e, err := s.Deps.Intake.AcceptFields(map[string]string{
		"ticket": ticket, "route": "answer", "taxpayer": "Budi Rahasia", "phone": "0812-3456-7890", "message": "Permohonan rahasia disetujui.",
		"agent": string(agent),
	}, s.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.made++
	e.FollowUp.ID = queue.ID(fmt.Sprintf("01KBQ3V0G5QZ8M4T7Y2W9E%04d", s.made))
	s.mu.Unlock()
	e.Actor = queue.ActorSystem
	state, _, err := s.Queue.Enqueue(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	return state.FollowUp.ID
}

// Append writes activities, as the daemon would.
func (s *Site) Append(t testing.TB, id queue.ID, entries ...queue.Entry) queue.State {
	t.Helper()
	for i := range entries {
		entries[i].At, entries[i].Actor = s.Now(), queue.ActorSystem
	}
	state, err := s.Queue.Append(context.Background(), queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) { return entries, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// Talk brings a follow-up that is queued into a talk.
func (s *Site) Talk(t testing.TB, id queue.ID, agent queue.AgentID) queue.State {
	t.Helper()
	present, err := s.Queue.State(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	n := present.Attempt + 1
	s.Commands.Live(id, true)
	tracks := &queue.Tracks{Agent: "a", Taxpayer: "t", AgentStartedAt: s.Now(), TaxpayerStartedAt: s.Now()}
	return s.Append(t, id,
		queue.Entry{Kind: queue.KindAssigned, Details: queue.Details{Agent: agent, Attempt: n, Switch: Switch, Fence: 1}},
		queue.Entry{Kind: queue.KindAgentRinging, Details: queue.Details{Attempt: n, Channel: "c"}},
		queue.Entry{Kind: queue.KindRecordingStarted, Details: queue.Details{Attempt: n, Tracks: tracks}},
		queue.Entry{Kind: queue.KindTaxpayerDialing, Details: queue.Details{Attempt: n, Channel: "c"}},
		queue.Entry{Kind: queue.KindTaxpayerAnswered, Details: queue.Details{Attempt: n}},
	)
}

// WrapUp ends the talk.
func (s *Site) WrapUp(t testing.TB, id queue.ID) queue.State {
	t.Helper()
	s.Commands.Live(id, false)
	return s.Append(t, id, queue.Entry{Kind: queue.KindCallEnded, Details: queue.Details{Result: queue.ResultAnswered, TalkMS: 30_000}})
}

// Unconfirmed lets the wrap-up pass, so that the follow-up is handed back.
func (s *Site) Unconfirmed(t testing.TB, id queue.ID) queue.State {
	t.Helper()
	state := s.Append(t, id, queue.Entry{Kind: queue.KindWrapUpExpired})
	settled, err := queue.Settle(state, s.Deps.Policy, s.Deps.Intake.Calendar, s.Now(), queue.ActorSystem)
	if err != nil {
		t.Fatal(err)
	}
	return s.Append(t, id, settled)
}

// Archived puts the recording of an attempt into the archive.
func (s *Site) Archived(t testing.TB, id queue.ID, attempt int, content []byte) {
	t.Helper()
	key := fmt.Sprintf("recordings/2026/11/23/%s/%d.wav", id, attempt)
	s.Append(t, id, queue.Entry{Kind: queue.KindRecordingArchived, Details: queue.Details{
		Attempt: attempt, File: key, SHA256: s.Archive.Put(key, content), Bytes: int64(len(content)), DurationMS: (30 * time.Second).Milliseconds(),
	}})
}

// Seal brings a new follow-up to its end: delivered in one talk, archived, sealed.
func (s *Site) Seal(t testing.TB, ticket string, agent queue.AgentID, talk time.Duration, audio []byte) queue.ID {
	t.Helper()
	id := s.Submit(t, ticket, "")
	s.Talk(t, id, agent)
	s.Advance(talk)
	s.WrapUp(t, id)
	s.Append(t, id, queue.Entry{Kind: queue.KindOutcomeConfirmed, Details: queue.Details{Outcome: queue.OutcomeDelivered}})
	s.Append(t, id, queue.Entry{Kind: queue.KindAttemptSettled, Details: queue.Details{Next: queue.NextClose}})
	s.Archived(t, id, 1, audio)
	s.Append(t, id, queue.Entry{Kind: queue.KindSealed, Details: queue.Details{File: "manifests/x.json", SHA256: hash(nil), UpTo: 9}})
	return id
}

// Writes lists every activity that was written.
func (s *Site) Writes(t testing.TB) []queue.Activity {
	t.Helper()
	states, err := s.Queue.Find(context.Background(), queue.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var all []queue.Activity
	for _, state := range states {
		history, err := s.Queue.History(context.Background(), state.FollowUp.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, history...)
	}
	return all
}
