package queue

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// refusedHere reports whether the follow-up refuses the activity where it stands.
func refusedHere(t *testing.T, b *book, k Kind, d Details) bool {
	t.Helper()
	a, err := Chain("01JD000000000000000000TEST", b.state.Version, b.state.Head, Entry{At: b.at, Actor: ActorSystem, Kind: k, Details: d})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Apply(b.state, a)
	return errors.Is(err, ErrRefused)
}

func TestNothingIsSealedBeforeItsRecording(t *testing.T) {
	b := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeDelivered)
	b.settle()
	if b.state.Dossier != DossierArchiving || !b.state.DocumentedAt.IsZero() {
		t.Fatalf("the dossier is %s, documented at %s", b.state.Dossier, b.state.DocumentedAt)
	}
	if !refusedHere(t, b, KindSealed, Details{SHA256: "early"}) {
		t.Error("sealed while a recording is at the switch")
	}
	b.add(KindRecordingArchived, Details{Attempt: 1, File: "k", SHA256: "h", Bytes: 1, DurationMS: 1000})
	if b.state.Dossier != DossierOpen || !b.state.DocumentedAt.Equal(b.at) || !b.state.MetDeadline() {
		t.Errorf("verified: the dossier is %s, documented at %s", b.state.Dossier, b.state.DocumentedAt)
	}
	b.add(KindSealed, Details{SHA256: "manifest", UpTo: b.state.Version})
	if b.state.Dossier != DossierSealed || b.state.Manifest != "manifest" || !b.state.SealedAt.Equal(b.at) {
		t.Errorf("sealed: %s, %q, %s", b.state.Dossier, b.state.Manifest, b.state.SealedAt)
	}
}

// What comes late is kept, and leaves the seal alone.
func TestASealedDossierStaysSealed(t *testing.T) {
	b := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeDelivered)
	b.settle()
	b.add(KindRecordingAlarm, Details{Attempt: 1, Reason: "silent"})
	if b.state.MetDeadline() {
		t.Error("a recording with an alarm met the deadline")
	}
	b.add(KindSealed, Details{SHA256: "manifest"})
	b.add(KindRecordingRemoved, Details{Attempt: 1}).add(KindCallEnded, Details{Attempt: 1, Result: ResultBusy})
	b.add(KindHistoryShipped, Details{UpTo: 3})
	if b.state.Dossier != DossierSealed || b.state.Manifest != "manifest" || b.state.Call.Result != ResultAnswered {
		t.Errorf("it is %s with manifest %q and result %s", b.state.Dossier, b.state.Manifest, b.state.Call.Result)
	}
	for _, k := range []Kind{KindSealed, KindRequeued, KindEdited, KindCancelled, KindAssigned, KindOutcomeCorrected} {
		if !refusedHere(t, b, k, Details{Reason: "x", SHA256: "other", Agent: "agent-1"}) {
			t.Errorf("%s after the seal was not refused", k)
		}
	}
}

func TestAnUnrequestedOpinionWaitsForItsAgent(t *testing.T) {
	f := sampleFollowUp()
	f.Route = RouteOpinionUnrequested
	b := newBook(t, f)
	if b.state.Status != StatusAwaitingAgent {
		t.Fatalf("it is %s", b.state.Status)
	}
	if !refusedHere(t, b, KindAssigned, Details{Attempt: 1, Agent: "agent-1"}) {
		t.Error("it was handed out before an agent was named")
	}
	b.add(KindDesignated, Details{Agent: "agent-2"})
	if b.state.Status != StatusQueued || !refusedHere(t, b, KindAssigned, Details{Attempt: 1, Agent: "agent-1"}) {
		t.Errorf("designated: %s; agent-1 must not get what agent-2 was named for", b.state.Status)
	}
	b.add(KindAssigned, Details{Attempt: 1, Agent: "agent-2"})
}

// A taxpayer is dialled once in an attempt, and only in its own.
func TestDialledOnce(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	if !refusedHere(t, b, KindTaxpayerDialing, Details{Attempt: 0}) {
		t.Error("dialled while queued")
	}
	b.add(KindAssigned, Details{Attempt: 1, Agent: "agent-1"}).add(KindAgentRinging, Details{Attempt: 1})
	if !refusedHere(t, b, KindTaxpayerDialing, Details{Attempt: 2}) {
		t.Error("dialled for another attempt")
	}
	b.add(KindTaxpayerDialing, Details{Attempt: 1})
	if !refusedHere(t, b, KindTaxpayerDialing, Details{Attempt: 1}) {
		t.Error("dialled twice")
	}
	b.add(KindReconciling, Details{Attempt: 1}).add(KindResumed, Details{Attempt: 1, Fence: 9})
	if b.state.Status != StatusDialing || b.state.Assignment.Fence != 9 {
		t.Errorf("taken over: %s under fence %d", b.state.Status, b.state.Assignment.Fence)
	}
	if !refusedHere(t, b, KindTaxpayerDialing, Details{Attempt: 1}) {
		t.Error("dialled twice after a take-over")
	}
}

// What a newer version writes is kept without effect.
func TestKindOfALaterVersion(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	b.add("taxpayer_praised", Details{Attempt: 7})
	if b.state.Status != StatusQueued || b.state.Version != 2 {
		t.Errorf("it is %s at version %d", b.state.Status, b.state.Version)
	}
}

// FuzzApply feeds arbitrary details, as a damaged store might hold them, to
// every kind in every status that a plain life passes through.
func FuzzApply(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `[]`, `{"follow_up":null}`, `{"follow_up":{"id":1}}`, `{"attempt":-1}`,
		`{"attempt":1,"retry_at":"0001-01-01T00:00:00Z","next":"retry","counted":true}`, `{"tracks":{}}`, `{"talk_ms":9e99}`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, details string) {
		for _, stand := range lifeStates(t) {
			for _, k := range everyKind() {
				a := Activity{FollowUp: "01JD000000000000000000TEST", Seq: stand.Version + 1, At: monday, Kind: k, Details: json.RawMessage(details), Prev: stand.Head}
				after, err := Apply(stand, a)
				if err == nil && (after.Assignment != nil) != after.Status.Reserved() {
					t.Errorf("%s with %q leaves %s with assignment %v", k, details, after.Status, after.Assignment)
				}
			}
		}
	})
}

// lifeStates is every state on the way of two attempts, and the one before the first activity.
func lifeStates(t *testing.T) []State {
	b := newBook(t, sampleFollowUp()).attempt(true, ResultBusy, "")
	b.settle()
	b.attempt(true, ResultAnswered, OutcomeUnconfirmed)
	b.settle()
	states := []State{{}}
	for n := range b.history {
		s, err := Fold(b.history[:n+1])
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, s)
	}
	return append(states, State{Version: 1, Status: StatusReconciling, Assignment: &Assignment{}, Call: Call{AnsweredAt: time.Unix(1, 0)}})
}
