package archivist_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// attempts writes a follow-up that was cut off at one switch and told at another.
func (d *desk) attempts(id queue.ID, leases ...queue.Lease) {
	d.t.Helper()
	ctx := d.t.Context()
	must := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	f := queue.FollowUp{ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"},
		ReceivedAt: d.now, EnteredAt: d.now, Deadline: d.now.Add(time.Hour)}
	_, _, err := d.q.Enqueue(ctx, queue.Enqueue{FollowUp: f})
	must(err)
	for i, lease := range leases {
		n, agent := i+1, queue.AgentID(fmt.Sprintf("a%d", i+1))
		must(d.q.PutAgent(ctx, queue.Agent{ID: agent, Endpoint: "PJSIP/a", Switch: lease.Switch}))
		_, err := d.q.SetPresence(ctx, agent, queue.PresenceReady, "", d.now)
		must(err)
		_, err = d.q.Claim(ctx, queue.Claim{Agent: agent, Lease: lease, Now: d.now})
		must(err)
		outcome, next := queue.OutcomeCutOff, queue.NextRetry
		if n == len(leases) {
			outcome, next = queue.OutcomeDelivered, queue.NextClose
		}
		tracks := &queue.Tracks{Agent: fmt.Sprintf("left-%d", n), Taxpayer: fmt.Sprintf("right-%d", n), AgentStartedAt: d.now, TaxpayerStartedAt: d.now}
		note := func(k queue.Kind, details queue.Details) {
			details.Attempt = n
			_, err := d.q.Append(ctx, queue.Change{ID: id, Lease: &lease, Decide: func(queue.State) ([]queue.Entry, error) {
				return []queue.Entry{{At: d.now, Actor: queue.ActorSystem, Kind: k, Details: details}}, nil
			}})
			must(err)
		}
		note(queue.KindAgentRinging, queue.Details{})
		note(queue.KindRecordingStarted, queue.Details{Tracks: tracks})
		note(queue.KindTaxpayerDialing, queue.Details{})
		note(queue.KindTaxpayerAnswered, queue.Details{})
		d.now = d.now.Add(4 * time.Second)
		note(queue.KindCallEnded, queue.Details{Result: queue.ResultAnswered, TalkMS: 4000})
		note(queue.KindOutcomeConfirmed, queue.Details{Outcome: outcome, Via: "keypad"})
		note(queue.KindAttemptSettled, queue.Details{Next: next, Counted: true})
		d.now = d.now.Add(5 * time.Minute)
	}
}

// tape puts both tracks of an attempt on a shelf.
func (s *shelf) tape(t *testing.T, n int) {
	s.files[fmt.Sprintf("left-%d", n)] = sound(t, 440, 5*time.Second)
	s.files[fmt.Sprintf("right-%d", n)] = sound(t, 880, 5*time.Second)
}

// TestRecordingsAtTwoSwitches: an attempt lies where it was made. Whoever serves one
// switch neither misses what is at another, nor says that it was removed there.
func TestRecordingsAtTwoSwitches(t *testing.T) {
	d := newDesk(t)
	first, other := d.shelf, &shelf{files: make(map[string][]byte)}
	lease, err := d.q.Acquire(t.Context(), "pbx2", "test", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	first.tape(t, 1)
	other.tape(t, 2)
	d.attempts(id, d.lease, lease)

	s := d.run(id)
	if r := s.Recordings[0]; r.Status != queue.RecordingVerified || !r.Removed {
		t.Errorf("the recording at this switch: %+v", r)
	}
	if r := s.Recordings[1]; r.Status != queue.RecordingAtSwitch || r.Removed || s.Dossier == queue.DossierSealed {
		t.Errorf("the recording at the other one: %+v; the dossier is %s", r, s.Dossier)
	}
	d.lease, d.shelf = lease, other
	s = d.run(id)
	if r := s.Recordings[1]; r.Status != queue.RecordingVerified || !r.Removed || len(other.files) != 0 {
		t.Errorf("the recording at the other one, by its own owner: %+v", r)
	}
	if s.Dossier != queue.DossierSealed || !s.MetDeadline() {
		t.Errorf("dossier %s, met %v", s.Dossier, s.MetDeadline())
	}
	d.verify(s, nil)
}

// worn is a shelf that does not give one track away.
type worn struct {
	*shelf
	track string
	why   error
	asked atomic.Int32 // for that track
}

func (w *worn) Fetch(ctx context.Context, name string, to io.Writer) (int64, error) {
	if name == w.track {
		w.asked.Add(1)
		return 0, w.why
	}
	return w.shelf.Fetch(ctx, name, to)
}

// TestOneRecordingKeepsNoOther: what cannot be had of one attempt holds up neither
// the recording of another nor, with it, the deadline.
func TestOneRecordingKeepsNoOther(t *testing.T) {
	d := newDesk(t)
	d.shelf.tape(t, 1)
	d.shelf.tape(t, 2)
	d.attempts(id, d.lease, d.lease)
	s := d.runUntil(id, &worn{shelf: d.shelf, track: "left-1", why: errors.New("status 500")}, func(s queue.State) bool {
		return s.Recordings[1].Removed
	})
	if s.Recordings[0].Status != queue.RecordingAtSwitch || s.Recordings[1].Status != queue.RecordingVerified || !s.MetDeadline() {
		t.Errorf("recordings %+v; met %v", s.Recordings, s.MetDeadline())
	}
}

// TestWhatIsBeingWrittenIsWaitedFor: a recording that did not end with its talk ends
// with the agent's leg, some minutes later. It is not missing.
func TestWhatIsBeingWrittenIsWaitedFor(t *testing.T) {
	d := newDesk(t)
	d.shelf.tape(t, 1)
	d.attempts(id, d.lease)
	growing := &worn{shelf: d.shelf, track: "left-1", why: fmt.Errorf("%w: %w", telephony.ErrNoRecording, telephony.ErrBeingWritten)}
	s := d.runUntil(id, growing, func(s queue.State) bool {
		return growing.asked.Load() >= 3 || s.Recordings[0].Status != queue.RecordingAtSwitch
	})
	if s.Recordings[0].Status != queue.RecordingAtSwitch {
		t.Errorf("while it is being written: %+v", s.Recordings[0])
	}
	if s = d.run(id); s.Recordings[0].Status != queue.RecordingVerified || s.Dossier != queue.DossierSealed {
		t.Errorf("afterwards: %+v; the dossier is %s", s.Recordings[0], s.Dossier)
	}
}
