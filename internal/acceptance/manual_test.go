package acceptance_test

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"
	"time"

	"sambung/daemon/api/client"
	"sambung/daemon/evidence"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/storage/dossier"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// TestManualDocumentation: a conversation that was held without the system is
// filed through the API. Nobody is rung for it; its dossier is sealed, verified
// and reviewed like any other, and says that it was handed in.
func TestManualDocumentation(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	app, _ := s.runDaemon(slog.New(slog.DiscardHandler))
	api, err := client.New("http://"+app.Addr(), adminToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.addAgent(q, 0)
	received := time.Now().Add(-30 * time.Minute)
	entered, _, err := api.Enqueue(t.Context(), client.Submission{
		Ticket: "MANUAL-1", Route: "answer", Taxpayer: "Budi Santoso Rahasia", Phone: "0812-1000-0007", Message: "Pesan rahasia",
		ReceivedAt: received.Format(time.RFC3339), Manual: "true",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	id := entered.FollowUp.ID

	var audio bytes.Buffer
	if err := wav.Write(&audio, wav.Mono(tone.Record(tone.Sine(440, -10), 20*time.Second))); err != nil {
		t.Fatal(err)
	}
	state, err := api.Manual(t.Context(), string(id), client.Conversation{
		Agent: string(agentID(0)), AnsweredAt: received.Add(5 * time.Minute), Outcome: "delivered", Reason: "gangguan listrik",
	}, &audio)
	if err != nil || state.Status != queue.StatusClosed || state.DocumentedAt.IsZero() {
		t.Fatalf("%+v, %v", state, err)
	}
	s.settledAll(q, 20*time.Second, id)
	s.reviewed(api, id)

	var verdict evidence.Verdict
	err = evidence.Verify(t.Context(), s.bucket(), evidence.Selection{FollowUp: string(id)}, nil, func(_, _ int, v evidence.Verdict) { verdict = v })
	if err != nil || verdict.Err != nil || len(verdict.Custody) != 2 {
		t.Fatalf("%+v, %v", verdict, err)
	}
	m, err := dossier.Open(t.Context(), s.bucket(), verdict.Manifest, verdict.SHA256)
	if err != nil || len(m.Recordings) != 1 || !m.Recordings[0].Manual || m.Recordings[0].Status != dossier.Verified {
		t.Errorf("%+v, %v", m, err)
	}
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
	if calls := s.carrier.Calls(); len(calls) != 0 {
		t.Errorf("%d calls for what was held already", len(calls))
	}
}

// reviewed hears the recording as quality assurance does, and accepts the dossier.
func (s *site) reviewed(api *client.Client, id queue.ID) {
	s.t.Helper()
	var sound bytes.Buffer
	_, err := api.Recording(s.t.Context(), string(id), 1, &sound)
	_, reviewed := api.Accept(s.t.Context(), string(id), "")
	if err := errors.Join(err, reviewed); err != nil {
		s.t.Fatal(err)
	}
	if heard, err := wav.Read(&sound); err != nil || tone.Power(heard.Channel(0), 440) < -20 {
		s.t.Errorf("what was heard is not what was handed in: %v", err)
	}
	chain, err := api.Custody(s.t.Context(), string(id))
	if err != nil || len(chain) != 2 || chain[0].Act != dossier.Opened || chain[1].Act != dossier.Accepted {
		s.t.Errorf("custody: %+v, %v", chain, err)
	}
}
