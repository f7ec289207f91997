package soak_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/configs"
	"sambung/internal/daemonchild"
	"sambung/internal/faultproxy"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/telephony/softphone"
)

const (
	switches      = 2
	daemons       = 2
	agentsPerSite = 5 // at each switch
)

// site is the office with everything under it.
type site struct {
	t        *testing.T
	people   *people
	redis    *realservers.SentinelSite
	minio    *realservers.MinIOServer
	asterisk [switches]*realservers.AsteriskServer
	carrier  *softphone.Phone
	daemons  [daemons]*node
	queue    *redisqueue.Queue
	archive  storage.Archive
}

// node is one daemon, its own ways to the switches, and its disk.
type node struct {
	*realservers.ProgramServer
	name string
	ari  [switches]*faultproxy.Proxy
	disk string // with the spool, and nothing else
}

func switchName(i int) string { return fmt.Sprintf("pbx%d", i+1) }

// newSite starts everything; the agents are ready.
func newSite(t *testing.T, p *people) *site {
	t.Helper()
	s := &site{t: t, people: p}
	t.Cleanup(p.leave)
	var err error
	if s.carrier, err = softphone.Listen(softphone.Config{User: "carrier", Behave: p.taxpayer}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.carrier.Close() })
	s.redis, s.minio = s.underSentinel(), realservers.MinIO(t)
	for i := range switches {
		s.asterisk[i] = realservers.Asterisk(t, realservers.AsteriskOptions{Agents: agentsPerSite, Trunk: s.carrier.Addr().String()})
	}
	s.openLedger()
	for i := range switches * agentsPerSite {
		s.employ(i)
	}
	for i := range daemons {
		s.daemons[i] = s.startNode(i)
	}
	c := s.config("reader").S3
	if s.archive, err = s3.New(s3.Config{Endpoint: c.Endpoint, Bucket: c.Bucket, AccessKey: c.AccessKey.Reveal(), SecretKey: c.SecretKey.Reveal()}); err != nil {
		t.Fatal(err)
	}
	return s
}

func agentID(i int) queue.AgentID { return queue.AgentID(fmt.Sprintf("agent-%d", i+1)) }

// employ gives the i-th agent a telephone and makes it known, ready.
func (s *site) employ(i int) {
	s.t.Helper()
	pbx := s.asterisk[i%switches]
	account := pbx.Agents[i/switches]
	phone, err := softphone.Listen(softphone.Config{User: account.User, Behave: s.people.agent(i)})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = phone.Close() })
	s.people.sits(i, phone)
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := phone.Register(ctx, softphone.Account{Registrar: pbx.SIPAddr, User: account.User, Password: account.Password}); err != nil {
		s.t.Fatal(err)
	}
	if err := s.queue.PutAgent(ctx, queue.Agent{ID: agentID(i), Endpoint: "PJSIP/" + account.Endpoint, Switch: switchName(i % switches), Since: time.Now()}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.queue.SetPresence(ctx, agentID(i), queue.PresenceReady, "", time.Now()); err != nil {
		s.t.Fatal(err)
	}
}

// startNode starts a daemon that reaches the switches through proxies of its own.
func (s *site) startNode(place int) *node {
	s.t.Helper()
	name := fmt.Sprintf("node-%d", place+1)
	n := &node{name: name, disk: s.disk(name)}
	c := s.config(name)
	c.Spool.Dir = filepath.Join(n.disk, "spool")
	for i, pbx := range s.asterisk {
		n.ari[i] = faultproxy.Start(s.t, strings.TrimSuffix(strings.TrimPrefix(pbx.ARIURL, "http://"), "/ari"))
		c.Switches[i].URL = "http://" + n.ari[i].Addr + "/ari"
	}
	if place > 0 {
		slices.Reverse(c.Switches) // each has another one first
	}
	n.ProgramServer = daemonchild.Start(s.t, c)
	return n
}

// Sizes of disks: more than the recordings of some calls; at the switch, where
// what has an alarm stays, of a whole slice.
const (
	daemonDisk = "8m"
	switchDisk = "64m"
)

// disk makes a folder with a small disk of its own.
func (s *site) disk(name string) string {
	s.t.Helper()
	dir := filepath.Join(s.t.TempDir(), name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		s.t.Fatal(err)
	}
	s.mount(dir, daemonDisk)
	return dir
}

// mount puts a small disk over a folder.
func (s *site) mount(dir, size string) {
	s.t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+size); err != nil {
		s.t.Fatalf("a small disk, which needs root: %v", err)
	}
	s.t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			s.t.Errorf("unmounting %s: %v", dir, err)
		}
	})
}

// smallDisks gives the switches disks of their own for the recordings.
func (s *site) smallDisks() {
	for _, pbx := range s.asterisk {
		s.mount(pbx.RecordingDir, switchDisk)
	}
}

func (s *site) config(name string) configs.Config {
	c := configs.Default()
	c.Site = configs.Site{Name: "soak", Node: name}
	c.Redis.Addrs, c.Redis.MasterName = s.redis.Addrs, s.redis.MasterName
	c.S3 = configs.S3{
		Endpoint: s.minio.Endpoint, Bucket: "sambung", CreateBucket: true,
		AccessKey: configs.NewSecret(s.minio.AccessKey), SecretKey: configs.NewSecret(s.minio.SecretKey),
	}
	c.Spool.MaxBytes = 64 << 20
	for i, pbx := range s.asterisk {
		c.Switches = append(c.Switches, configs.Switch{
			Name: switchName(i), URL: pbx.ARIURL, Application: "sambung-soak", User: pbx.User, Password: configs.NewSecret(pbx.Password),
			Trunk: pbx.Trunk, DialFormat: configs.DialE164Plus, MaxCalls: agentsPerSite,
		})
	}
	c.Calls = configs.Calls{
		AgentRing: 2 * time.Second, TaxpayerRing: 3 * time.Second, WrapUp: 5 * time.Second, RingbackAfter: time.Second,
		MuteLimit: 5 * time.Second, MaxDuration: 2 * time.Minute, TrunkHold: 100 * time.Millisecond, TrunkHoldMax: time.Second,
	}
	c.Policy = configs.Policy{
		TimeLimit: time.Hour, MaxAttempts: 3, BusyRetry: 2 * time.Second, MinGap: time.Second,
		HandlingTime: time.Hour - 4*time.Second, LateGap: 2 * time.Second, WarnBefore: time.Minute,
	}
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Listen = "127.0.0.1:0"
	c.API.Tokens = []configs.Token{{Name: "soak", Role: configs.RoleAdmin, Token: configs.NewSecret("soak-admin-token-0123456789abcdef")}}
	c.Drain.Limit = 30 * time.Second
	c.Lease.TTL = time.Second
	return c
}
