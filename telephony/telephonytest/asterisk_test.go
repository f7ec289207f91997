package telephonytest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sambung/internal/faultproxy"
	"sambung/internal/realservers"
	"sambung/telephony"
	"sambung/telephony/ari"
	"sambung/telephony/asterisk"
	"sambung/telephony/softphone"
)

const (
	callerID   = "1500200"
	autoAnswer = "Call-Info"
	answerNow  = "<sip:127.0.0.1>;answer-after=0"
)

// TestAsterisk runs the suite on one real Asterisk: an agent, a taxpayer's
// number and an ARI application for each test.
func TestAsterisk(t *testing.T) {
	Run(t, newOffice(t, 140).open)
}

// office is the Asterisk with the carrier behind its trunk.
type office struct {
	server      *realservers.AsteriskServer
	carrier     *softphone.Phone
	maxDuration time.Duration // of a channel; set before the first site

	mu        sync.Mutex
	sites     int                // mu
	taxpayers map[string]*person // mu; by the number as it is dialled
}

func newOffice(t *testing.T, agents int) *office {
	t.Helper()
	o := &office{taxpayers: make(map[string]*person), maxDuration: 5 * time.Minute}
	var err error
	if o.carrier, err = softphone.Listen(softphone.Config{User: "carrier", Behave: o.called}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.carrier.Close() })
	o.server = realservers.Asterisk(t, realservers.AsteriskOptions{Agents: agents, Trunk: o.carrier.Addr().String()})
	return o
}

func (o *office) called(in softphone.Invite) softphone.Behaviour {
	o.mu.Lock()
	p := o.taxpayers[in.Called]
	o.mu.Unlock()
	if p == nil {
		return softphone.Reject(404)
	}
	return p.next()
}

// person decides what a telephone does, call by call.
type person struct {
	mu    sync.Mutex
	does  []softphone.Behaviour // mu
	calls int                   // mu
}

func (p *person) next() softphone.Behaviour {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	return p.does[min(p.calls, len(p.does))-1]
}

func (p *person) set(does []softphone.Behaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.does = does
}

// site is one agent and one number at the office.
type site struct {
	t        testing.TB
	office   *office
	index    int
	account  realservers.AsteriskAgent
	phone    *softphone.Phone
	agent    person
	taxpayer person

	supervisor        person
	supervisorAccount realservers.AsteriskAgent
	supervisorPhone   *softphone.Phone // nil until it is asked for, see desk
	proxy             *faultproxy.Proxy
	lost              atomic.Bool // the lease of the switch is another's
}

func (o *office) open(t testing.TB) Site {
	t.Helper()
	s := &site{t: t, office: o}
	s.index, s.account = o.place(t)
	o.mu.Lock()
	o.taxpayers[s.dialled()] = &s.taxpayer
	o.mu.Unlock()
	s.proxy = faultproxy.Start(t, strings.TrimSuffix(strings.TrimPrefix(o.server.ARIURL, "http://"), "/ari"))
	s.phone = o.telephone(t, s.account, &s.agent)
	return s
}

// place takes the next of the office's telephones.
func (o *office) place(t testing.TB) (int, realservers.AsteriskAgent) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	index := o.sites
	o.sites++
	if n := len(o.server.Agents); index >= n {
		t.Fatalf("the office has %d telephones only", n)
	}
	return index, o.server.Agents[index]
}

// telephone registers a telephone for somebody.
func (o *office) telephone(t testing.TB, account realservers.AsteriskAgent, p *person) *softphone.Phone {
	t.Helper()
	phone, err := softphone.Listen(softphone.Config{User: account.User, Behave: func(softphone.Invite) softphone.Behaviour { return p.next() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = phone.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := phone.Register(ctx, softphone.Account{Registrar: o.server.SIPAddr, User: account.User, Password: account.Password}); err != nil {
		t.Fatal(err)
	}
	return phone
}

// Connect implements Site.
func (s *site) Connect(ctx context.Context) (telephony.Switch, error) {
	return connect(ctx, s.t, "http://"+s.proxy.Addr+"/ari", s.office.server.User, s.office.server.Password, &s.lost, asterisk.Config{
		Trunk: s.office.server.Trunk, MaxDuration: s.office.maxDuration,
	}, fmt.Sprintf("suite-%d", s.index))
}

// connect makes a connection to the ARI at a URL, for a test.
func connect(ctx context.Context, t testing.TB, url, user, password string, lost *atomic.Bool, config asterisk.Config, application string) (telephony.Switch, error) {
	config.DialFormat, config.CallerID, config.AutoAnswerHeader = asterisk.DialNational, callerID, autoAnswer+": "+answerNow
	address := ari.Config{URL: url, Application: application, User: user, Password: password}
	log := slog.New(slog.NewTextHandler(lines{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	owned := func(context.Context) error {
		if lost.Load() {
			return telephony.ErrSwitchLost
		}
		return nil
	}
	sw, err := asterisk.New(config, address, owned, time.Now, log)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = sw.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-stopped })
	up, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	return sw, sw.WaitUp(up)
}

// lines is a log that goes to the test's.
type lines struct{ t testing.TB }

func (l lines) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func (s *site) Endpoint() string                       { return "PJSIP/" + s.account.Endpoint }
func (s *site) Number() string                         { return fmt.Sprintf("+6281%09d", s.index) }
func (s *site) dialled() string                        { return fmt.Sprintf("081%09d", s.index) }
func (s *site) CallerID() string                       { return callerID }
func (s *site) AutoAnswer() (name, value string)       { return autoAnswer, answerNow }
func (s *site) Agent(does ...softphone.Behaviour)      { s.agent.set(does) }
func (s *site) Taxpayer(does ...softphone.Behaviour)   { s.taxpayer.set(does) }
func (s *site) AgentCalls() []softphone.CallRecord     { return s.phone.Calls() }
func (s *site) Supervisor(does ...softphone.Behaviour) { s.supervisor.set(does) }
func (s *site) Unplug(ctx context.Context) error       { return s.phone.Unregister(ctx) }
func (s *site) Cut()                                   { s.proxy.Cut() }
func (s *site) SetDown(down bool)                      { s.proxy.SetDown(down) }

func (s *site) AgentLine(ctx context.Context, n int) (Line, error) {
	return line(ctx, s.phone, n, s.AgentCalls)
}

func (s *site) TaxpayerLine(ctx context.Context, n int) (Line, error) {
	return line(ctx, s.office.carrier, n, s.TaxpayerCalls)
}

// desk plugs the supervisor's telephone in, when it is first asked for.
func (s *site) desk() *softphone.Phone {
	s.t.Helper()
	if s.supervisorPhone == nil {
		_, s.supervisorAccount = s.office.place(s.t)
		s.supervisorPhone = s.office.telephone(s.t, s.supervisorAccount, &s.supervisor)
	}
	return s.supervisorPhone
}

func (s *site) SupervisorEndpoint() string {
	s.desk()
	return "PJSIP/" + s.supervisorAccount.Endpoint
}

func (s *site) SupervisorLine(ctx context.Context, n int) (Line, error) {
	phone := s.desk()
	return line(ctx, phone, n, phone.Calls)
}

func (s *site) TaxpayerCalls() []softphone.CallRecord {
	var own []softphone.CallRecord
	for _, r := range s.office.carrier.Calls() {
		if r.Called == s.dialled() {
			own = append(own, r)
		}
	}
	return own
}

// line waits for the n-th of the calls at a telephone.
func line(ctx context.Context, phone *softphone.Phone, n int, calls func() []softphone.CallRecord) (Line, error) {
	for {
		if all := calls(); len(all) > n {
			return phone.WaitCall(ctx, func(r softphone.CallRecord) bool { return r.CallID == all[n].CallID })
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Harm implements Site.
func (s *site) Harm(address string, h Harm) <-chan struct{} {
	return s.proxy.Arm(faultproxy.Fault{
		Match: address, Delay: h.Delay, Before: h.Before, DropRequest: h.LoseRequest, DropReply: h.LoseReply,
	})
}
