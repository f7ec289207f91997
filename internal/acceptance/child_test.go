package acceptance_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"sambung/configs"
	"sambung/daemon"
)

// childEnv names the configuration file of a daemon that runs as a process of
// its own, so that it can be killed: the test binary runs itself.
const childEnv = "SAMBUNG_TEST_CHILD"

// runChild is the daemon's process.
func runChild() int {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	config, err := configs.Load(os.Getenv(childEnv), os.Environ())
	if err == nil {
		var app *daemon.App
		if app, err = daemon.New(ctx, config, log); err == nil {
			err = app.Run(ctx)
		}
	}
	if err != nil {
		log.Error("the daemon ended", "error", err)
		return 1
	}
	return 0
}

// daemonProcess is a daemon that can be killed, stopped and woken.
type daemonProcess struct {
	t   *testing.T
	cmd *exec.Cmd
	log string

	once   sync.Once
	exited chan struct{}
}

// startDaemon runs a daemon under that node name against these addresses
// (proxies, or the servers themselves).
func (s *site) startDaemon(node, redisAddr, ariURL string) *daemonProcess {
	s.t.Helper()
	dir := s.t.TempDir()
	file := filepath.Join(dir, "sambung.yaml")
	if err := os.WriteFile(file, []byte(s.yaml(dir, node, redisAddr, ariURL)), 0o600); err != nil {
		s.t.Fatal(err)
	}
	p := &daemonProcess{t: s.t, log: filepath.Join(dir, "log"), exited: make(chan struct{})}
	out, err := os.Create(p.log)
	if err != nil {
		s.t.Fatal(err)
	}
	p.cmd = exec.Command(os.Args[0], "-test.run=^$")
	p.cmd.Env = append(os.Environ(), childEnv+"="+file)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		_ = out.Close()
		close(p.exited)
	}()
	s.t.Cleanup(func() {
		p.kill()
		if text, err := os.ReadFile(p.log); err == nil && s.t.Failed() {
			s.t.Logf("the log of %s:\n%s", node, tail(string(text), 80))
		}
	})
	return p
}

// kill ends the process at once and waits until it is gone.
func (p *daemonProcess) kill() {
	p.once.Do(func() { _ = p.cmd.Process.Kill() })
	<-p.exited
}

func (p *daemonProcess) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Errorf("signal %s: %v", sig, err)
	}
}

// yaml is the site's configuration as an operator would write it.
func (s *site) yaml(dir, node, redisAddr, ariURL string) string {
	secret := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			s.t.Fatal(err)
		}
		return file
	}
	c := s.config
	return fmt.Sprintf(`
site: {name: %s, node: %s}
redis: {addrs: [%q]}
s3: {endpoint: %q, bucket: %s, access_key_file: %q, secret_key_file: %q, secure: false, create_bucket: true}
spool: {dir: %q}
switches:
  - {name: %s, url: %q, application: %s, user: %s, password_file: %q, trunk: %s, dial_format: %s, max_calls: %d}
calls: {agent_ring: %s, taxpayer_ring: %s, wrap_up: %s, ringback_after: %s, mute_limit: %s, max_duration: %s, trunk_hold: %s, trunk_hold_max: %s}
policy: {time_limit: %s, max_attempts: %d, busy_retry: %s, min_gap: %s, handling_time: %s, late_gap: %s, warn_before: %s}
calendar: {always_open: true}
api: {listen: "127.0.0.1:0", tokens: [{name: acceptance, role: admin, token_file: %q}]}
drain: {limit: %s}
lease: {ttl: %s}
`,
		c.Site.Name, node, redisAddr,
		c.S3.Endpoint, c.S3.Bucket, secret("access", c.S3.AccessKey.Reveal()), secret("secret", c.S3.SecretKey.Reveal()),
		filepath.Join(dir, "spool"),
		switchName, ariURL, c.Switches[0].Application, c.Switches[0].User, secret("ari", c.Switches[0].Password.Reveal()),
		c.Switches[0].Trunk, c.Switches[0].DialFormat, c.Switches[0].MaxCalls,
		c.Calls.AgentRing, c.Calls.TaxpayerRing, c.Calls.WrapUp, c.Calls.RingbackAfter, c.Calls.MuteLimit, c.Calls.MaxDuration, c.Calls.TrunkHold, c.Calls.TrunkHoldMax,
		c.Policy.TimeLimit, c.Policy.MaxAttempts, c.Policy.BusyRetry, c.Policy.MinGap, c.Policy.HandlingTime, c.Policy.LateGap, c.Policy.WarnBefore,
		secret("token", adminToken), c.Drain.Limit, c.Lease.TTL)
}

func tail(text string, lines int) string {
	all := strings.Split(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
