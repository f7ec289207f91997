package acceptance_test

import (
	"io"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony/softphone"
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
	const calls = 20
	s := newSite(t, calls)
	q := s.ledger()
	o := openOffice(t, s, q)
	p := s.startDaemon("node-a", s.redis.Addr, s.asterisk.ARIURL)
	s.waitOwned("node-a")
	var ids []queue.ID
	for i := range calls {
		ticket := "DRAIN-" + string(rune('A'+i))
		s.person(number(i), talks(10*time.Second))
		o.script(ticket, keypad("1"))
		s.addAgent(q, i)
		ids = append(ids, s.enqueue(q, ticket, number(i), i))
	}
	for _, id := range ids {
		s.waitStatus(q, id, queue.StatusTalking)
	}
	p.Signal(syscall.SIGTERM)
	left := s.enqueue(q, "DRAIN-LEFT", number(99), -1)
	s.ends(p)
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
	s.nothingLeft(q, p)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
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

// TestDrainLimit: what still talks when the drain limit has passed is the
// standby's, and goes on undisturbed.
func TestDrainLimit(t *testing.T) {
	const calls = 3
	s := newSite(t, calls)
	s.config.Drain.Limit = 2 * time.Second
	q := s.ledger()
	o := openOffice(t, s, q)
	leaves := s.startDaemon("node-a", s.redis.Addr, s.asterisk.ARIURL)
	s.waitOwned("node-a")
	stays := s.startDaemon("node-b", s.redis.Addr, s.asterisk.ARIURL)
	var ids []queue.ID
	for i := range calls {
		ticket := "LIMIT-" + string(rune('A'+i))
		s.person(number(i), talks(12*time.Second))
		o.script(ticket, keypad("1"))
		s.addAgent(q, i)
		ids = append(ids, s.enqueue(q, ticket, number(i), i))
	}
	for _, id := range ids {
		s.waitStatus(q, id, queue.StatusTalking)
	}
	leaves.Signal(syscall.SIGTERM)
	s.ends(leaves)
	for _, id := range ids {
		if st := s.state(q, id); st.Status.Ended() {
			t.Errorf("follow-up %s is %s already: nothing was left to the standby", id, st.Status)
		}
	}
	s.waitOwned("node-b")
	s.settledAll(q, 60*time.Second, ids...)
	for _, id := range ids {
		s.delivered(q, id)
		st := s.state(q, id)
		if st.Attempt != 1 {
			t.Errorf("follow-up %s took %d attempts", id, st.Attempt)
		}
		s.noGap(st.Recordings[0])
	}
	stays.Signal(syscall.SIGTERM)
	s.ends(stays)
	s.nothingLeft(q, leaves, stays)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// ends waits for a daemon that was told to, and wants a good end.
func (s *site) ends(p *daemonProcess) {
	s.t.Helper()
	select {
	case <-p.Exited():
	case <-time.After(90 * time.Second):
		s.t.Fatal("the daemon does not end")
	}
	if code := p.ExitCode(); code != 0 {
		s.t.Errorf("exit code %d", code)
	}
}

// nothingLeft checks that nothing is left at the switch, of the leases, and in
// the spools of daemons that have ended.
func (s *site) nothingLeft(q queue.Queue, ended ...*daemonProcess) {
	s.t.Helper()
	var spools []string
	for _, p := range ended {
		spools = append(spools, s.spools[p])
	}
	if len(ended) == 0 {
		spools = []string{s.config.Spool.Dir}
	}
	for _, what := range checker.Left(s.t.Context(), q, []checker.Place{{Switch: switchName, Asterisk: s.asterisk}}, spools) {
		s.t.Errorf("left: %s", what)
	}
}

// TestNothingIsLeft: after a stop nothing of the daemon's remains, at the switch
// or in this process.
func TestNothingIsLeft(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(2*time.Second))
	o.script("T-1", keypad("1"))
	s.addAgent(q, 0)
	before := goleak.IgnoreCurrent()
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(io.Discard, nil)))
	id := s.enqueue(q, "T-1", number(1), -1)
	s.settledAll(q, 40*time.Second, id)
	for _, phone := range append(s.phones, s.carrier) {
		for _, r := range phone.Calls() {
			s.callOf(phone, func(other softphone.CallRecord) bool { return other.CallID == r.CallID && other.Ended() })
		}
	}
	stop()
	goleak.VerifyNone(t, before)
	s.nothingLeft(q)
	if held, err := q.Held(t.Context(), switchName); err != nil || len(held) > 0 {
		t.Errorf("held: %v, %v", held, err)
	}
}
