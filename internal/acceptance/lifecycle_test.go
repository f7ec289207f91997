package acceptance_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// settled reports whether a follow-up has its seal, or is handed back with its
// evidence in the archive.
func settled(t *testing.T, q queue.Queue, id queue.ID) bool {
	t.Helper()
	st, err := q.State(t.Context(), id)
	if err != nil {
		return false
	}
	_, due := st.EvidenceDue()
	return st.Dossier == queue.DossierSealed || (st.Status == queue.StatusHandedBack && !due)
}

// settledAll waits until all of them are settled.
func (s *site) settledAll(q queue.Queue, limit time.Duration, ids ...queue.ID) {
	s.t.Helper()
	eventually(s.t, limit, "all are settled", func() bool {
		for _, id := range ids {
			if !settled(s.t, q, id) {
				return false
			}
		}
		return true
	})
}

func (s *site) waitStatus(q queue.Queue, id queue.ID, status queue.Status) {
	s.t.Helper()
	eventually(s.t, 30*time.Second, "a follow-up is "+string(status), func() bool {
		st, err := q.State(s.t.Context(), id)
		return err == nil && st.Status == status
	})
}

// TestDrain: after SIGTERM nothing is begun, the calls under way finish and are
// archived, and the process ends well.
func TestDrain(t *testing.T) {
	const calls = 5
	s := newSite(t, calls)
	q := s.ledger()
	o := openOffice(t, s, q)
	p := s.startDaemon("node-a", s.redis.Addr, s.asterisk.ARIURL)
	s.waitOwned("node-a")
	var ids []queue.ID
	for i := range calls {
		ticket := "DRAIN-" + string(rune('A'+i))
		s.person(number(i), talks(6*time.Second))
		o.script(ticket, keypad("1"))
		s.addAgent(q, i)
		ids = append(ids, s.enqueue(q, ticket, number(i), i))
	}
	for _, id := range ids {
		s.waitStatus(q, id, queue.StatusTalking)
	}
	p.Signal(syscall.SIGTERM)
	left := s.enqueue(q, "DRAIN-LEFT", number(99), -1)
	select {
	case <-p.Exited():
	case <-time.After(60 * time.Second):
		t.Fatal("the daemon does not end")
	}
	if code := p.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, id := range ids {
		st, err := q.State(t.Context(), id)
		if err != nil || st.Status != queue.StatusClosed || st.Dossier != queue.DossierSealed {
			t.Errorf("follow-up %s: %s, dossier %s, %v", id, st.Status, st.Dossier, err)
			s.tell(q, id)
		}
	}
	if st, err := q.State(t.Context(), left); err != nil || st.Attempt != 0 {
		t.Errorf("what was enqueued after the signal was begun: %+v, %v", st.Status, err)
	}
	lease, err := q.Acquire(t.Context(), switchName, "next", time.Second)
	if err != nil {
		t.Errorf("the switch was not given up: %v", err)
	}
	_ = q.Surrender(t.Context(), lease)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// TestTakeoverOfATalk: the owner is killed in mid-talk; the standby takes over,
// the conversation and its recording go on, and the outcome is confirmed.
func TestTakeoverOfATalk(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(12*time.Second))
	o.script("T-1", keypad("1"))
	victim := s.startDaemon("node-a", s.redis.Addr, s.asterisk.ARIURL)
	s.waitOwned("node-a")
	s.startDaemon("node-b", s.redis.Addr, s.asterisk.ARIURL)
	s.addAgent(q, 0)
	id := s.enqueue(q, "T-1", number(1), -1)
	s.waitStatus(q, id, queue.StatusTalking)
	killed := time.Now()
	victim.Kill()
	s.waitOwned("node-b")
	t.Logf("taken over %s after the kill; the lease is %s", time.Since(killed).Round(time.Millisecond), s.config.Lease.TTL)
	s.settledAll(q, 60*time.Second, id)
	st, err := q.State(t.Context(), id)
	if err != nil || st.Status != queue.StatusClosed || st.Outcome != queue.OutcomeDelivered || len(st.Recordings) != 1 {
		t.Fatalf("%s, %s, %v", st.Status, st.Outcome, err)
	}
	s.noGap(st.Recordings[0])
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
	if t.Failed() {
		s.tell(q, id)
	}
}

// noGap checks that both tones go through the conversation without a gap above
// 100 ms: the agent's, and after its beginning the taxpayer's.
func (s *site) noGap(r queue.Recording) {
	s.t.Helper()
	body, _, err := s.bucket().Get(s.t.Context(), r.Key)
	if err != nil {
		s.t.Fatal(err)
	}
	defer body.Close()
	sound, err := wav.Read(body)
	if err != nil {
		s.t.Fatal(err)
	}
	from := r.AnsweredAt.Sub(r.Tracks.AgentStartedAt) + 200*time.Millisecond
	to := r.EndedAt.Sub(r.Tracks.AgentStartedAt) - 200*time.Millisecond
	for channel, hz := range []float64{440, 880} {
		track := sound.Channel(channel)
		window, longest, run := tone.Samples(20*time.Millisecond), 0, 0
		for i := tone.Samples(from); i+window <= min(tone.Samples(to), len(track)); i += window {
			if tone.Level(track[i:i+window]) > -30 {
				run = 0
				continue
			}
			run++
			longest = max(longest, run)
		}
		gap := tone.Duration(longest * window)
		s.t.Logf("channel %d (%.0f Hz): longest gap %s in %s", channel, hz, gap, to-from)
		if gap > 100*time.Millisecond {
			s.t.Errorf("channel %d has a gap of %s", channel, gap)
		}
	}
}

// TestAbsentAgent: a designated agent who is not there raises the alarm while
// there is still time.
func TestAbsentAgent(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(io.Discard, nil)))
	id := s.enqueue(q, "T-1", number(1), 0) // nobody made the agent known
	eventually(t, 40*time.Second, "the alarm is raised", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.AgentAbsent
	})
	stop()
	st, err := q.State(t.Context(), id)
	if err != nil || st.Missed || st.Attempt != 0 {
		t.Errorf("%+v, %v", st, err)
	}
}

// TestClosedOffice: nothing is dialled outside office hours, and the daemon
// begins by itself when the office opens.
func TestClosedOffice(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(time.Second))
	o.script("T-1", keypad("1"))
	calendar, err := workhours.LoadDir("../../configs/calendar")
	if err != nil {
		t.Fatal(err)
	}
	s.config.Calendar.AlwaysOpen, s.config.Calendar.Dir = false, "../../configs/calendar"
	// The office opens 6 s after the start, on Monday 23 November 2026 at 08:00.
	opens := time.Date(2026, 11, 23, 8, 0, 0, 0, calendar.Zone())
	offset := time.Until(opens.Add(-6 * time.Second))
	now := func() time.Time { return time.Now().Add(offset) }
	s.runDaemonAt(slog.New(slog.NewTextHandler(io.Discard, nil)), now)
	s.addAgent(q, 0)
	id := s.enqueue(q, "T-1", number(1), -1)
	s.waitStatus(q, id, queue.StatusDialing)
	if at := now(); at.Before(opens) {
		t.Errorf("dialling at %s, the office opens at %s", at, opens)
	}
	if len(s.invites()) > 0 && s.invites()[0].At.Add(offset).Before(opens) {
		t.Error("the taxpayer was rung before the office opened")
	}
}

// TestNothingIsLeft: after a stop nothing of the daemon's remains at the switch.
func TestNothingIsLeft(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(2*time.Second))
	o.script("T-1", keypad("1"))
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(io.Discard, nil)))
	s.addAgent(q, 0)
	s.settledAll(q, 40*time.Second, s.enqueue(q, "T-1", number(1), -1))
	stop()
	if out := s.asterisk.CLI("core show channels count"); !strings.Contains(out, "0 active channels") {
		t.Errorf("channels are left: %s", out)
	}
	if out := s.asterisk.CLI("bridge show all"); strings.Contains(out, "stasis") {
		t.Errorf("bridges are left: %s", out)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if held, err := q.Held(ctx, switchName); err != nil || len(held) > 0 {
		t.Errorf("held: %v, %v", held, err)
	}
}
