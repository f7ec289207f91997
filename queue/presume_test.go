package queue

import "testing"

// A presumed attempt counts, goes to people, and is not repeated by itself.
func TestPresumedAttempt(t *testing.T) {
	tracks := &Tracks{Agent: "x-2-agent", Taxpayer: "x-2-taxpayer"}
	for name, d := range map[string]Details{
		"at the switch": {Attempt: 2, Switch: "asterisk-1", Tracks: tracks, Reason: ReasonFoundAtSwitch},
		"archived":      {Attempt: 2, File: "recordings/x/2.wav", SHA256: "ab", Bytes: 9, Reason: ReasonFoundInArchive},
		"no recording":  {Attempt: 2, Reason: "lost"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, sampleFollowUp()).attempt(true, ResultBusy, "")
			b.settle()
			b.add(KindRecordingArchived, Details{Attempt: 1, File: "k", SHA256: "h", Bytes: 1}).add(KindRecordingRemoved, Details{Attempt: 1})
			counted := b.state.Counted
			e := PresumeAttempt(b.state, d, b.at)[0]
			b.add(e.Kind, e.Details)
			s := b.state
			if s.Status != StatusHandedBack || s.Attempt != 2 || s.Counted != counted+1 || !s.RetryAt.IsZero() || s.Reason != d.Reason || s.Settled != s.Version {
				t.Errorf("%+v", s)
			}
			if at, due := s.EvidenceDue(); !due || at != d.Switch {
				t.Errorf("evidence due at %q: %t", at, due)
			}
			if want := d.Tracks != nil; s.PendingRecordings() != want {
				t.Errorf("a recording to fetch: %t, want %t", s.PendingRecordings(), want)
			}
			if !refusedHere(t, b, e.Kind, e.Details) {
				t.Error("presumed twice")
			}
			b.add(KindRequeued, Details{Reason: "looked"})
			if !refusedHere(t, b, KindAssigned, Details{Agent: "agent-1", Attempt: 2}) {
				t.Error("its number is given away again")
			}
			b.add(KindAssigned, Details{Agent: "agent-1", Attempt: 3, Switch: "asterisk-1", Fence: 1})
			if e.Details.Attempt = 4; !refusedHere(t, b, e.Kind, e.Details) {
				t.Error("presumed in the middle of a call")
			}
		})
	}
}

func TestPresumedNeedsAReason(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	if e := PresumeAttempt(b.state, Details{Attempt: 1}, b.at)[0]; !refusedHere(t, b, e.Kind, e.Details) {
		t.Error("presumed without a reason")
	}
	b.add(KindCancelled, Details{Reason: "withdrawn"})
	if e := PresumeAttempt(b.state, Details{Attempt: 1, Reason: "lost"}, b.at); e != nil {
		t.Errorf("presumed after the end: %v", e)
	}
}

// An attempt that the ledger still has under way is over when a later one was made.
func TestPresumedOverALiveAttempt(t *testing.T) {
	n := 1
	begin := func(b *book, answered bool) *book {
		b.add(KindAssigned, Details{Attempt: n, Agent: "agent-1", Switch: "asterisk-1", Fence: 1}).add(KindAgentRinging, Details{Attempt: n})
		if answered {
			b.add(KindTaxpayerDialing, Details{Attempt: n}).add(KindTaxpayerAnswered, Details{Attempt: n})
		}
		return b
	}
	for name, b := range map[string]*book{
		"ringing": begin(newBook(t, sampleFollowUp()), false),
		"talking": begin(newBook(t, sampleFollowUp()), true),
		"wrap_up": newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, ""),
	} {
		for _, e := range PresumeAttempt(b.state, Details{Attempt: 2, Reason: "lost"}, b.at) {
			b.add(e.Kind, e.Details)
		}
		if s := b.state; s.Status != StatusHandedBack || s.Attempt != 2 || s.Assignment != nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
