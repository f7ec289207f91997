package queue

import (
	"testing"
	"time"
)

var everyResult = []Result{
	ResultAnswered, ResultBusy, ResultNoAnswer, ResultRejected, ResultUnreachable, ResultInvalidNumber,
	ResultAgentNoAnswer, ResultTrunkFailure, ResultInterrupted, ResultUnknown,
}

var everyOutcome = []Outcome{
	OutcomeDelivered, OutcomeCallback, OutcomeWrongPerson, OutcomeRefused, OutcomeNeedsEscalation,
	OutcomeCutOff, OutcomeVoicemail, OutcomeIdentityUnconfirmed, OutcomeUnconfirmed,
}

// monday is 08.00 WIB of a working day; sampleFollowUp is received at it.
var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func sampleFollowUp() FollowUp {
	return FollowUp{
		ID: "01JD000000000000000000TEST", Ticket: "T-1", Route: RouteAnswer,
		Taxpayer: Taxpayer{Name: "Contoh", Phone: "+628110000001"}, Message: "pesan",
		ReceivedAt: monday, EnteredAt: monday, Deadline: monday.Add(time.Hour), Calendar: "test",
	}
}

// book writes a history entry by entry, and fails the test on a refusal.
type book struct {
	t       *testing.T
	at      time.Time
	state   State
	history []Activity
}

func newBook(t *testing.T, f FollowUp) *book {
	t.Helper()
	b := &book{t: t, at: monday}
	return b.add(KindReceived, Details{FollowUp: &f})
}

// add appends one activity, a second after the last.
func (b *book) add(k Kind, d Details) *book {
	b.t.Helper()
	b.at = b.at.Add(time.Second)
	a, err := Chain("01JD000000000000000000TEST", b.state.Version, b.state.Head, Entry{At: b.at, Actor: ActorSystem, Kind: k, Details: d})
	if err != nil {
		b.t.Fatal(err)
	}
	if b.state, err = Apply(b.state, a); err != nil {
		b.t.Fatal(err)
	}
	b.history = append(b.history, a)
	return b
}

// attempt runs the next attempt up to its result; dialled says how far it came.
func (b *book) attempt(dialled bool, result Result, outcome Outcome) *book {
	b.t.Helper()
	n := b.state.Attempt + 1
	b.add(KindAssigned, Details{Attempt: n, Agent: "agent-1", Switch: "asterisk-1", Fence: 1})
	b.add(KindAgentRinging, Details{Attempt: n, Channel: "agent"})
	if dialled {
		b.add(KindAgentAnswered, Details{Attempt: n})
		b.add(KindRecordingStarted, Details{Attempt: n, Tracks: &Tracks{Agent: "a", Taxpayer: "t", AgentStartedAt: b.at, TaxpayerStartedAt: b.at}})
		b.add(KindTaxpayerDialing, Details{Attempt: n, Channel: "taxpayer"})
	}
	if dialled && result == ResultAnswered {
		b.add(KindTaxpayerAnswered, Details{Attempt: n})
	}
	b.add(KindCallEnded, Details{Attempt: n, Result: result, EndedBy: "taxpayer", TalkMS: 1000})
	switch {
	case result != ResultAnswered:
	case outcome == OutcomeUnconfirmed:
		b.add(KindWrapUpExpired, Details{Attempt: n})
	case outcome != "":
		b.add(KindOutcomeConfirmed, Details{Attempt: n, Outcome: outcome, Via: "keypad"})
	}
	return b
}

// settle settles the attempt by the default policy on a clock that never closes.
func (b *book) settle() Details {
	b.t.Helper()
	e, err := Settle(b.state, DefaultPolicy(), alwaysOpen{}, b.at, ActorSystem)
	if err != nil {
		b.t.Fatal(err)
	}
	b.add(e.Kind, e.Details)
	return e.Details
}

// alwaysOpen is a calendar in which every minute is working time.
type alwaysOpen struct{}

func (alwaysOpen) Add(t time.Time, d time.Duration) (time.Time, bool, error) {
	return t.Add(d), false, nil
}
func (alwaysOpen) Between(a, b time.Time) time.Duration { return max(0, b.Sub(a)) }
func (alwaysOpen) Open(time.Time) bool                  { return true }
func (alwaysOpen) NextOpen(t time.Time) time.Time       { return t }
func (alwaysOpen) Version() string                      { return "test" }
