package acceptance_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/queue"
	"sambung/telephony/softphone"
)

// TestTrunkAway: while the switch knows its trunk to be away, no agent is rung
// and no attempt is used up, and a deadline missed is the trunk's fault; when the
// carrier is back, the call is made.
func TestTrunkAway(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(4*time.Second))
	o.script("T-1", keypad("1"))
	address := s.carrier.Addr().String()
	s.unplugCarrier()

	id := s.enqueueOverdue(q, "T-1", number(1))
	var log syncBuffer
	s.runDaemon(slog.New(slog.NewTextHandler(&log, nil)))
	s.addAgent(q, 0)
	held := func() int { return strings.Count(log.String(), "the trunk does not answer its switch") }
	eventually(t, 15*time.Second, "the daemon says why it calls nobody", func() bool { return held() > 0 })
	for n := range 20 { // some polls and nudges later
		time.Sleep(100 * time.Millisecond)
		st, err := q.State(t.Context(), id)
		if err != nil || st.Status != queue.StatusQueued || st.Attempt != 0 || len(s.phones[0].Calls()) > 0 {
			t.Fatalf("look %d: %s, attempt %d, %d calls of the agent, %v", n, st.Status, st.Attempt, len(s.phones[0].Calls()), err)
		}
	}
	if held() != 1 {
		t.Errorf("the hindrance is logged %d times, want once", held())
	}

	eventually(t, 20*time.Second, "the missed deadline is reported", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Missed
	})
	if cause := s.causeOfMiss(q, id); cause != queue.CauseTrunk {
		t.Errorf("the deadline was missed because of %q, want %q", cause, queue.CauseTrunk)
	}

	carrier, err := softphone.Listen(softphone.Config{User: "carrier", Addr: address, Behave: s.people.taxpayer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = carrier.Close() })
	s.settledAll(q, time.Minute, id)
	st, err := q.State(t.Context(), id)
	if err != nil || st.Call.Outcome != queue.OutcomeDelivered {
		t.Errorf("%s, %s, %v", st.Status, st.Call.Outcome, err)
	}
}

// TestANumberThatTheTrunkAlwaysFails is handed back in the end, and holds nobody up:
// the trunk carries the calls to others between its failures.
func TestANumberThatTheTrunkAlwaysFails(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	ids := []queue.ID{}
	for i, way := range []softphone.Behaviour{softphone.Reject(500), softphone.Busy(), softphone.Busy(), softphone.Busy()} {
		ticket := fmt.Sprintf("T-%d", i)
		s.person(number(i+1), way)
		o.script(ticket, keypad("1"))
		ids = append(ids, s.enqueue(q, ticket, number(i+1), 0))
	}
	s.runDaemon(slog.New(slog.DiscardHandler))
	s.addAgent(q, 0)
	s.settledAll(q, time.Minute, ids...)
	bad, err := q.State(t.Context(), ids[0])
	if err != nil || bad.Status != queue.StatusHandedBack || bad.Reason != queue.ReasonNumberFails || bad.Call.SIPCode != 500 || bad.Attempt < 3 {
		t.Errorf("%s, %q after attempt %d with SIP %d, %v", bad.Status, bad.Reason, bad.Attempt, bad.Call.SIPCode, err)
	}
	for _, id := range ids[1:] {
		if st, err := q.State(t.Context(), id); err != nil || st.Reason != queue.ReasonAttemptsExhausted || st.Attempt != 2 {
			t.Errorf("beside it: %s, %q after attempt %d, %v", st.Status, st.Reason, st.Attempt, err)
		}
	}
}

// enqueueOverdue enters a follow-up whose deadline has passed.
func (s *site) enqueueOverdue(q queue.Queue, ticket, phone string) queue.ID {
	s.t.Helper()
	now := time.Now()
	f := queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: ticket, Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Name: "Budi Santoso", Phone: phone}, Message: "Pesan",
		ReceivedAt: now.Add(-2 * time.Hour), EnteredAt: now, Deadline: now.Add(-time.Hour), Calendar: "always",
	}
	if _, _, err := q.Enqueue(s.t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("acceptance")}); err != nil {
		s.t.Fatal(err)
	}
	return f.ID
}

func (s *site) causeOfMiss(q queue.Queue, id queue.ID) string {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range history {
		var d queue.Details
		if a.Kind == queue.KindDeadlineMissed && json.Unmarshal(a.Details, &d) == nil {
			return d.Reason
		}
	}
	return "nothing"
}

// unplugCarrier has the switch ask its trunk every two seconds, and waits until
// it knows that nobody is there.
func (s *site) unplugCarrier() {
	s.t.Helper()
	path := filepath.Join(s.asterisk.RecordingDir, "../../etc/pjsip_trunk.conf")
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	asked := strings.ReplaceAll(string(text), "qualify_frequency = 0", "qualify_frequency = 2")
	if err := os.WriteFile(path, []byte(asked), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := s.carrier.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.asterisk.CLI("module reload res_pjsip.so")
	eventually(s.t, 15*time.Second, "the switch misses its trunk", func() bool {
		return strings.Contains(s.asterisk.CLI("pjsip show endpoint trunk"), "Unavail")
	})
}
