package acceptance_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"sambung/daemon/api/client"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// What the three say.
const (
	monitorAgentHz      = 440
	monitorTaxpayerHz   = 880
	monitorSupervisorHz = 1200
)

// TestSupervisorInTheTalk: a supervisor listens, then whispers, through the API.
// The agent hears the whisper, the taxpayer does not, and the archived recording
// has the supervisor on neither track.
func TestSupervisorInTheTalk(t *testing.T) {
	s := newSite(t, 2)   // the second telephone is the supervisor's
	var busy atomic.Bool // the supervisor's telephone
	busy.Store(true)
	s.people.agents = func(i int, _ softphone.Invite) softphone.Behaviour {
		if i == 1 && busy.Load() {
			return softphone.Reject(486)
		}
		return softphone.Answer().Playing(tone.Sine([]float64{monitorAgentHz, monitorSupervisorHz}[i], -12))
	}
	s.person(number(1), softphone.AnswerAfter(200*time.Millisecond).Playing(tone.Sine(monitorTaxpayerHz, -12)))
	app, stop := s.runDaemon(slog.New(slog.DiscardHandler))
	q := s.ledger()
	s.addAgent(q, 0)
	api, err := client.New("http://"+app.Addr(), adminToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	id := s.enqueue(q, "ESK-MONITOR", number(1), 0)
	announced := func() bool { st, err := q.State(t.Context(), id); return err == nil && st.Call.Announced }
	eventually(t, 30*time.Second, "they talk", announced)

	telephone := "PJSIP/" + s.asterisk.Agents[1].Endpoint
	var refused *client.Error
	if err := api.Monitor(t.Context(), string(id), "listen", telephone); !errors.As(err, &refused) || refused.Code != "not_reached" {
		t.Errorf("a telephone that is busy: %v", err)
	}
	busy.Store(false)
	for _, mode := range []queue.MonitorMode{queue.MonitorListen, queue.MonitorWhisper} {
		if err := api.Monitor(t.Context(), string(id), string(mode), telephone); err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		eventually(t, 10*time.Second, "the supervisor is in the talk", func() bool {
			st, err := q.State(t.Context(), id)
			return err == nil && st.Call.Monitor != nil && st.Call.Monitor.Mode == mode
		})
		from := time.Now().Add(500 * time.Millisecond) // what was on its way before
		<-time.After(1700 * time.Millisecond)          // people talk
		s.heardInTheTalk(mode, from)
	}
	taxpayer, err := s.carrier.WaitCall(t.Context(), func(softphone.CallRecord) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if err := taxpayer.HangUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	agent, err := s.phones[0].WaitCall(t.Context(), softphone.CallRecord.Answered)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, "the talk is over", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Status == queue.StatusWrapUp
	})
	if err := agent.SendDigits(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	eventually(t, 30*time.Second, "the dossier is sealed", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Dossier == queue.DossierSealed
	})
	stop()

	rec, ok := s.archived(q, id, 0, number(1))
	if !ok {
		t.Fatal(rec.faults)
	}
	talk := func(channel []int16) []int16 {
		return cut(channel, rec.end-3*time.Second, rec.end-200*time.Millisecond)
	}
	hasOnly(t, "the agent's track", talk(rec.left), monitorAgentHz, monitorSupervisorHz)
	hasOnly(t, "the taxpayer's track", talk(rec.right), monitorTaxpayerHz, monitorSupervisorHz)
	s.monitorHistory(q, id, "user:acceptance")
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// heardInTheTalk checks what the three telephones hear from a moment on.
func (s *site) heardInTheTalk(mode queue.MonitorMode, from time.Time) {
	s.t.Helper()
	heard := func(p *softphone.Phone) []int16 {
		call := s.latest(p)
		samples := call.Heard().Since(from)
		return samples[:min(len(samples), tone.Samples(time.Second))]
	}
	there := heard(s.phones[1])
	hasOnly(s.t, "the supervisor", there, monitorAgentHz, monitorSupervisorHz)
	hasOnly(s.t, "the supervisor", there, monitorTaxpayerHz, monitorSupervisorHz)
	hasOnly(s.t, "the taxpayer", heard(s.carrier), monitorAgentHz, monitorSupervisorHz)
	if mode == queue.MonitorWhisper {
		hasOnly(s.t, "the agent", heard(s.phones[0]), monitorSupervisorHz, monitorAgentHz)
	} else {
		hasOnly(s.t, "the agent", heard(s.phones[0]), monitorTaxpayerHz, monitorSupervisorHz)
	}
}

// latest is the latest call at a telephone.
func (s *site) latest(p *softphone.Phone) *softphone.Call {
	s.t.Helper()
	all := p.Calls()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	call, err := p.WaitCall(ctx, func(r softphone.CallRecord) bool { return len(all) > 0 && r.CallID == all[len(all)-1].CallID })
	if err != nil {
		s.t.Fatalf("no call at a telephone: %v", err)
	}
	return call
}

// hasOnly checks that a tone is heard and another is not.
func hasOnly(t *testing.T, who string, samples []int16, wanted, unwanted float64) {
	t.Helper()
	if len(samples) < tone.Samples(500*time.Millisecond) {
		t.Errorf("%s: only %d samples", who, len(samples))
		return
	}
	power, apart := tone.Power(samples, wanted), tone.Separation(samples, wanted, unwanted)
	t.Logf("%s: %.0f Hz at %.1f dB, %.0f Hz %.1f dB below", who, wanted, power, unwanted, apart)
	if power < -25 || apart < 40 {
		t.Errorf("%s: %.0f Hz at %.1f dB, only %.1f dB above %.0f Hz", who, wanted, power, apart, unwanted)
	}
}

// monitorHistory checks that the history says who listened, then whispered.
func (s *site) monitorHistory(q queue.Queue, id queue.ID, who string) {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	got := ""
	for _, a := range history {
		if a.Kind != queue.KindMonitorStarted && a.Kind != queue.KindMonitorEnded {
			continue
		}
		d, err := a.Decode()
		if err != nil {
			s.t.Fatal(err)
		}
		got += string(a.Actor) + " " + string(a.Kind) + " " + string(d.Mode) + "\n"
	}
	want := ""
	for _, what := range []string{"started listen", "ended listen", "started whisper", "ended whisper"} {
		want += who + " monitor_" + what + "\n"
	}
	if got != want {
		s.t.Errorf("the history says\n%s, want\n%s", got, want)
	}
}
