// Package acceptance_test runs whole daemons against a real Asterisk, Redis and
// MinIO, with softphones as agents and as the carrier behind the trunk, and
// compares afterwards what the ledger, the telephone network and the archive say.
package acceptance_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"sambung/configs"
	"sambung/internal/checker"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony/softphone"
)

const (
	switchName = "pbx1"
	adminToken = "acceptance-admin-token-0123456789abcdef"
)

// site is one office: servers, telephones, and what people do.
type site struct {
	t        *testing.T
	redis    *realservers.RedisServer
	minio    *realservers.MinIOServer
	asterisk *realservers.AsteriskServer
	carrier  *softphone.Phone
	phones   []*softphone.Phone // of the agents, in their order, without those in browsers
	browsers int                // how many of the agents, from the first on, have theirs in one
	config   configs.Config
	dir      string
	spools   map[*daemonProcess]string // folders of the daemons that run as processes

	people *people
}

// people is what the site's telephones do. A site and its views share it.
type people struct {
	mu        sync.Mutex
	taxpayers map[string]func(attempt int) softphone.Behaviour // mu; by number
	seen      map[string]int                                   // mu; INVITEs by number
	agents    func(agent int, in softphone.Invite) softphone.Behaviour
}

// siteOptions says how many agents there are, and how many of them, from the
// first on, have their telephone in a browser.
type siteOptions struct{ agents, browsers int }

// newSite starts everything but the daemon.
func newSite(t *testing.T, agents int) *site {
	t.Helper()
	return newSiteWith(t, siteOptions{agents: agents})
}

// newSiteWith is newSite; agents with a browser are not plugged in.
func newSiteWith(t *testing.T, o siteOptions) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), browsers: o.browsers, spools: make(map[*daemonProcess]string), people: &people{
		taxpayers: make(map[string]func(int) softphone.Behaviour), seen: make(map[string]int),
	}}
	var err error
	// At an address of the site's own: a test may take the carrier away for a while.
	s.carrier, err = softphone.Listen(softphone.Config{User: "carrier", Addr: realservers.Address(t), Behave: s.people.taxpayer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.carrier.Close() })
	s.redis = realservers.Redis(t)
	s.minio = realservers.MinIO(t)
	s.asterisk = realservers.Asterisk(t, realservers.AsteriskOptions{Agents: o.agents, Browsers: o.browsers, Trunk: s.carrier.Addr().String()})
	for i := o.browsers; i < o.agents; i++ {
		s.plugIn(i)
	}
	s.config = s.makeConfig()
	return s
}

// plugIn registers the telephone of the i-th agent.
func (s *site) plugIn(i int) {
	s.t.Helper()
	phone, err := softphone.Listen(softphone.Config{
		User: s.asterisk.Agents[i].User,
		Behave: func(in softphone.Invite) softphone.Behaviour {
			s.people.mu.Lock()
			behave := s.people.agents
			s.people.mu.Unlock()
			if behave == nil {
				return softphone.Answer()
			}
			return behave(i, in)
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = phone.Close() })
	a := s.asterisk.Agents[i]
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := phone.Register(ctx, softphone.Account{Registrar: s.asterisk.SIPAddr, User: a.User, Password: a.Password}); err != nil {
		s.t.Fatalf("registering agent %d: %v", i+1, err)
	}
	s.phones = append(s.phones, phone)
}

// taxpayer is what the called number does, by how often it was called.
func (p *people) taxpayer(in softphone.Invite) softphone.Behaviour {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[in.Called]++
	behave := p.taxpayers[in.Called]
	if behave == nil {
		return softphone.Reject(404)
	}
	return behave(p.seen[in.Called])
}

// person lets a number behave; the n-th call the n-th way, the last way for all after.
func (s *site) person(number string, ways ...softphone.Behaviour) {
	s.people.mu.Lock()
	defer s.people.mu.Unlock()
	s.people.taxpayers[number] = func(n int) softphone.Behaviour { return ways[min(n, len(ways))-1] }
}

func (s *site) makeConfig() configs.Config {
	c := configs.Default()
	c.Site = configs.Site{Name: "test", Node: "node-a"}
	c.Redis.Addrs = []string{s.redis.Addr}
	c.S3 = configs.S3{
		Endpoint: s.minio.Endpoint, Bucket: "sambung", CreateBucket: true,
		AccessKey: configs.NewSecret(s.minio.AccessKey), SecretKey: configs.NewSecret(s.minio.SecretKey),
	}
	c.Spool = configs.Spool{Dir: filepath.Join(s.dir, "spool"), MaxBytes: 1 << 30}
	c.Switches = []configs.Switch{{
		Name: switchName, URL: s.asterisk.ARIURL, Application: "sambung-test", User: s.asterisk.User,
		Password: configs.NewSecret(s.asterisk.Password), Trunk: s.asterisk.Trunk,
		DialFormat: configs.DialE164Plus, MaxCalls: 30,
	}}
	c.Calls = configs.Calls{
		AgentRing: 3 * time.Second, TaxpayerRing: 4 * time.Second, WrapUp: 8 * time.Second,
		RingbackAfter: time.Second, MuteLimit: 5 * time.Second, MaxDuration: 5 * time.Minute,
		TrunkHold: 300 * time.Millisecond, TrunkHoldMax: 2 * time.Second,
	}
	c.Policy = configs.Policy{
		TimeLimit: time.Hour, MaxAttempts: 2, BusyRetry: 2 * time.Second, MinGap: time.Second,
		HandlingTime: time.Hour - 4*time.Second, LateGap: 2 * time.Second, WarnBefore: time.Minute,
	}
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Listen = "127.0.0.1:0"
	c.API.Tokens = []configs.Token{{Name: "acceptance", Role: configs.RoleAdmin, Token: configs.NewSecret(adminToken)}}
	c.Drain.Limit = 30 * time.Second
	c.Lease.TTL = 2 * time.Second
	return c
}

// invites is the carrier's own count of INVITE dialogs.
func (s *site) invites() []checker.Invite {
	var all []checker.Invite
	for _, r := range s.carrier.Calls() {
		all = append(all, checker.Invite{Number: r.Called, CallID: r.CallID, At: r.InvitedAt})
	}
	return all
}

// agentInvites is the agents' own count. A telephone of nobody whom the ledger
// calls an agent is a supervisor's.
func (s *site) agentInvites(q queue.Queue) []checker.Invite {
	s.t.Helper()
	agents, err := q.Agents(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	all := []checker.Invite{}
	for i, phone := range s.phones {
		id := agentID(s.browsers + i)
		if !slices.ContainsFunc(agents, func(a queue.Agent) bool { return a.ID == id }) {
			continue
		}
		for _, r := range phone.Calls() {
			all = append(all, checker.Invite{Number: string(id), CallID: r.CallID, At: r.InvitedAt})
		}
	}
	slices.SortFunc(all, func(a, b checker.Invite) int { return a.At.Compare(b.At) })
	return all
}

// check fails the test on every invariant found broken.
func (s *site) check(w checker.World) {
	s.t.Helper()
	s.checkBy(func(at time.Time) time.Time { return at }, w)
}

// checkBy is check where the daemon's clock is another one: clock gives its
// reading at a moment of the telephones'.
func (s *site) checkBy(clock func(time.Time) time.Time, w checker.World) {
	s.t.Helper()
	w.Invites, w.AgentInvites, w.Switches = s.invites(), s.agentInvites(w.Queue), []string{switchName}
	for _, list := range [][]checker.Invite{w.Invites, w.AgentInvites} {
		for i := range list {
			list[i].At = clock(list[i].At)
		}
	}
	if w.Calendar == nil {
		w.Calendar = workhours.AlwaysOpen()
	}
	violations, err := checker.Check(s.t.Context(), w)
	if err != nil {
		s.t.Fatalf("checking: %v", err)
	}
	for _, v := range violations {
		s.t.Errorf("violation: %s", v)
		s.tell(w.Queue, v.FollowUp)
	}
	for _, r := range s.carrier.Calls() {
		if r.Invites > 1 {
			s.t.Errorf("dialog %s carried %d INVITE transactions", r.CallID, r.Invites)
		}
	}
}

// tell logs the history of a follow-up, without personal data.
func (s *site) tell(q queue.Queue, id queue.ID) {
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		return
	}
	for i, a := range history {
		details := string(a.Details)
		if i == 0 {
			details = ""
		}
		s.t.Logf("  %3d %s %-22s %-14s %s", a.Seq, a.At.Format("15:04:05.000"), a.Kind, a.Actor, details)
	}
}

// eventually waits for a condition that the outside world brings about.
func eventually(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
		time.Sleep(50 * time.Millisecond) // polling servers of other processes
	}
}

// number is a taxpayer's telephone that nobody has.
func number(i int) string { return fmt.Sprintf("+62812%08d", 10_000_000+i) }
