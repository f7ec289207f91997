package daemon_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/api"
	queuestore "sambung/queue/embedded"
	archivestore "sambung/storage/embedded"
	"sambung/telephony/simulator"
)

const (
	adminToken = "admin-token-0123456789abcdef012345"
	password   = "kuda nil berdansa"
)

// installation is a daemon over stand-ins, which can be begun anew.
type installation struct {
	*testing.T
	config   configs.Config
	volatile bool
	archive  *archivestore.Server
	sim      *simulator.Simulator
	url      string
	stop     func()

	closeArchive func() error
}

func install(t *testing.T) *installation {
	t.Helper()
	in := &installation{T: t}
	log := slog.New(slog.DiscardHandler)
	ledger, err := queuestore.Start(t.Context(), queuestore.Options{Dir: t.TempDir(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	in.volatile = ledger.Volatile()
	if in.archive, err = archivestore.Start(t.Context(), archivestore.Options{Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	in.closeArchive = sync.OnceValue(in.archive.Close)
	t.Cleanup(func() { _ = in.closeArchive() })
	if in.sim, err = simulator.Start(simulator.Options{Sounds: configs.Sounds(), Ended: 10, Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.sim.Close)
	in.sim.AddTrunk("trunk", simulator.Person{})

	secrets := t.TempDir()
	if err := os.WriteFile(filepath.Join(secrets, "agent-1"), []byte("rahasia\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := configs.Default()
	c.Site = configs.Site{Name: "people", Node: "one"}
	c.Redis.Addrs, c.Redis.Password = []string{ledger.Addr()}, configs.NewSecret(ledger.Password())
	c.S3 = configs.S3{
		Endpoint: in.archive.Endpoint(), Bucket: "people", CreateBucket: true,
		AccessKey: configs.NewSecret(in.archive.AccessKey()), SecretKey: configs.NewSecret(in.archive.SecretKey()),
	}
	c.Spool = configs.Spool{Dir: t.TempDir(), MaxBytes: 1 << 30}
	c.Switches = []configs.Switch{{
		Name: "asterisk-1", URL: in.sim.URL(), Application: "sambung", User: in.sim.User(), Password: configs.NewSecret(in.sim.Password()),
		Trunk: "trunk", DialFormat: configs.DialNational, MaxCalls: 5,
		Browser: configs.Browser{URL: "wss://pbx.example:8089/ws", Domain: "pbx.example", SecretsDir: secrets, ICEServers: []string{"stun:stun.example:3478"}},
	}}
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Listen = "127.0.0.1:0"
	c.API.Tokens = []configs.Token{{Name: "operator", Role: configs.RoleAdmin, Token: configs.NewSecret(adminToken)}}
	c.Drain.Limit, c.Lease.TTL = time.Second, 2*time.Second
	in.config = c
	in.start()
	t.Cleanup(func() { in.stop() })
	return in
}

func (in *installation) start() {
	in.Helper()
	var options []daemon.Option
	if in.volatile {
		options = append(options, daemon.WithVolatileLedger())
	}
	app, err := daemon.New(in.Context(), in.config, slog.New(slog.DiscardHandler), options...)
	if err != nil {
		in.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(in.Context()))
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	in.url = "http://" + app.Addr()
	in.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			in.Error(err)
		}
		in.stop = func() {}
	}
}

// ask makes a request and reads a JSON answer into into, unless it is nil.
func (in *installation) ask(method, path, body string, into any, header ...string) *http.Response {
	in.Helper()
	r, err := http.NewRequestWithContext(in.Context(), method, in.url+path, strings.NewReader(body))
	if err != nil {
		in.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		in.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		in.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
	return response
}

func (in *installation) admin(method, path, body string, into any) *http.Response {
	in.Helper()
	return in.ask(method, path, body, into, "Authorization", "Bearer "+adminToken)
}

// Somebody signs in, has a telephone, and is still signed in at the next daemon.
func TestPeople(t *testing.T) {
	in := install(t)
	if r := in.admin("PUT", "/v1/agents/agent-1", `{"endpoint":"PJSIP/agent-1","switch":"asterisk-1"}`, nil); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	if r := in.admin("PUT", "/v1/users/tono", `{"role":"agent","agent":"agent-1","password":"`+password+`"}`, nil); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	r := in.ask("POST", "/v1/session", `{"name":"tono","password":"`+password+`"}`, nil)
	if r.StatusCode != 201 || len(r.Cookies()) != 1 {
		t.Fatalf("signing in: %s", r.Status)
	}
	cookie := r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
	in.stop()
	in.config.Site.Node = "two"
	in.start()
	var telephone api.Telephone
	if r := in.ask("GET", "/v1/telephone", "", &telephone, "Cookie", cookie); r.StatusCode != 200 {
		t.Fatalf("after a restart: %s", r.Status)
	}
	if telephone.URL != "wss://pbx.example:8089/ws" || telephone.URI != "sip:agent-1@pbx.example" || telephone.User != "agent-1" ||
		telephone.Password != "rahasia" || len(telephone.ICEServers) != 1 || telephone.ICEServers[0].URLs[0] != "stun:stun.example:3478" {
		t.Errorf("telephone = %+v", telephone)
	}
	for _, path := range []string{"/agen", "/v1/calendar"} {
		r := in.ask("GET", path, "", nil, "Cookie", cookie)
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' wss://pbx.example:8089;") {
			t.Errorf("%s: %s, policy %q", path, r.Status, policy)
		}
	}
}

// The state of the installation says what is away, and why.
func TestTheStateOfTheInstallation(t *testing.T) {
	in := install(t)
	var s api.System
	deadline := time.Now().Add(30 * time.Second)
	for in.admin("GET", "/v1/system", "", &s); !s.Switches[0].Owned; in.admin("GET", "/v1/system", "", &s) {
		if time.Now().After(deadline) {
			t.Fatalf("the switch is not owned: %+v", s)
		}
	}
	sw := s.Switches[0]
	if sw.Name != "asterisk-1" || !strings.HasPrefix(sw.Owner, "one/") || !sw.Reachable || !s.Redis.OK || s.Redis.Version == "" || !s.Archive.OK || !s.Dialling.OK ||
		s.Node != "one" || s.Spool.Limit != 1<<30 || s.EvidencePending != 0 || s.AwaitingBucket != 0 || s.Version == "" {
		t.Errorf("in order: %+v", s)
	}
	if n, there := s.Counts["queued"]; n != 0 || !there {
		t.Errorf("counts = %v", s.Counts)
	}
	if err := in.closeArchive(); err != nil {
		t.Fatal(err)
	}
	in.sim.Close()
	in.admin("GET", "/v1/system", "", &s)
	if s.Archive.OK || s.Archive.Why == "" || s.Switches[0].Reachable || s.Switches[0].Why == "" || !s.Redis.OK {
		t.Errorf("archive and switch are away: %+v", s)
	}
}
