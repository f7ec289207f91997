package doctor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/doctor"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/storage/s3"
	"sambung/telephony/ari"
	"sambung/telephony/softphone"
)

// installation is a whole one that is well, on real servers.
type installation struct {
	asterisk *realservers.AsteriskServer
	redis    *realservers.RedisServer
	minio    *realservers.MinIOServer
	queue    *redisqueue.Queue
	carrier  *softphone.Phone
	rung     atomic.Int32 // INVITEs at any telephone
	config   configs.Config
}

func install(t *testing.T) *installation {
	t.Helper()
	i := &installation{}
	i.carrier = i.plugIn(t, "carrier", "127.0.0.1:0")
	i.redis, i.minio = realservers.Redis(t), realservers.MinIO(t)
	i.asterisk = realservers.Asterisk(t, realservers.AsteriskOptions{Agents: 2, Trunk: i.carrier.Addr().String(), QualifyTrunk: true})
	i.config = i.configure(t)
	i.makeBucket(t, i.config.S3)
	i.queue = openQueue(t, i.config)
	i.hire(t, "agent-1", "pbx1")
	a := i.asterisk.Agents[0]
	phone := i.plugIn(t, a.User, "127.0.0.1:0")
	must(t, phone.Register(t.Context(), softphone.Account{Registrar: i.asterisk.SIPAddr, User: a.User, Password: a.Password}))
	i.awaitTrunk(t, ari.EndpointOnline)
	return i
}

func (i *installation) configure(t *testing.T) configs.Config {
	c := configs.Default()
	c.Site = configs.Site{Name: "test", Node: "node-a"}
	c.Redis.Addrs = []string{i.redis.Addr}
	c.S3 = configs.S3{
		Endpoint: i.minio.Endpoint, Bucket: "archive", Region: "us-east-1",
		PublicEndpoint: "http://" + strings.Replace(i.minio.Endpoint, "127.0.0.1", "localhost", 1),
		AccessKey:      configs.NewSecret(i.minio.AccessKey), SecretKey: configs.NewSecret(i.minio.SecretKey),
	}
	c.Spool = configs.Spool{Dir: filepath.Join(t.TempDir(), "spool"), MaxBytes: 1 << 30}
	c.Switches = []configs.Switch{{
		Name: "pbx1", URL: i.asterisk.ARIURL, Application: "the-daemons", User: i.asterisk.User,
		Password: configs.NewSecret(i.asterisk.Password), Trunk: i.asterisk.Trunk, DialFormat: configs.DialE164Plus, MaxCalls: 30,
	}}
	c.Calendar.Dir = calendar(t, time.Now().Year(), time.Now().Year()+1)
	return c
}

// calendar is a folder with the holidays of some years.
func calendar(t *testing.T, years ...int) string {
	t.Helper()
	dir := t.TempDir()
	office, err := os.ReadFile("../../configs/calendar/office.yaml")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "office.yaml"), office, 0o600))
	for _, y := range years {
		text := fmt.Sprintf("year: %d\nstatus: final\ndecree: SKB\nholidays:\n  - {date: %d-01-01, kind: national, name: Tahun Baru}\n", y, y)
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("holidays-%d.yaml", y)), []byte(text), 0o600))
	}
	return dir
}

func (i *installation) makeBucket(t *testing.T, c configs.S3) {
	t.Helper()
	c.CreateBucket = true
	archive, err := s3.New(daemon.ArchiveConfig(c))
	must(t, err)
	defer archive.Close()
	_, err = archive.Check(t.Context())
	must(t, err)
}

func openQueue(t *testing.T, c configs.Config) *redisqueue.Queue {
	t.Helper()
	options, err := daemon.QueueOptions(c)
	must(t, err)
	q, err := redisqueue.Open(t.Context(), options)
	must(t, err)
	t.Cleanup(func() { _ = q.Close() })
	return q
}

// hire adds an agent who takes calls.
func (i *installation) hire(t *testing.T, id queue.AgentID, sw string) {
	t.Helper()
	must(t, i.queue.PutAgent(t.Context(), queue.Agent{ID: id, Endpoint: "PJSIP/" + string(id), Switch: sw, Presence: queue.PresenceOffline, Since: time.Now()}))
	_, err := i.queue.SetPresence(t.Context(), id, queue.PresenceReady, "", time.Now())
	must(t, err)
}

func (i *installation) dismiss(t *testing.T, id queue.AgentID) {
	t.Cleanup(func() { must(t, i.queue.RemoveAgent(context.WithoutCancel(t.Context()), id)) })
}

func (i *installation) plugIn(t *testing.T, user, address string) *softphone.Phone {
	t.Helper()
	phone, err := softphone.Listen(softphone.Config{User: user, Addr: address, Behave: func(softphone.Invite) softphone.Behaviour {
		i.rung.Add(1)
		return softphone.Answer()
	}})
	must(t, err)
	t.Cleanup(func() { _ = phone.Close() })
	return phone
}

// ari is a client under the doctor's rights, without an event stream.
func (i *installation) ari(t *testing.T) *ari.Client {
	t.Helper()
	c, err := ari.New(daemon.SwitchAddress(i.config.Switches[0]))
	must(t, err)
	t.Cleanup(c.Close)
	return c
}

func (i *installation) awaitTrunk(t *testing.T, state string) {
	t.Helper()
	c := i.ari(t)
	eventually(t, "the trunk is "+state, func() bool {
		e, err := c.Endpoint(t.Context(), i.asterisk.Trunk)
		return err == nil && e.State == state
	})
}

// etc is a file of the Asterisk's configuration.
func (i *installation) etc(name string) string {
	return filepath.Join(i.asterisk.RecordingDir, "../../etc", name)
}

// examine runs the doctor and makes sure that no secret shows.
func examine(t *testing.T, c configs.Config, o doctor.Options) []doctor.Finding {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	findings := doctor.Examine(ctx, c, o)
	text, err := json.Marshal(findings)
	must(t, err)
	for _, s := range []configs.Secret{c.Redis.Password, c.S3.SecretKey, c.Switches[0].Password} {
		if s.IsSet() && strings.Contains(string(text), s.Reveal()) {
			t.Errorf("a secret shows in %s", text)
		}
	}
	for _, f := range findings {
		t.Logf("%-7s %-14s %s | %s | %s", f.Severity, f.Subject, f.What, f.Remedy, f.Detail)
		if f.Severity != doctor.OK && f.Remedy == "" {
			t.Errorf("%s: %q has no remedy", f.Subject, f.What)
		}
	}
	return findings
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	pause := time.NewTicker(50 * time.Millisecond)
	defer pause.Stop()
	for !holds() {
		select {
		case <-limit.C:
			t.Fatalf("not so after 15 s: %s", what)
		case <-pause.C:
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// list reads a list of ARI.
func (i *installation) list(t *testing.T, resource string) (all []map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, i.asterisk.ARIURL+resource, nil)
	must(t, err)
	req.SetBasicAuth(i.asterisk.User, i.asterisk.Password)
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	must(t, json.NewDecoder(resp.Body).Decode(&all))
	return all
}
