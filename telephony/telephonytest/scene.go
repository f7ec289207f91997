package telephonytest

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// patience is how long anything is waited for that must come soon.
const patience = 20 * time.Second

// scene is one test: a site, the present connection to its switch, and one call.
type scene struct {
	*testing.T
	site     Site
	sw       telephony.Switch
	cutOff   context.CancelFunc // ends the present connection
	request  telephony.Request
	commands chan telephony.Command
	ledger   *ledger
	lag      *lag
}

var lastCall atomic.Int64

func newScene(t *testing.T, site Site) *scene {
	s := &scene{T: t, site: site, commands: make(chan telephony.Command, 8), ledger: newLedger(t), lag: watchLag(t)}
	s.request = telephony.Request{
		ID: fmt.Sprintf("01J%023d-1", lastCall.Add(1)), Agent: site.Endpoint(), Number: site.Number(),
		AgentRing: 3 * time.Second, TaxpayerRing: 3 * time.Second, WrapUp: 8 * time.Second,
		RingbackAfter: time.Second, MuteLimit: 2 * time.Second, OutcomeKeys: "12345678",
		Commands: s.commands,
	}
	site.Agent(softphone.AnswerAfter(100 * time.Millisecond))
	site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond))
	s.connect()
	return s
}

// connect makes a new connection: the one before is lost.
func (s *scene) connect() {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.Cleanup(cancel)
	sw, err := s.site.Connect(ctx)
	if err != nil {
		s.Fatalf("connecting to the switch: %v", err)
	}
	s.sw, s.cutOff = sw, cancel
}

// within is a context that ends with the patience.
func (s *scene) within() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	s.Cleanup(cancel)
	return ctx
}

// await waits until that many events of a kind are durable and returns the last
// of them.
func (s *scene) await(k telephony.Kind, times ...int) telephony.Event {
	s.Helper()
	n := 1
	if len(times) > 0 {
		n = times[0]
	}
	for late := time.After(patience); ; {
		news := s.ledger.news()
		if found := s.ledger.all(k); len(found) >= n {
			return found[n-1]
		}
		select {
		case <-news:
		case <-late:
			s.Fatalf("no %s came; only %v", k, s.ledger.kinds())
		}
	}
}

// agent is the n-th call at the agent's telephone, answered.
func (s *scene) agent(n int) Line {
	s.Helper()
	line, err := s.site.AgentLine(s.within(), n)
	if err != nil {
		s.Fatalf("call %d at the agent's telephone: %v", n, err)
	}
	return line
}

// taxpayer is the call at the taxpayer's telephone.
func (s *scene) taxpayer() Line {
	s.Helper()
	line, err := s.site.TaxpayerLine(s.within(), 0)
	if err != nil {
		s.Fatalf("the call at the taxpayer's telephone: %v", err)
	}
	return line
}

// press presses keys at the agent's telephone.
func (s *scene) press(l Line, keys string) {
	s.Helper()
	if err := l.Wait(s.within(), func(r softphone.CallRecord) bool { return !r.AcknowledgedAt.IsZero() }); err != nil {
		s.Fatalf("the agent's telephone is not answered: %v", err)
	}
	if err := l.SendDigits(s.within(), keys); err != nil {
		s.Fatalf("pressing %s: %v", keys, err)
	}
}

func (s *scene) hangUp(l Line) time.Time {
	s.Helper()
	if err := l.HangUp(s.within()); err != nil {
		s.Fatalf("hanging up: %v", err)
	}
	return l.Record().EndedAt
}

// over waits until a line is over and returns its record.
func (s *scene) over(l Line) softphone.CallRecord {
	s.Helper()
	select {
	case <-l.Done():
	case <-time.After(patience):
		s.Fatal("a telephone was never hung up")
	}
	return l.Record()
}

// eventually waits until something holds.
func (s *scene) eventually(what string, holds func() bool) {
	s.Helper()
	for late := time.Now().Add(patience); !holds(); {
		if time.Now().After(late) {
			s.Fatalf("never: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// passing lets time pass, as people do.
func passing(d time.Duration) { <-time.After(d) }

// checkAtTheEnd checks what holds after every call.
func (s *scene) checkAtTheEnd() {
	s.Helper()
	if s.Failed() {
		s.Logf("events: %v", s.ledger.kinds())
	}
	calls, err := s.sw.Calls(s.within())
	if err != nil {
		s.Errorf("the switch cannot say what it holds: %v", err)
	}
	if slices.Contains(calls, s.request.ID) {
		s.Errorf("the switch still holds something of the call, or says so")
	}
	asked := s.site.TaxpayerCalls()
	for _, r := range asked {
		if r.Problem != "" {
			s.Errorf("the taxpayer's telephone had a problem: %s", r.Problem)
		}
		if !r.Ended() {
			s.Errorf("the taxpayer's telephone was left alone: %+v", r)
		}
		if end := s.ledger.reportedEnd(); !end.IsZero() && r.EndedAt.After(end) {
			s.near("the taxpayer's telephone is busy after the end was reported", r.EndedAt.Sub(end), 0, 500*time.Millisecond)
		}
	}
	if len(asked) > 1 {
		s.Errorf("the network was asked %d times for the taxpayer", len(asked))
	}
	if len(asked) > 0 && len(s.ledger.all(telephony.TaxpayerDialing)) != 1 {
		s.Errorf("the network was asked for the taxpayer, and the intent was durable %d times", len(s.ledger.all(telephony.TaxpayerDialing)))
	}
}
