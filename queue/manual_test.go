package queue

import (
	"errors"
	"testing"
	"time"
)

// held is a conversation of five minutes, with its recording.
func held(outcome Outcome) Details {
	return Details{
		Agent: "agent-1", Outcome: outcome, File: "recordings/x.wav", SHA256: "ab", Bytes: 9, DurationMS: 300_000,
		Manual: &ManualCall{AnsweredAt: monday.Add(10 * time.Minute), EndedAt: monday.Add(15 * time.Minute), Reason: "power failure"},
	}
}

func (b *book) document(d Details) (State, error) {
	b.t.Helper()
	e, err := DocumentManually(b.state, d, DefaultPolicy(), alwaysOpen{}, b.at, ActorUser("co-supervisor"))
	if err != nil {
		return State{}, err
	}
	a, err := Chain(b.state.FollowUp.ID, b.state.Version, b.state.Head, e)
	if err != nil {
		b.t.Fatal(err)
	}
	return Apply(b.state, a)
}

func TestDocumentManually(t *testing.T) {
	for outcome, want := range map[Outcome]Status{
		OutcomeDelivered: StatusClosed, OutcomeRefused: StatusClosed, OutcomeNeedsEscalation: StatusClosed,
		OutcomeCallback: StatusQueued, OutcomeCutOff: StatusQueued, OutcomeVoicemail: StatusQueued,
		OutcomeWrongPerson: StatusHandedBack, OutcomeIdentityUnconfirmed: StatusHandedBack,
	} {
		s, err := newBook(t, sampleFollowUp()).document(held(outcome))
		if err != nil {
			t.Errorf("%s: %v", outcome, err)
			continue
		}
		if s.Status != want || s.Attempt != 1 || s.Counted != 1 || s.Outcome != outcome || !s.Call.Manual || s.Call.TalkMS != 300_000 || s.Settled != s.Version {
			t.Errorf("%s: %+v", outcome, s)
		}
		if want == StatusQueued && s.RetryAt.IsZero() {
			t.Errorf("%s: another attempt without its time", outcome)
		}
		r := s.Recordings[0]
		if len(s.Recordings) != 1 || !r.Manual || r.Status != RecordingVerified || r.Attempt != 1 || r.Key == "" || !s.ContactedAt.Equal(r.AnsweredAt) {
			t.Errorf("%s: recordings %+v", outcome, s.Recordings)
		}
		if name, due := s.EvidenceDue(); !due || name != "" {
			t.Errorf("%s: evidence due at switch %q: %t, want at any", outcome, name, due)
		}
		if documented := !s.DocumentedAt.IsZero(); documented != (want == StatusClosed) {
			t.Errorf("%s: documented at %s", outcome, s.DocumentedAt)
		}
	}
}

// TestManualAfterCalls: it is the next attempt, after those of ours.
func TestManualAfterCalls(t *testing.T) {
	b := newBook(t, sampleFollowUp()).attempt(true, ResultBusy, "")
	b.settle()
	s, err := b.document(held(OutcomeDelivered))
	if err != nil || s.Attempt != 2 || s.Counted != 2 || s.Status != StatusClosed || len(s.Recordings) != 2 || !s.RetryAt.IsZero() {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestManualWithoutRecording: an alarm stands in its place, and the deadline
// was not met: nothing is documented as the SOP wants it.
func TestManualWithoutRecording(t *testing.T) {
	d := held(OutcomeDelivered)
	d.File, d.SHA256, d.Bytes, d.DurationMS, d.Manual.Alarm = "", "", 0, 0, "no recorder"
	s, err := newBook(t, sampleFollowUp()).document(d)
	if err != nil || s.Status != StatusClosed || s.Recordings[0].Status != RecordingAlarmed || !s.DocumentedAt.IsZero() || s.PendingRecordings() {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestManualRefused(t *testing.T) {
	unassigned := sampleFollowUp()
	unassigned.Route = RouteOpinionUnrequested
	for name, c := range map[string]struct {
		book   *book
		change func(*Details)
	}{
		"while it is being rung":     {newBook(t, sampleFollowUp()).add(KindAssigned, Details{Attempt: 1, Agent: "agent-1", Switch: "s", Fence: 1}), nil},
		"after it was closed":        {newBook(t, sampleFollowUp()).add(KindCancelled, Details{Reason: "x"}), nil},
		"route c without an agent":   {newBook(t, unassigned), nil},
		"nobody held it":             {newBook(t, sampleFollowUp()), func(d *Details) { d.Agent = "" }},
		"neither recording nor word": {newBook(t, sampleFollowUp()), func(d *Details) { d.File = "" }},
		"without a reason":           {newBook(t, sampleFollowUp()), func(d *Details) { d.Manual.Reason = "" }},
		"over before it began":       {newBook(t, sampleFollowUp()), func(d *Details) { d.Manual.EndedAt = d.Manual.AnsweredAt }},
	} {
		d := held(OutcomeDelivered)
		if c.change != nil {
			c.change(&d)
		}
		if s, err := c.book.document(d); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %+v, %v", name, s.Status, err)
		}
	}
	for _, d := range []Details{{Outcome: OutcomeDelivered}, held(OutcomeUnconfirmed), held("")} {
		if s, err := newBook(t, sampleFollowUp()).document(d); err == nil {
			t.Errorf("outcome %q of %+v was documented: %s", d.Outcome, d.Manual, s.Status)
		}
	}
}

// TestEnteredForManual: nobody is rung for it, unless a person puts it into the queue.
func TestEnteredForManual(t *testing.T) {
	f := sampleFollowUp()
	f.Manual = true
	b := newBook(t, f)
	if b.state.Status != StatusHandedBack || b.state.Reason != ReasonManual {
		t.Fatalf("%s, %q", b.state.Status, b.state.Reason)
	}
	if s, err := b.document(held(OutcomeDelivered)); err != nil || s.Status != StatusClosed || s.Reason != "" {
		t.Errorf("%s, %q, %v", s.Status, s.Reason, err)
	}
	if s := b.add(KindRequeued, Details{}).state; s.Status != StatusQueued {
		t.Errorf("put back, it is %s", s.Status)
	}
}
