package everypage_test

import (
	"context"
	"fmt"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/queue"
	"sambung/storage/dossier"
)

// past is a follow-up of the days before, sealed since.
type past struct {
	ticket, taxpayer string
	agent            queue.AgentID
	route            queue.Route
	outcome          queue.Outcome
	talk             time.Duration
	waited           time.Duration // in the queue
	review           dossier.Act
}

// days are those before, one after another.
var days = [][]past{
	{
		{"ESK-1001", "Wayan Contoh", "agent-1", queue.RouteAnswer, queue.OutcomeDelivered, 3 * time.Minute, 4 * time.Minute, dossier.Accepted},
		{"ESK-1002", "PT Maju Rekaan", "agent-2", queue.RouteAnswer, queue.OutcomeRefused, time.Minute, 6 * time.Minute, ""},
		{"ESK-1003", "Siti Contoh", "agent-3", queue.RouteOpinionRequested, queue.OutcomeDelivered, 2 * time.Minute, 5 * time.Minute, ""},
	},
	{
		{"ESK-1011", "Wayan Contoh", "agent-1", queue.RouteAnswer, queue.OutcomeDelivered, 90 * time.Second, 74 * time.Minute, dossier.Returned}, // nobody had time
		{"ESK-1012", "PT Maju Rekaan", "agent-2", queue.RouteAnswer, queue.OutcomeNeedsEscalation, 11 * time.Minute, 4 * time.Minute, ""},
	},
	{
		{"ESK-1021", "Wayan Contoh", "agent-1", queue.RouteAnswer, queue.OutcomeDelivered, 2 * time.Minute, 4 * time.Minute, ""},
		{"ESK-1022", "PT Maju Rekaan", "agent-2", queue.RouteOpinionRequested, queue.OutcomeDelivered, 3 * time.Minute, 7 * time.Minute, ""},
		{"ESK-1023", "Siti Contoh", "agent-3", queue.RouteAnswer, queue.OutcomeDelivered, 80 * time.Second, 3 * time.Minute, ""},
		{"ESK-1024", "CV Sinar Rekaan", "agent-1", queue.RouteAnswer, queue.OutcomeDelivered, 0, 4 * time.Minute, ""},
	},
}

// live lives through the days before. The last talk of all has a recording, and a
// pause in it.
func (o *office) live() {
	o.t.Helper()
	said := converse(o.t)
	for _, day := range days {
		for _, p := range day {
			id := o.enqueue(p.ticket, p.taxpayer, func(s *client.Submission) {
				if s.Route = string(p.route); p.route != queue.RouteAnswer {
					s.Directorate = string(queue.DirectoratePP2)
				}
			})
			o.Advance(p.waited)
			o.Talk(o.t, id, p.agent)
			if p.talk == 0 {
				o.recorded(id, said)
				o.dossier = id
			} else {
				o.Advance(p.talk)
				o.ended(id, p.talk)
				o.archived(id, said.file, p.talk)
			}
			o.confirmed(id, p.outcome)
			o.SealEvidence(o.t, id)
			o.reviewed(id, p.review)
		}
		o.Advance(24*time.Hour - o.Now().Sub(apitest.Start)%(24*time.Hour))
	}
}

// recorded is a talk as it was recorded.
func (o *office) recorded(id queue.ID, c conversation) {
	o.t.Helper()
	began := o.Now()
	at := func(at time.Duration, kind queue.Kind) {
		o.Advance(began.Add(at).Sub(o.Now()))
		o.Append(o.t, id, queue.Entry{Kind: kind, Details: queue.Details{Attempt: 1}})
	}
	at(2*time.Second, queue.KindIdentityConfirmed)
	at(c.paused, queue.KindRecordingMuted)
	at(c.resumed, queue.KindRecordingUnmuted)
	o.Advance(began.Add(c.lasts).Sub(o.Now()))
	o.ended(id, c.lasts)
	o.archived(id, c.file, c.lasts)
}

// archived puts the recording of a talk into the archive.
func (o *office) archived(id queue.ID, file []byte, lasts time.Duration) {
	o.t.Helper()
	key := fmt.Sprintf("recordings/2026/11/25/%s/1.wav", id)
	o.Append(o.t, id, queue.Entry{Kind: queue.KindRecordingArchived, Details: queue.Details{
		Attempt: 1, File: key, SHA256: o.Archive.Put(key, file), Bytes: int64(len(file)), DurationMS: lasts.Milliseconds(),
	}})
}

// reviewed is what Quality Assurance found, if it looked.
func (o *office) reviewed(id queue.ID, verdict dossier.Act) {
	o.t.Helper()
	var err error
	switch verdict {
	case dossier.Accepted:
		_, err = o.api.Accept(context.Background(), string(id), "")
	case dossier.Returned:
		o.returned = id
		_, err = o.api.Return(context.Background(), string(id), "Identitas belum dipastikan sebelum pesan disampaikan.")
	}
	o.do(err)
}

// ended ends a talk, and lets its agent think about what came of it.
func (o *office) ended(id queue.ID, talk time.Duration) {
	o.t.Helper()
	o.Commands.Live(id, false)
	o.Append(o.t, id, queue.Entry{Kind: queue.KindCallEnded, Details: queue.Details{Attempt: 1, Result: queue.ResultAnswered, TalkMS: talk.Milliseconds()}})
	o.Advance(20 * time.Second)
}

// confirmed says what came of a talk, with which the follow-up ends.
func (o *office) confirmed(id queue.ID, outcome queue.Outcome) {
	o.t.Helper()
	o.Append(o.t, id, queue.Entry{Kind: queue.KindOutcomeConfirmed, Details: queue.Details{Outcome: outcome, Via: "api", Note: "Akan mengunduh sendiri."}})
	o.Append(o.t, id, queue.Entry{Kind: queue.KindAttemptSettled, Details: queue.Details{Next: queue.NextClose}})
}

// unconfirmed is a follow-up whose talk nobody confirmed, so that it was handed back.
func (o *office) unconfirmed(ticket, taxpayer string, agent queue.AgentID) queue.ID {
	o.t.Helper()
	id := o.enqueue(ticket, taxpayer, nil)
	o.Talk(o.t, id, agent)
	o.WrapUp(o.t, id)
	o.Unconfirmed(o.t, id)
	return id
}

// dial brings a follow-up so far that the taxpayer's telephone rings.
func (o *office) dial(id queue.ID, agent queue.AgentID) {
	o.t.Helper()
	state, err := o.Queue.State(context.Background(), id)
	o.do(err)
	n := state.Attempt + 1
	o.Commands.Live(id, true)
	tracks := &queue.Tracks{Agent: "a", Taxpayer: "t", AgentStartedAt: o.Now(), TaxpayerStartedAt: o.Now()}
	o.Append(o.t, id,
		queue.Entry{Kind: queue.KindAssigned, Details: queue.Details{Agent: agent, Attempt: n, Switch: apitest.Switch, Fence: 1}},
		queue.Entry{Kind: queue.KindAgentRinging, Details: queue.Details{Attempt: n, Channel: "c"}},
		queue.Entry{Kind: queue.KindRecordingStarted, Details: queue.Details{Attempt: n, Tracks: tracks}},
		queue.Entry{Kind: queue.KindTaxpayerDialing, Details: queue.Details{Attempt: n, Channel: "c"}},
		queue.Entry{Kind: queue.KindTaxpayerRinging, Details: queue.Details{Attempt: n}},
	)
}
