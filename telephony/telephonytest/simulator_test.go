package telephonytest

import (
	"context"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"sambung/telephony"
	"sambung/telephony/asterisk"
	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
)

// TestSimulator runs the suite on simulated switches, one for each test.
func TestSimulator(t *testing.T) { Run(t, openSimulated) }

// TestClocksApart: a talk is as long as it was, whoever ends it, also where the
// switch's clock is behind ours. Its recording is held against that.
func TestClocksApart(t *testing.T) {
	s := newScene(t, openSimulatedBy(t, func() time.Time { return time.Now().Add(-2 * time.Second) }))
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(500 * time.Millisecond)
	s.commands <- telephony.HangUp
	result := call.ends(telephony.Answered)
	line := s.over(s.taxpayer())
	s.near("talk", result.Talk(), line.EndedAt.Sub(line.AnsweredAt), 500*time.Millisecond)
	s.checkAtTheEnd()
}

// simulated is a simulated switch with one agent and one taxpayer.
type simulated struct {
	t               testing.TB
	sim             *simulator.Simulator
	url             string
	phone, trunk    *simulator.Telephone
	desk            *simulator.Telephone // the supervisor's
	agent, taxpayer person
	supervisor      person
	lost            atomic.Bool
}

func openSimulated(t testing.TB) Site { return openSimulatedBy(t, time.Now) }

// openSimulatedBy opens a switch with a clock of its own.
func openSimulatedBy(t testing.TB, now func() time.Time) Site {
	t.Helper()
	sim, err := simulator.Start(simulator.Options{Now: now, Sounds: os.DirFS("../../configs/asterisk/sounds")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	s := &simulated{t: t, sim: sim, url: plant(t, sim.URL())}
	s.phone = sim.AddAgent("agent-1", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour { return s.agent.next() }})
	s.desk = sim.AddAgent("supervisor-1", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour { return s.supervisor.next() }})
	s.trunk = sim.AddTrunk("trunk", simulator.Person{Behave: func(in softphone.Invite) softphone.Behaviour {
		if in.Called != "081000000000" {
			return softphone.Reject(404)
		}
		return s.taxpayer.next()
	}})
	return s
}

// Connect implements Site.
func (s *simulated) Connect(ctx context.Context) (telephony.Switch, error) {
	return connect(ctx, s.t, s.url, s.sim.User(), s.sim.Password(), &s.lost, asterisk.Config{
		Trunk: "trunk", MaxDuration: 5 * time.Minute,
	}, "suite")
}

func (s *simulated) Endpoint() string                       { return s.phone.Endpoint() }
func (s *simulated) Number() string                         { return "+6281000000000" }
func (s *simulated) CallerID() string                       { return callerID }
func (s *simulated) AutoAnswer() (name, value string)       { return autoAnswer, answerNow }
func (s *simulated) Agent(does ...softphone.Behaviour)      { s.agent.set(does) }
func (s *simulated) Taxpayer(does ...softphone.Behaviour)   { s.taxpayer.set(does) }
func (s *simulated) AgentCalls() []softphone.CallRecord     { return s.phone.Calls() }
func (s *simulated) TaxpayerCalls() []softphone.CallRecord  { return s.trunk.Calls() }
func (s *simulated) Unplug(context.Context) error           { s.phone.SetPlugged(false); return nil }
func (s *simulated) SupervisorEndpoint() string             { return s.desk.Endpoint() }
func (s *simulated) Supervisor(does ...softphone.Behaviour) { s.supervisor.set(does) }
func (s *simulated) Cut()                                   { s.sim.Cut() }
func (s *simulated) SetDown(down bool)                      { s.sim.SetDown(down) }

func (s *simulated) AgentLine(ctx context.Context, n int) (Line, error) {
	return simulatedLine(ctx, s.phone, n)
}

func (s *simulated) TaxpayerLine(ctx context.Context, n int) (Line, error) {
	return simulatedLine(ctx, s.trunk, n)
}

func (s *simulated) SupervisorLine(ctx context.Context, n int) (Line, error) {
	return simulatedLine(ctx, s.desk, n)
}

// simulatedLine waits for the n-th of the calls at a telephone.
func simulatedLine(ctx context.Context, phone *simulator.Telephone, n int) (Line, error) {
	seen := 0
	before := make(map[string]bool)
	return phone.WaitCall(ctx, func(r softphone.CallRecord) bool {
		if !before[r.CallID] {
			before[r.CallID] = true
			seen++
			return seen == n+1
		}
		return false
	})
}

// Harm implements Site.
func (s *simulated) Harm(address string, h Harm) <-chan struct{} {
	return s.sim.Arm(simulator.Fault{
		Match: address, Delay: h.Delay, Before: h.Before, LoseRequest: h.LoseRequest, LoseReply: h.LoseReply,
	})
}
