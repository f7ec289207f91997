package failover

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/redis/go-redis/v9"

	"sambung/configs"
	"sambung/internal/checker"
	"sambung/internal/daemonchild"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/telephony/asterisk"
	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

const (
	site     = "failover"
	pbx      = "pbx"
	leaseTTL = 2 * time.Second
	patience = 60 * time.Second
)

func TestMain(m *testing.M) {
	daemonchild.Main()
	os.Exit(m.Run())
}

// office is one site: agents, taxpayers, a ledger under Sentinel.
type office struct {
	*testing.T
	redis   *realservers.SentinelSite // nil if the ledger is elsewhere
	config  configs.Config
	minio   *realservers.MinIOServer
	sim     *simulator.Simulator
	carrier *simulator.Telephone
	agents  []*simulator.Telephone
	queue   *redisqueue.Queue

	mu     sync.Mutex
	behave softphone.Behaviour // mu; of every taxpayer
	agent  softphone.Behaviour // mu; of every agent
}

// newOffice starts everything but the daemons, with the ledger as the
// configuration has it.
func newOffice(t *testing.T, agents int, ledger configs.Redis) *office {
	t.Helper()
	o := &office{T: t, minio: realservers.MinIO(t), agent: softphone.Answer().Playing(tone.Sine(440, -12))}
	var err error
	if o.sim, err = simulator.Start(simulator.Options{Sounds: configs.Sounds()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.sim.Close)
	o.carrier = o.sim.AddTrunk("trunk", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour {
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.behave
	}})
	o.taxpayers(softphone.AnswerAfter(100 * time.Millisecond).Playing(tone.Sine(880, -12)).HangingUp(1500 * time.Millisecond))
	o.config = o.makeConfig(ledger)
	o.queue = o.open()
	for i := range agents {
		name := fmt.Sprintf("agent-%d", i+1)
		phone := o.sim.AddAgent(name, simulator.Person{
			Behave: func(softphone.Invite) softphone.Behaviour {
				o.mu.Lock()
				defer o.mu.Unlock()
				return o.agent
			},
			Hear: confirms,
		})
		o.agents = append(o.agents, phone)
		o.must(o.queue.PutAgent(t.Context(), queue.Agent{ID: queue.AgentID(name), Endpoint: phone.Endpoint(), Switch: pbx, Since: time.Now()}))
		o.presence(i, queue.PresenceReady)
	}
	return o
}

// presence says whether the i-th agent takes calls.
func (o *office) presence(i int, p queue.Presence) {
	o.Helper()
	_, err := o.queue.SetPresence(o.Context(), queue.AgentID(fmt.Sprintf("agent-%d", i+1)), p, "", time.Now())
	o.must(err)
}

// underSentinel is newOffice with a master and two replicas.
func underSentinel(t *testing.T, agents int) *office {
	t.Helper()
	s := realservers.Sentinel(t, 2)
	o := newOffice(t, agents, configs.Redis{Addrs: s.Addrs, MasterName: s.MasterName})
	o.redis = s
	return o
}

// confirms is an agent who confirms in the talk, or when asked afterwards.
func confirms(ctx context.Context, l *simulator.Line, media string) {
	switch defaults := asterisk.DefaultMedia(); media {
	case defaults.Announcement:
		_ = l.SendDigits(ctx, "*1") // the call may end meanwhile
	case defaults.OutcomeMenu:
		_ = l.SendDigits(ctx, "1")
	}
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// taxpayers says how every taxpayer behaves from now on.
func (o *office) taxpayers(b softphone.Behaviour) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.behave = b
}

// agentAnswers says how every agent behaves from now on.
func (o *office) agentAnswers(b softphone.Behaviour) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.agent = b
}

func (o *office) makeConfig(ledger configs.Redis) configs.Config {
	c := configs.Default()
	c.Site, c.Redis = configs.Site{Name: site}, ledger
	c.S3 = configs.S3{
		Endpoint: o.minio.Endpoint, Bucket: "sambung", CreateBucket: true,
		AccessKey: configs.NewSecret(o.minio.AccessKey), SecretKey: configs.NewSecret(o.minio.SecretKey),
	}
	c.Spool.MaxBytes = 1 << 28
	c.Switches = []configs.Switch{{
		Name: pbx, URL: o.sim.URL(), Application: "sambung", User: o.sim.User(), Password: configs.NewSecret(o.sim.Password()),
		Trunk: "trunk", DialFormat: configs.DialE164Plus, MaxCalls: 10,
	}}
	c.Calls = configs.Calls{
		AgentRing: 15 * time.Second, TaxpayerRing: 20 * time.Second, WrapUp: 5 * time.Second, RingbackAfter: 500 * time.Millisecond,
		MuteLimit: time.Second, MaxDuration: time.Minute, TrunkHold: 200 * time.Millisecond, TrunkHoldMax: time.Second,
	}
	c.Policy = configs.Policy{
		TimeLimit: time.Hour, MaxAttempts: 2, BusyRetry: 2 * time.Second, MinGap: time.Second,
		HandlingTime: time.Hour - 3*time.Second, LateGap: 2 * time.Second, WarnBefore: time.Minute,
	}
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Listen = "127.0.0.1:0"
	c.API.Tokens = []configs.Token{{Name: "failover", Role: configs.RoleAdmin, Token: configs.NewSecret(strings.Repeat("f", 40))}}
	c.Drain.Limit = 20 * time.Second
	c.Lease.TTL = leaseTTL
	return c
}

// open opens the ledger past the daemons.
func (o *office) open() *redisqueue.Queue {
	o.Helper()
	q, err := redisqueue.Open(o.Context(), redisqueue.Options{
		Addrs: o.config.Redis.Addrs, MasterName: o.config.Redis.MasterName, Site: site, Log: slog.New(slog.DiscardHandler),
	})
	o.must(err)
	o.Cleanup(func() { _ = q.Close() })
	return q
}

// daemon starts one, whose log is told when the test fails.
func (o *office) daemon(node string) *realservers.ProgramServer {
	o.Helper()
	c := o.config
	c.Site.Node, c.Spool.Dir = node, filepath.Join(o.TempDir(), "spool")
	p := daemonchild.Start(o, c)
	o.Cleanup(func() {
		if text, err := os.ReadFile(p.LogPath); err == nil && o.Failed() {
			o.Logf("the log of %s:\n%s", node, text)
		}
	})
	return p
}

func number(i int) string { return fmt.Sprintf("+62812%08d", 10_000_000+i) }

func (o *office) enqueue(i int) queue.ID {
	o.Helper()
	now := time.Now()
	f := queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: fmt.Sprintf("T-%d", i), Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Name: "Rekaan", Phone: number(i)}, Message: "pesan",
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
	_, _, err := o.queue.Enqueue(o.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("failover")})
	o.must(err)
	return f.ID
}

// state is a follow-up as the ledger has it; the zero State while the ledger is
// away, or does not know it.
func (o *office) state(id queue.ID) queue.State {
	s, err := o.queue.State(o.Context(), id)
	if err != nil {
		return queue.State{}
	}
	return s
}

func (o *office) eventually(what string, holds func() bool) {
	o.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) { // servers of other processes
		if time.Now().After(deadline) {
			o.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// owned waits until a daemon is at work.
func (o *office) owned() {
	o.Helper()
	o.eventually("a daemon owns the switch", func() bool {
		owned, err := o.queue.Owned(o.Context(), []string{pbx})
		return err == nil && len(owned) == 1
	})
}

// promoted waits until a replica is the master, and reads it.
func (o *office) promoted(killed *realservers.RedisServer) {
	o.Helper()
	o.eventually("a replica is promoted", func() bool {
		m := o.redis.Master(o.Context())
		return m != nil && m != killed
	})
}

// holdBack waits until every replica has all of a follow-up, and lets none have
// anything more.
func (o *office) holdBack(id queue.ID) {
	o.Helper()
	want := fmt.Sprint(o.state(id).Version)
	master := o.redis.Master(o.Context())
	for _, server := range o.redis.Servers {
		if server == master {
			continue
		}
		client := redis.NewClient(&redis.Options{Addr: server.Addr})
		o.eventually("a replica has the follow-up", func() bool {
			version, err := client.HGet(o.Context(), "{sambung:"+site+"}:f:"+string(id), "version").Result()
			return err == nil && version == want
		})
		o.must(client.Close())
	}
	o.redis.HoldBack(o)
}

// rung counts the INVITEs at a taxpayer's telephone.
func (o *office) rung(i int) int {
	n := 0
	for _, r := range o.carrier.Calls() {
		if r.Called == number(i) {
			n++
		}
	}
	return n
}

// over waits until nothing is under way, and compares everything.
func (o *office) over(ids ...queue.ID) {
	o.Helper()
	o.eventually("all is settled, and its evidence archived", func() bool {
		for _, id := range ids {
			s := o.state(id)
			_, due := s.EvidenceDue()
			if due || (s.Status != queue.StatusClosed && s.Status != queue.StatusHandedBack) {
				return false
			}
		}
		return true
	})
	var invites []checker.Invite
	for _, r := range o.carrier.Calls() {
		invites = append(invites, checker.Invite{Number: r.Called, CallID: r.CallID, At: r.InvitedAt})
	}
	found, err := checker.Check(o.Context(), checker.World{
		Queue: o.queue, Archive: o.bucket(), Invites: invites, Switches: []string{pbx}, Calendar: workhours.AlwaysOpen(), Settled: true,
	})
	o.must(err)
	for _, v := range found {
		o.Errorf("violation: %s", v)
	}
	if !o.Failed() {
		return
	}
	for _, id := range ids {
		history, _ := o.queue.History(o.Context(), id)
		for _, a := range history[1:] {
			o.Logf("%s %3d %s %-20s %s %s", id, a.Seq, a.At.Format("15:04:05.000"), a.Kind, a.Actor, a.Details)
		}
	}
}
