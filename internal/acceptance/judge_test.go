package acceptance_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sambung/queue"
)

// lived is one attempt as the history tells it.
type lived struct {
	kinds    []queue.Kind
	at       []time.Time
	ended    queue.Details // of call_ended
	settled  queue.Details // of attempt_settled
	confirms queue.Details // of outcome_confirmed
}

// judge holds what became of a follow-up against its scenario.
func (s *site) judge(q queue.Queue, want scenario, id queue.ID) {
	s.t.Helper()
	st, err := q.State(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	all := s.lives(q, id)
	fault := func(format string, args ...any) { s.t.Helper(); s.t.Errorf(format, args...) }
	if st.Status != want.want || st.Outcome != want.outcome {
		fault("status %s, outcome %q; want %s, %q", st.Status, st.Outcome, want.want, want.outcome)
	}
	if len(all) != len(want.attempts) {
		fault("%d attempts, want %d", len(all), len(want.attempts))
	}
	for i, got := range all[:min(len(all), len(want.attempts))] {
		w, last := want.attempts[i], i == len(want.attempts)-1
		if got.ended.Result != w.result || got.ended.SIPCode != w.code || following(got.settled) != w.after {
			fault("attempt %d: %s, SIP %d, then %s; want %s, %d, %s", i+1, got.ended.Result, got.ended.SIPCode, following(got.settled), w.result, w.code, w.after)
		}
		if last && got.confirms.Via != want.via {
			fault("confirmed via %q, want %q", got.confirms.Via, want.via)
		}
		if k, ok := inOrder(got.kinds, course(w, got.confirms.Via)); !ok {
			fault("attempt %d: %s is missing or out of order in %v", i+1, k, got.kinds)
		}
		if n := count(got.kinds, queue.KindTaxpayerDialing); n != 1 && w.result != queue.ResultAgentNoAnswer || n > 1 {
			fault("attempt %d: the taxpayer's dial was announced %d times", i+1, n)
		}
		if !last {
			s.waited(i+1, got.settled, all[i+1].at[0], st.FollowUp.Deadline)
		}
	}
	if s.t.Failed() {
		s.tell(q, id)
	}
}

// lives tells a history attempt by attempt.
func (s *site) lives(q queue.Queue, id queue.ID) (all []lived) {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range history {
		d, err := a.Decode()
		if err != nil {
			s.t.Fatal(err)
		}
		if a.Kind == queue.KindAssigned {
			all = append(all, lived{})
		}
		n := len(all)
		if d.Attempt > 0 {
			n = d.Attempt // a recording is archived while the next attempt is under way
		}
		if n == 0 || n > len(all) {
			continue
		}
		l := &all[n-1]
		l.kinds, l.at = append(l.kinds, a.Kind), append(l.at, a.At)
		switch a.Kind {
		case queue.KindCallEnded:
			l.ended = d
		case queue.KindAttemptSettled:
			l.settled = d
		case queue.KindOutcomeConfirmed:
			l.confirms = d
		}
	}
	return all
}

// following says what an attempt was followed by, and whether it used one up.
func following(d queue.Details) string {
	text := string(d.Next)
	if d.Pace != queue.PaceNone {
		text += " " + string(d.Pace)
	}
	if d.Counted {
		text += ", counted"
	}
	return text
}

// course is what an attempt must go through, in this order; others may lie between.
func course(w attempt, via string) []queue.Kind {
	kinds := []queue.Kind{queue.KindAssigned, queue.KindAgentRinging}
	if w.result == queue.ResultAgentNoAnswer {
		return append(kinds, queue.KindCallEnded, queue.KindAttemptSettled)
	}
	kinds = append(kinds, queue.KindAgentAnswered, queue.KindRecordingStarted, queue.KindTaxpayerDialing)
	if w.result == queue.ResultAnswered {
		kinds = append(kinds, queue.KindTaxpayerAnswered)
		if !w.brief && via != "in_talk" { // the key may be pressed during the announcement
			kinds = append(kinds, queue.KindAnnouncementPlayed)
		}
		switch via {
		case "in_talk":
			kinds = append(kinds, queue.KindOutcomeConfirmed, queue.KindCallEnded)
		case "ringback":
			kinds = append(kinds, queue.KindCallEnded, queue.KindOutcomeRingback, queue.KindOutcomeConfirmed)
		case "":
			kinds = append(kinds, queue.KindCallEnded, queue.KindWrapUpExpired)
		default:
			kinds = append(kinds, queue.KindCallEnded, queue.KindOutcomeConfirmed)
		}
		return append(kinds, queue.KindAttemptSettled)
	}
	return append(kinds, queue.KindCallEnded, queue.KindAttemptSettled)
}

// conversation is the course of a talk that is confirmed by a key afterwards.
var conversation = course(attempt{result: queue.ResultAnswered}, "keypad")

// inOrder reports the first of the wanted kinds that is not there in its place.
func inOrder(got, want []queue.Kind) (queue.Kind, bool) {
	for _, k := range want {
		i := slices.Index(got, k)
		if i < 0 {
			return k, false
		}
		got = got[i+1:]
	}
	return "", true
}

func count(kinds []queue.Kind, k queue.Kind) (n int) {
	for _, have := range kinds {
		if have == k {
			n++
		}
	}
	return n
}

// waited holds the beginning of the next attempt against what was promised.
func (s *site) waited(attempt int, settled queue.Details, next, deadline time.Time) {
	s.t.Helper()
	switch {
	case settled.RetryAt == nil:
		s.t.Errorf("attempt %d is to be followed by another, and none says when", attempt)
	case next.Before(*settled.RetryAt):
		s.t.Errorf("attempt %d was followed by another at %s, before its time, %s", attempt, next, settled.RetryAt)
	case settled.RetryAt.After(deadline):
		s.t.Errorf("attempt %d is followed by another at %s, after the deadline, %s", attempt, settled.RetryAt, deadline)
	}
}

// documented checks that every attempt whose taxpayer was dialled has its
// recording in the archive, and no more at the switch, in that order.
func (s *site) documented(q queue.Queue, id queue.ID) {
	s.t.Helper()
	for i, l := range s.lives(q, id) {
		if count(l.kinds, queue.KindTaxpayerDialing) == 0 {
			continue
		}
		if k, ok := inOrder(l.kinds, []queue.Kind{queue.KindCallEnded, queue.KindRecordingArchived, queue.KindRecordingRemoved}); !ok {
			s.t.Errorf("attempt %d: %s is missing or out of order", i+1, k)
		}
	}
}

// commandLine builds the command line of the product.
func commandLine(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "sambung")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "sambung/cmd/sambung").CombinedOutput(); err != nil {
		t.Fatalf("building the command line: %v: %s", err, out)
	}
	return path
}

// confirm tells the outcome as a supervisor does, by the command line at path.
func (s *site) confirm(path, addr string, id queue.ID, o queue.Outcome) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), path, "outcome", string(id), "--code", string(o))
	cmd.Env = []string{"SAMBUNG_API=http://" + addr, "SAMBUNG_TOKEN=" + adminToken}
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Errorf("confirming by the command line: %v: %s", err, out)
	}
}
