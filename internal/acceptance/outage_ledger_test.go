package acceptance_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// What each agent of TestLedgerAway is in when the ledger goes away.
const (
	talking   = iota // and goes on talking
	ending           // in a talk that ends meanwhile, confirmed in the talk
	ringing          // the taxpayer's telephone rings, and is answered meanwhile
	answering        // the agent's own rings, and is answered meanwhile
	retried          // free; a second attempt falls due meanwhile
	ledgerAgents
)

// ledgerOutage is the office of TestLedgerAway.
type ledgerOutage struct {
	*office
	q               queue.Queue
	ids             [ledgerAgents]queue.ID
	agent, taxpayer [ledgerAgents]*softphone.Call // nil where nobody answers yet
	killed, back    time.Time
}

// TestLedgerAway: Redis is killed while calls are under way, and comes back some
// seconds later. No call is begun meanwhile and none is cut, the history tells
// afterwards what happened meanwhile, and nothing acknowledged is lost.
func TestLedgerAway(t *testing.T) {
	s := newSite(t, ledgerAgents)
	s.config.Calls.AgentRing, s.config.Calls.TaxpayerRing = 25*time.Second, 25*time.Second
	s.config.Policy.BusyRetry = 5 * time.Second
	q := s.ledger()
	l := &ledgerOutage{office: openOffice(t, s, q), q: q}
	app, stop := s.runTold()
	l.begin()
	if reason := s.readiness(app); reason != "" {
		t.Errorf("not ready before: %s", reason)
	}

	acknowledged := l.histories()
	due := s.state(q, l.ids[retried]).RetryAt
	clerk := s.startClerk(q)
	clerk.until(5)
	l.killed = time.Now()
	s.redis.Kill()
	entered := clerk.stopped()
	if !due.After(l.killed) {
		t.Fatalf("the second attempt was due at %s, before the ledger was killed at %s", due, l.killed)
	}
	eventually(t, 10*time.Second, "the daemon says that its ledger is away", func() bool {
		return strings.Contains(s.readiness(app), "queue:")
	})
	l.meanwhile(due.Add(1500 * time.Millisecond))
	l.back = time.Now()
	s.redis.Restart()
	t.Logf("the ledger was away for %s", time.Since(l.killed).Round(100*time.Millisecond))

	l.finish()
	eventually(t, 10*time.Second, "it is ready after", func() bool { return s.readiness(app) == "" })
	stop()
	l.kept(acknowledged)
	for _, id := range entered {
		if st := s.state(q, id); st.Status != queue.StatusAwaitingAgent {
			t.Errorf("what was entered last is %s", st.Status)
		}
	}
	l.told()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// begin brings everybody into position.
func (l *ledgerOutage) begin() {
	t := l.t
	voice := tone.Sine(taxpayerHz, -12)
	l.person(number(talking), stays())
	l.person(number(ending), stays())
	l.person(number(ringing), softphone.RingOut().Playing(voice))
	l.person(number(answering), talks(4*time.Second))
	l.person(number(retried), softphone.Busy(), talks(4*time.Second))
	scripts := [...]agentScript{talking: keypad("1"), ending: silent(), ringing: keypad("1"), answering: {ringOut: 1}, retried: keypad("1")}
	for i, script := range scripts {
		l.script(ticketOf(i), script)
		l.addAgent(l.q, i)
	}
	for _, i := range []int{talking, ending, ringing, answering} {
		l.ids[i] = l.enqueue(l.q, ticketOf(i), number(i), i)
	}
	inPlace := [...]queue.Kind{talking: queue.KindAnnouncementPlayed, ending: queue.KindAnnouncementPlayed, ringing: queue.KindTaxpayerRinging, answering: queue.KindAgentRinging}
	for i, kind := range inPlace {
		eventually(t, 20*time.Second, ticketOf(i)+": "+string(kind), func() bool { return l.last(l.q, l.ids[i], kind).Seq > 0 })
	}
	for _, i := range []int{talking, ending, ringing} {
		l.agent[i] = l.callOf(l.phones[i], func(r softphone.CallRecord) bool { return r.Answered() })
		l.taxpayer[i] = l.callOf(l.carrier, func(r softphone.CallRecord) bool { return r.Called == number(i) })
	}
	l.agent[answering] = l.callOf(l.phones[answering], func(r softphone.CallRecord) bool { return !r.RingingAt.IsZero() })

	l.ids[retried] = l.enqueue(l.q, ticketOf(retried), number(retried), retried)
	eventually(t, 20*time.Second, "the second attempt has its time", func() bool { return !l.state(l.q, l.ids[retried]).RetryAt.IsZero() })
}

func ticketOf(i int) string { return fmt.Sprintf("LEDGER-%d", i) }

// callOf waits for a call of a telephone.
func (s *site) callOf(phone *softphone.Phone, which func(softphone.CallRecord) bool) *softphone.Call {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 15*time.Second)
	defer cancel()
	call, err := phone.WaitCall(ctx, which)
	if err != nil {
		s.t.Fatalf("waiting for a call: %v", err)
	}
	return call
}

// meanwhile is what people do while the ledger is away, and what the daemon
// must not do.
func (l *ledgerOutage) meanwhile(until time.Time) {
	t := l.t
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := errors.Join(
		l.taxpayer[ringing].Answer(ctx), l.agent[answering].Answer(ctx),
		l.agent[ending].SendDigits(ctx, "*1"), l.taxpayer[ending].HangUp(ctx),
		l.agent[answering].Play(tone.Sine(agentHz, -12)),
	)
	if err != nil {
		t.Fatalf("the telephones: %v", err)
	}
	throughout(t, time.Until(until), "no call is begun, none is cut", func() bool {
		begun := l.invitesOf(number(retried)) > 1 || len(l.phones[retried].Calls()) > 1 || l.invitesOf(number(answering)) > 0
		cut := l.agent[answering].Record().Ended()
		for _, i := range []int{talking, ringing} {
			cut = cut || l.agent[i].Record().Ended() || l.taxpayer[i].Record().Ended()
		}
		return !begun && !cut
	})
}

// finish lets the talks end, and waits until all is sealed.
func (l *ledgerOutage) finish() {
	t := l.t
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, i := range []int{talking, ringing} {
		from := l.killed
		if answer := l.taxpayer[i].Record().AnsweredAt; answer.After(from) {
			from = answer.Add(time.Second)
		}
		l.hears(ticketOf(i)+", agent", l.agent[i].Heard(), from, l.back, taxpayerHz, agentHz)
		l.hears(ticketOf(i)+", taxpayer", l.taxpayer[i].Heard(), from, l.back, agentHz, taxpayerHz)
		if err := l.taxpayer[i].HangUp(ctx); err != nil {
			t.Fatal(err)
		}
	}
	l.waitStatus(l.q, l.ids[answering], queue.StatusWrapUp)
	if err := l.agent[answering].SendDigits(ctx, "1"); err != nil {
		t.Fatal(err)
	}
	l.settledAll(l.q, 90*time.Second, l.ids[:]...)
}

// hears checks that one who was never silent was heard all that time.
func (s *site) hears(who string, heard softphone.Audio, from, to time.Time, wanted, unwanted float64) {
	s.t.Helper()
	samples := heard.Since(from)
	samples = samples[:min(len(samples), tone.Samples(to.Sub(from)))]
	_, gap := longestSilence(samples)
	apart := tone.Separation(samples, wanted, unwanted)
	s.t.Logf("%s hears %.0f Hz for %s, longest gap %s, %.0f dB above %.0f Hz", who, wanted, tone.Duration(len(samples)), gap, apart, unwanted)
	if tone.Duration(len(samples)) < to.Sub(from)-time.Second/2 || gap > 300*time.Millisecond || apart < 20 {
		s.t.Errorf("%s did not hear the other all through %s", who, to.Sub(from))
	}
}

// clerk enters follow-ups, which nobody is called for, until it cannot.
type clerk struct {
	t       *testing.T
	working sync.WaitGroup
	mu      sync.Mutex
	ids     []queue.ID // mu; acknowledged
}

func (s *site) startClerk(q queue.Queue) *clerk {
	c := &clerk{t: s.t}
	ctx := s.t.Context()
	c.working.Go(func() {
		for n := 0; ; n++ {
			now := time.Now()
			f := queue.FollowUp{
				ID: queue.ID(ulid.Make().String()), Ticket: fmt.Sprintf("CLERK-%d", n), Route: queue.RouteOpinionUnrequested, Directorate: queue.DirectoratePP1,
				Taxpayer: queue.Taxpayer{Name: "Budi Santoso", Phone: number(1000 + n)}, Message: "Pesan",
				ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
			}
			if _, _, err := q.Enqueue(ctx, queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("clerk")}); err != nil {
				return
			}
			c.mu.Lock()
			c.ids = append(c.ids, f.ID)
			c.mu.Unlock()
		}
	})
	return c
}

func (c *clerk) entered() []queue.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids
}

func (c *clerk) until(n int) {
	c.t.Helper()
	eventually(c.t, 10*time.Second, "follow-ups are entered", func() bool { return len(c.entered()) >= n })
}

// stopped waits until the clerk can enter nothing more, and returns what was
// acknowledged.
func (c *clerk) stopped() []queue.ID {
	c.working.Wait()
	c.t.Logf("%d follow-ups were acknowledged before the kill", len(c.entered()))
	return c.entered()
}
