package acceptance_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// The phases in which calls are when their owner is lost, one agent in each.
const (
	inTalking      = iota // two tones
	inWrapUp              // the outcome is not known
	inAgentRinging        // the taxpayer was not dialled
	inRinging             // at the taxpayer's
	inAnnouncing          // the announcement is being played
	takeoverPhases
)

func takeoverTicket(phase int) string { return fmt.Sprintf("TAKEOVER-%d", phase) }

// loss is how the owner is lost.
type loss struct {
	name  string
	begin func(*daemonProcess)
	wakes bool // while the calls go on
}

// TestTakeover: the owner is lost with a call in each phase. The standby owns the
// switch within the lease and resumes each where it stands; conversations and
// their tracks go on undisturbed. A sleeper that wakes does nothing more.
func TestTakeover(t *testing.T) {
	for _, l := range []loss{
		{"killed", func(p *daemonProcess) { p.Kill() }, false},
		{"stopped past its lease, and woken", func(p *daemonProcess) { p.Signal(syscall.SIGSTOP) }, true},
	} {
		t.Run(l.name, func(t *testing.T) { takeover(t, l) })
	}
}

func takeover(t *testing.T, l loss) {
	s := newSite(t, takeoverPhases)
	s.config.Calls.AgentRing, s.config.Calls.TaxpayerRing, s.config.Calls.WrapUp = 25*time.Second, 25*time.Second, 40*time.Second
	q := s.ledger()
	o := openOffice(t, s, q)
	victim := s.startDaemon("node-a", s.redis.Addr, s.asterisk.ARIURL)
	s.waitOwned("node-a")
	standby := s.startDaemon("node-b", s.redis.Addr, s.asterisk.ARIURL)
	letGo := make(chan struct{})
	ids := o.inPhases(q, letGo)

	lost := time.Now()
	l.begin(victim)
	s.waitOwned("node-b")
	owned := time.Since(lost)
	t.Logf("taken over %s after the loss; the lease is %s", owned.Round(time.Millisecond), s.config.Lease.TTL)
	if limit := s.config.Lease.TTL + 2*time.Second; owned > limit { // the lease, and a slow machine
		t.Errorf("taken over after %s, want %s at most", owned, limit)
	}
	for _, id := range ids {
		eventually(t, 10*time.Second, "each call is taken over", func() bool { return s.last(q, id, queue.KindResumed).Seq+s.last(q, id, queue.KindReconciling).Seq > 0 })
	}
	t.Logf("all calls are in the standby's hands %s after the loss", time.Since(lost).Round(time.Millisecond))
	close(letGo)
	if l.wakes {
		victim.Signal(syscall.SIGCONT)
	}
	s.settledAll(q, 90*time.Second, ids...)
	for phase, id := range ids {
		s.delivered(q, id)
		s.resumed(q, phase, id)
	}
	if l.wakes {
		s.sleptThrough(q, victim, ids)
		victim.Signal(syscall.SIGTERM)
		s.ends(victim)
	}
	standby.Signal(syscall.SIGTERM)
	s.ends(standby)
	s.nothingLeft(q, standby)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// inPhases brings one call into each phase. Agents press the key for the outcome,
// and answer what rings, only once they are let go.
func (o *office) inPhases(q queue.Queue, letGo <-chan struct{}) []queue.ID {
	waits := agentScript{during: func(ctx context.Context, d *desk, call *softphone.Call) {
		select {
		case <-letGo:
		case <-ctx.Done():
			return
		}
		if d.until(ctx, over) {
			_ = call.SendDigits(ctx, "1")
		}
	}}
	late := func() softphone.Behaviour {
		return softphone.AnswerAfter(9 * time.Second).Playing(tone.Sine(taxpayerHz, -12)).HangingUp(4 * time.Second)
	}
	slow := keypad("1")
	slow.ringOut = 1
	scripts := [takeoverPhases]agentScript{inTalking: keypad("1"), inWrapUp: waits, inAgentRinging: slow, inRinging: keypad("1"), inAnnouncing: keypad("1")}
	taxpayers := [takeoverPhases]softphone.Behaviour{
		inTalking: talks(25 * time.Second), inWrapUp: talks(time.Second), inAgentRinging: talks(5 * time.Second), inRinging: late(), inAnnouncing: talks(10 * time.Second),
	}
	reached := [takeoverPhases]queue.Kind{
		inTalking: queue.KindAnnouncementPlayed, inWrapUp: queue.KindCallEnded, inAgentRinging: queue.KindAgentRinging,
		inRinging: queue.KindTaxpayerRinging, inAnnouncing: queue.KindTaxpayerAnswered,
	}
	ids := make([]queue.ID, takeoverPhases)
	for phase := range takeoverPhases {
		o.person(number(phase), taxpayers[phase])
		o.script(takeoverTicket(phase), scripts[phase])
		o.addAgent(q, phase)
		ids[phase] = o.enqueue(q, takeoverTicket(phase), number(phase), phase)
		eventually(o.t, 20*time.Second, takeoverTicket(phase)+": "+string(reached[phase]), func() bool { return o.last(q, ids[phase], reached[phase]).Seq > 0 })
	}
	return ids
}

// resumed checks what became of the call in a phase.
func (s *site) resumed(q queue.Queue, phase int, id queue.ID) {
	s.t.Helper()
	st := s.state(q, id)
	attempts := 1
	if phase == inAgentRinging { // repeated at once: its taxpayer was not dialled
		attempts = 2
	}
	if st.Attempt != attempts || s.invitesOf(number(phase)) != 1 {
		s.t.Errorf("phase %d: %d attempts, %d calls at the taxpayer's; want %d and 1", phase, st.Attempt, s.invitesOf(number(phase)), attempts)
		s.tell(q, id)
	}
	if s.last(q, id, queue.KindAnnouncementPlayed).Seq == 0 && phase != inWrapUp {
		s.t.Errorf("phase %d: the announcement was not played", phase)
	}
	if phase == inTalking {
		s.noGap(st.Recordings[0])
	}
}

// sleptThrough checks that the sleeper said that it lost the switch, and that
// nothing written after the take-over bears its fence.
func (s *site) sleptThrough(q queue.Queue, p *daemonProcess, ids []queue.ID) {
	s.t.Helper()
	eventually(s.t, 20*time.Second, "the sleeper notices that it lost the switch", func() bool {
		log, err := os.ReadFile(p.LogPath)
		return err == nil && (strings.Contains(string(log), "lost to another owner") || strings.Contains(string(log), "belongs to another owner"))
	})
	for _, id := range ids {
		history, err := q.History(s.t.Context(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		fence := queue.Fence(0)
		for _, a := range history {
			d, err := a.Decode()
			if err != nil {
				s.t.Fatal(err)
			}
			if d.Fence != 0 && d.Fence < fence {
				s.t.Errorf("follow-up %s: activity %d, %s, was written under fence %d after %d", id, a.Seq, a.Kind, d.Fence, fence)
			}
			fence = max(fence, d.Fence)
		}
	}
}
