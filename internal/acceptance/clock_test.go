package acceptance_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
)

// TestClockJumps: the daemon's clock jumps two hours ahead in the middle of a
// talk, and later two seconds back. Leases are timed by the ledger's server, so
// the switch stays owned; no talk is cut, nobody is called twice, and what was
// recorded is kept: verified, or with an alarm where the times do not add up.
func TestClockJumps(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	var ahead atomic.Int64
	var jumps []struct {
		at time.Time // of the telephones' clock
		by time.Duration
	}
	offset := func() time.Duration { return time.Duration(ahead.Load()) }
	log := &syncBuffer{}
	app, stop := s.runDaemonAt(slog.New(slog.NewTextHandler(log, nil)), func() time.Time { return time.Now().Round(0).Add(offset()) })
	s.addAgent(q, 0)
	begin := func(n int, ticket string) (queue.ID, *softphone.Call) {
		s.person(number(n), stays())
		o.script(ticket, keypad("1"))
		id := s.enqueue(q, ticket, number(n), 0)
		s.waitStatus(q, id, queue.StatusTalking)
		return id, s.callOf(s.carrier, func(r softphone.CallRecord) bool { return r.Called == number(n) && r.Answered() })
	}
	finish := func(id queue.ID, call *softphone.Call, jump time.Duration) {
		if jump != 0 {
			jumps = append(jumps, struct {
				at time.Time
				by time.Duration
			}{time.Now(), jump})
		}
		ahead.Add(int64(jump))
		throughout(t, 3*time.Second, "the talk goes on, and the switch is owned", func() bool {
			return !call.Record().Ended() && s.state(q, id).Status == queue.StatusTalking && s.figure(app, "sambung_switch_owned") == 1
		})
		if err := call.HangUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.settledAll(q, time.Minute, id)
		st := s.state(q, id)
		kept := len(st.Recordings) == 1 && st.Recordings[0].Key != "" && st.Recordings[0].Status != queue.RecordingAtSwitch
		if st.Outcome != queue.OutcomeDelivered || st.Attempt != 1 || !kept {
			t.Errorf("after a jump of %s: %s, attempt %d, recordings %+v", jump, st.Outcome, st.Attempt, st.Recordings)
			s.tell(q, id)
		}
		t.Logf("after a jump of %s the recording is %s %s", jump, st.Recordings[0].Status, st.Recordings[0].Alarm)
	}
	for n, jump := range []time.Duration{0, 2 * time.Hour, 0, -2 * time.Second, 0} {
		id, call := begin(n, "CLOCK-"+string(rune('a'+n)))
		finish(id, call, jump)
	}
	stop()
	s.checkBy(func(at time.Time) time.Time {
		by := time.Duration(0)
		for _, j := range jumps {
			if at.After(j.at) {
				by += j.by
			}
		}
		return at.Add(by)
	}, checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}
