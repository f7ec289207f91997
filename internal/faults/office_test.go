package faults

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

	"github.com/alicebob/miniredis/v2"
	"github.com/oklog/ulid/v2"

	"sambung/configs"
	"sambung/daemon"
	"sambung/internal/checker"
	"sambung/internal/faultproxy"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	archivestore "sambung/storage/embedded"
	"sambung/storage/s3"
	"sambung/telephony/asterisk"
	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

const (
	leaseTTL = time.Second
	awayFor  = 900 * time.Millisecond
	lateBy   = 1200 * time.Millisecond
	patience = 3 * time.Minute
	number   = "+6281210000001"
)

// office is one site: its servers, one agent, one taxpayer, two daemons.
type office struct {
	*testing.T
	redis   *miniredis.Miniredis
	s3      *archivestore.Server
	bucket  string
	sim     *simulator.Simulator
	agent   *simulator.Telephone
	carrier *simulator.Telephone
	queue   *redisqueue.Queue
	log     *syncLog
	daemons []*node
}

// node is one daemon with its own ways to the servers.
type node struct {
	ways map[string]*faultproxy.Proxy
	stop context.CancelFunc
	done chan struct{}
}

// newOffice starts everything. The archive's server is shared: there is one in
// a process at most.
func newOffice(t *testing.T, shared *archivestore.Server, bucket string) *office {
	o := &office{T: t, redis: miniredis.NewMiniRedis(), s3: shared, bucket: bucket, log: &syncLog{}}
	if err := o.redis.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.redis.Close)
	var err error
	if o.sim, err = simulator.Start(simulator.Options{Sounds: configs.Sounds()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.sim.Close)
	o.agent = o.sim.AddAgent("agent-1", simulator.Person{
		Behave: func(softphone.Invite) softphone.Behaviour { return softphone.Answer().Playing(tone.Sine(440, -12)) },
		Hear:   confirms,
	})
	o.carrier = o.sim.AddTrunk("trunk", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour {
		return softphone.AnswerAfter(30 * time.Millisecond).Playing(tone.Sine(880, -12)).HangingUp(800 * time.Millisecond)
	}})
	o.persist("the ledger opens", func() (err error) {
		o.queue, err = redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{o.redis.Addr()}, Site: "faults", Volatile: true})
		return err
	})
	t.Cleanup(func() { _ = o.queue.Close() })
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

// config is the office's as a node sees it.
func (o *office) config(name string, ways map[string]*faultproxy.Proxy) configs.Config {
	c := configs.Default()
	c.Site = configs.Site{Name: "faults", Node: name}
	c.Redis.Addrs = []string{ways[ledger].Addr}
	c.S3 = configs.S3{
		Endpoint: ways[archive].Addr, Bucket: o.bucket, CreateBucket: true,
		AccessKey: configs.NewSecret(o.s3.AccessKey()), SecretKey: configs.NewSecret(o.s3.SecretKey()),
	}
	c.Spool = configs.Spool{Dir: filepath.Join(o.TempDir(), "spool"), MaxBytes: 1 << 26}
	c.Switches = []configs.Switch{{
		Name: "pbx", URL: "http://" + ways[pbx].Addr + "/ari", Application: "sambung", User: o.sim.User(),
		Password: configs.NewSecret(o.sim.Password()), Trunk: "trunk", DialFormat: configs.DialE164Plus, MaxCalls: 4,
	}}
	c.Calls = configs.Calls{
		AgentRing: 2 * time.Second, TaxpayerRing: 2 * time.Second, WrapUp: 4 * time.Second, RingbackAfter: 300 * time.Millisecond,
		MuteLimit: time.Second, MaxDuration: time.Minute, TrunkHold: 200 * time.Millisecond, TrunkHoldMax: time.Second,
	}
	c.Policy = configs.Policy{
		TimeLimit: time.Hour, MaxAttempts: 2, BusyRetry: 400 * time.Millisecond, MinGap: 300 * time.Millisecond,
		HandlingTime: time.Hour - time.Second, LateGap: 400 * time.Millisecond, WarnBefore: time.Minute,
	}
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Listen = "127.0.0.1:0"
	c.API.Tokens = []configs.Token{{Name: "faults", Role: configs.RoleAdmin, Token: configs.NewSecret(strings.Repeat("f", 40))}}
	c.Drain.Limit = 5 * time.Second
	c.Lease.TTL = leaseTTL
	return c
}

// startDaemon runs a daemon over ways of its own.
func (o *office) startDaemon(name string) *node {
	o.Helper()
	n := &node{done: make(chan struct{}), ways: map[string]*faultproxy.Proxy{
		ledger: faultproxy.Start(o, o.redis.Addr()), archive: faultproxy.Start(o, o.s3.Endpoint()),
		pbx: faultproxy.Start(o, strings.TrimSuffix(strings.TrimPrefix(o.sim.URL(), "http://"), "/ari")),
	}}
	log := slog.New(slog.NewTextHandler(o.log, nil)).With("node", name)
	var app *daemon.App
	o.persist("daemon "+name+" starts", func() (err error) { // as systemd would have it
		app, err = daemon.New(o.Context(), o.config(name, n.ways), log, daemon.WithVolatileLedger())
		return err
	})
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	go func() {
		defer close(n.done)
		if err := app.Run(ctx); err != nil {
			o.Errorf("daemon %s ended: %v", name, err)
		}
	}()
	o.daemons = append(o.daemons, n)
	return n
}

// persist does until it succeeds what a machine that starts forty of these at
// once may be too slow for. No fault is armed yet.
func (o *office) persist(what string, do func() error) {
	o.Helper()
	var err error
	for began := time.Now(); time.Since(began) < patience; {
		if err = do(); err == nil {
			return
		}
	}
	o.Fatalf("not within %s: %s: %v", patience, what, err)
}

// cutOff is a daemon that is dead to everybody, or awake again.
func (n *node) cutOff(dead bool) {
	for _, way := range n.ways {
		way.SetDown(dead)
	}
}

// end stops both daemons and waits for them.
func (o *office) end() {
	for _, n := range o.daemons {
		n.stop()
	}
	for _, n := range o.daemons {
		<-n.done
	}
}

// enqueue makes the agent ready and enters the follow-up.
func (o *office) enqueue() queue.ID {
	o.Helper()
	now := time.Now()
	if err := o.queue.PutAgent(o.Context(), queue.Agent{ID: "agent-1", Endpoint: o.agent.Endpoint(), Switch: "pbx", Since: now}); err != nil {
		o.Fatal(err)
	}
	o.ready()
	f := queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Name: "Rekaan", Phone: number},
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
	if _, _, err := o.queue.Enqueue(o.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("faults")}); err != nil {
		o.Fatal(err)
	}
	return f.ID
}

// ready brings the agent back whom a daemon paused.
func (o *office) ready() {
	a, err := o.queue.Agent(o.Context(), "agent-1")
	if err == nil && a.Presence != queue.PresenceReady {
		_, _ = o.queue.SetPresence(o.Context(), "agent-1", queue.PresenceReady, "", time.Now())
	}
}

// check holds everything against everything.
func (o *office) check() {
	o.Helper()
	bucket, err := s3.New(s3.Config{Endpoint: o.s3.Endpoint(), Bucket: o.bucket, AccessKey: o.s3.AccessKey(), SecretKey: o.s3.SecretKey()})
	if err != nil {
		o.Fatal(err)
	}
	defer bucket.Close()
	var invites, agents []checker.Invite
	for _, r := range o.carrier.Calls() {
		invites = append(invites, checker.Invite{Number: r.Called, CallID: r.CallID, At: r.InvitedAt})
	}
	for _, r := range o.agent.Calls() {
		agents = append(agents, checker.Invite{Number: "agent-1", CallID: r.CallID, At: r.InvitedAt})
	}
	found, err := checker.Check(o.Context(), checker.World{
		Queue: o.queue, Archive: bucket, Invites: invites, AgentInvites: agents, Switches: []string{"pbx"}, Calendar: workhours.AlwaysOpen(), Settled: true,
	})
	if err != nil {
		o.Fatal(err)
	}
	for _, v := range found {
		o.Errorf("violation: %s", v)
	}
}

// tell shows what happened, after a failure.
func (o *office) tell(id queue.ID) {
	history, _ := o.queue.History(context.Background(), id)
	for _, a := range history {
		o.Logf("%3d %s %-20s %s %s", a.Seq, a.At.Format("15:04:05.000"), a.Kind, a.Actor, a.Details)
	}
	for _, r := range o.carrier.Calls() {
		o.Logf("carrier: %s invited %s answered %s ended %s", r.CallID, clock(r.InvitedAt), clock(r.AnsweredAt), clock(r.EndedAt))
	}
	o.Logf("log:\n%s", o.log)
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("15:04:05.000")
}

// syncLog is a log that many goroutines write.
type syncLog struct {
	mu   sync.Mutex
	text strings.Builder // mu
}

func (l *syncLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *syncLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// keep writes a failed schedule down.
func keep(s schedule) error {
	if err := os.MkdirAll(failed, 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(failed, "schedules.txt"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintln(file, s)
	return err
}
