package daemonchild

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sambung/configs"
)

// write puts a configuration into dir as an operator would write it, with its
// secrets in files of their own, and returns the file. It writes the keys that
// tests set, and none that the previous version does not know.
func write(dir string, c configs.Config) (string, error) {
	w := &writer{dir: dir}
	w.line("site: {name: %s, node: %s}", c.Site.Name, c.Site.Node)
	master := ""
	if c.Redis.MasterName != "" {
		master = ", master_name: " + c.Redis.MasterName
	}
	w.line("redis: {addrs: [%s]%s}", quoted(c.Redis.Addrs), master)
	w.line("s3: {endpoint: %q, bucket: %s, access_key_file: %q, secret_key_file: %q, secure: false, create_bucket: true}",
		c.S3.Endpoint, c.S3.Bucket, w.secret("access", c.S3.AccessKey), w.secret("secret", c.S3.SecretKey))
	w.line("spool: {dir: %q, max_bytes: %d}", c.Spool.Dir, c.Spool.MaxBytes)
	w.line("switches:")
	for _, s := range c.Switches {
		w.line("  - {name: %s, url: %q, application: %s, user: %s, password_file: %q, trunk: %s, dial_format: %s, max_calls: %d%s}",
			s.Name, s.URL, s.Application, s.User, w.secret("ari-"+s.Name, s.Password), s.Trunk, s.DialFormat, s.MaxCalls, browser(s.Browser))
	}
	w.line("calls: {agent_ring: %s, taxpayer_ring: %s, wrap_up: %s, ringback_after: %s, mute_limit: %s, max_duration: %s, trunk_hold: %s, trunk_hold_max: %s}",
		c.Calls.AgentRing, c.Calls.TaxpayerRing, c.Calls.WrapUp, c.Calls.RingbackAfter, c.Calls.MuteLimit, c.Calls.MaxDuration, c.Calls.TrunkHold, c.Calls.TrunkHoldMax)
	w.line("policy: {time_limit: %s, max_attempts: %d, busy_retry: %s, min_gap: %s, handling_time: %s, late_gap: %s, warn_before: %s}",
		c.Policy.TimeLimit, c.Policy.MaxAttempts, c.Policy.BusyRetry, c.Policy.MinGap, c.Policy.HandlingTime, c.Policy.LateGap, c.Policy.WarnBefore)
	w.line("calendar: {always_open: true}")
	w.line("api:")
	w.line("  listen: %q", c.API.Listen)
	w.line("  tokens:")
	for _, t := range c.API.Tokens {
		w.line("    - {name: %s, role: %s, token_file: %q}", t.Name, t.Role, w.secret("token-"+t.Name, t.Token))
	}
	w.line("drain: {limit: %s}", c.Drain.Limit)
	w.line("lease: {ttl: %s}", c.Lease.TTL)
	return w.file("sambung.yaml", w.text.String()), w.err
}

// writer keeps the first error.
type writer struct {
	dir  string
	text strings.Builder
	err  error
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.text, format+"\n", args...) }

func (w *writer) secret(name string, s configs.Secret) string { return w.file(name, s.Reveal()+"\n") }

func (w *writer) file(name, text string) string {
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil && w.err == nil {
		w.err = err
	}
	return path
}

func quoted(all []string) string {
	var q []string
	for _, s := range all {
		q = append(q, fmt.Sprintf("%q", s))
	}
	return strings.Join(q, ", ")
}

// browser is nothing for a switch whose agents have desk phones.
func browser(b configs.Browser) string {
	if b.URL == "" {
		return ""
	}
	return fmt.Sprintf(", browser: {url: %q, domain: %q, secrets_dir: %q, ice_servers: [%s]}", b.URL, b.Domain, b.SecretsDir, quoted(b.ICEServers))
}
