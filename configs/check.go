package configs

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	namePattern   = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	nodePattern   = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	wordPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	bucketPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	callerPattern = regexp.MustCompile(`^\+?[0-9]{3,15}$`)
	headerPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}: ?[\x21-\x7e][\x20-\x7e]{0,200}$`)
)

// maxRetention is a century, in days.
const maxRetention = 36_500

const nameRemedy = "use 1 to 32 characters of a-z, 0-9 and -"

// check looks at every value, section by section.
func (c *Config) check(l *loader) {
	l.check(namePattern.MatchString(c.Site.Name), "site.name", quoted(c.Site.Name)+" is not a name", nameRemedy)
	l.check(nodePattern.MatchString(c.Site.Node), "site.node", quoted(c.Site.Node)+" is not a node's name",
		"use 1 to 64 letters, digits, dots, - and _")
	c.Redis.check(l)
	c.S3.check(l)
	l.check(c.Spool.Dir != "", "spool.dir", "is empty", "name a folder on a disk that survives a restart")
	l.check(c.Spool.MaxBytes >= 64<<20, "spool.max_bytes", "is below 64MiB", "leave room for the recordings of some hours: 10GiB")
	checkSwitches(l, c.Switches)
	c.Calls.check(l)
	c.Policy.check(l)
	l.check(c.Calendar.Dir == "" || !c.Calendar.AlwaysOpen, "calendar.always_open", "is set together with calendar.dir",
		"keep dir; always_open is for demonstrations only")
	c.API.check(l)
	l.between("drain.limit", c.Drain.Limit, 0, 24*time.Hour)
	l.between("lease.ttl", c.Lease.TTL, time.Second, 5*time.Minute)
	l.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	l.oneOf("log.format", c.Log.Format, "text", "json")
}

func (r Redis) check(l *loader) {
	l.check(len(r.Addrs) > 0, "redis.addrs", "is empty", "list host:port of each server or Sentinel")
	for i, addr := range r.Addrs {
		key := "redis.addrs[" + strconv.Itoa(i) + "]"
		if _, ok := l.places[key]; !ok {
			key = "redis.addrs" // of an environment variable
		}
		l.check(isHostPort(addr), key, quoted(addr)+" is not host:port", "write it as 127.0.0.1:6379")
	}
	l.check(r.DB >= 0, "redis.db", "is negative", "give the number of a database, usually 0")
	l.check(r.DB == 0 || r.MasterName != "" || len(r.Addrs) < 2, "redis.db", "a cluster has only database 0",
		"set 0, or name master_name if the addresses are Sentinels")
	l.check(r.Username == "" || r.Password.IsSet() || l.bad["redis.password_file"], "redis.username", "has no password",
		"give password_file or SAMBUNG_REDIS_PASSWORD")
	l.check(r.CAFile == "" || r.TLS, "redis.ca_file", "is given without tls", "set tls: true or leave it out")
}

func (s S3) check(l *loader) {
	l.check(isHost(s.Endpoint), "s3.endpoint", quotedUnlessUserinfo(s.Endpoint)+" is not host or host:port",
		"write it without scheme and path, as s3.example.go.id:9000")
	l.check(s.PublicEndpoint == "" || isOrigin(s.PublicEndpoint), "s3.public_endpoint", quotedUnlessUserinfo(s.PublicEndpoint)+" is not scheme and host",
		"write it without a path, as https://s3.example.go.id, or leave it out if browsers reach s3.endpoint")
	l.check(bucketPattern.MatchString(s.Bucket) && !strings.Contains(s.Bucket, ".."), "s3.bucket", quoted(s.Bucket)+" is not a bucket's name",
		"use 3 to 63 characters of a-z, 0-9, - and .")
	l.check(s.AccessKey.IsSet(), "s3.access_key_file", "the access key is missing", "name its file here, or set SAMBUNG_S3_ACCESS_KEY")
	l.check(s.RetentionDays >= 0 && s.RetentionDays <= maxRetention, "s3.retention_days", fmt.Sprintf("%d is not between 0 and %d", s.RetentionDays, maxRetention),
		"give whole days, such as 3650 for ten years, or 0 for none")
	l.check(s.SecretKey.IsSet(), "s3.secret_key_file", "the secret key is missing", "name its file here, or set SAMBUNG_S3_SECRET_KEY")
}

func (c Calls) check(l *loader) {
	l.between("calls.agent_ring", c.AgentRing, time.Second, 5*time.Minute)
	l.between("calls.taxpayer_ring", c.TaxpayerRing, time.Second, 5*time.Minute)
	l.between("calls.wrap_up", c.WrapUp, time.Second, time.Hour)
	l.check(c.RingbackAfter >= 0 && c.RingbackAfter < c.WrapUp, "calls.ringback_after",
		fmt.Sprintf("%s is not between 0s and wrap_up, %s", c.RingbackAfter, c.WrapUp), "ring back within wrap_up, or never: 0s")
	l.between("calls.mute_limit", c.MuteLimit, time.Second, time.Hour)
	l.between("calls.trunk_hold", c.TrunkHold, 100*time.Millisecond, time.Hour)
	l.between("calls.trunk_hold_max", c.TrunkHoldMax, c.TrunkHold, 24*time.Hour)
	l.between("calls.max_duration", c.MaxDuration, time.Minute, 24*time.Hour)
	l.check(c.AutoAnswerHeader == "" || headerPattern.MatchString(c.AutoAnswerHeader), "calls.auto_answer_header",
		"is not one SIP header", "write it as Call-Info: answer-after=0")
}

// check asks the same of the values as queue.Policy.Validate does.
func (p Policy) check(l *loader) {
	l.check(p.TimeLimit > 0, "policy.time_limit", "is not positive", "the SOP says 1h")
	l.check(p.MaxAttempts >= 1 && p.MaxAttempts <= 100, "policy.max_attempts", fmt.Sprintf("%d is not between 1 and 100", p.MaxAttempts), "4 is usual")
	l.check(p.MinGap > 0, "policy.min_gap", "is not positive", "leave a taxpayer some peace: 2m")
	l.check(p.BusyRetry >= p.MinGap, "policy.busy_retry", "is below min_gap", "wait at least as long")
	l.check(p.LateGap >= p.MinGap, "policy.late_gap", "is below min_gap", "wait at least as long")
	l.check(p.HandlingTime >= 0 && p.HandlingTime < p.TimeLimit, "policy.handling_time",
		"is not between 0s and time_limit", "keep some minutes free at the end of the hour: 8m")
	l.check(p.WarnBefore >= 0 && p.WarnBefore < p.TimeLimit, "policy.warn_before",
		"is not between 0s and time_limit", "warn while there is time: 20m")
}

func (l *loader) between(key string, d, least, most time.Duration) {
	l.check(d >= least && d <= most, key, fmt.Sprintf("%s is not between %s and %s", d, least, most), "choose a value within")
}

func (l *loader) oneOf(key, value string, allowed ...string) {
	l.check(slices.Contains(allowed, value), key, quoted(value)+" is not one of "+strings.Join(allowed, ", "), suggest(value, allowed))
}

func isHostPort(text string) bool {
	host, port, err := net.SplitHostPort(text)
	if err != nil || strings.ContainsAny(host, "/@ \t") {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func isHost(text string) bool {
	u, err := url.Parse("//" + text)
	return err == nil && text != "" && u.Host == text && u.Hostname() != "" && !strings.ContainsAny(text, " \t")
}

// isOrigin reports whether a text is scheme and host, and nothing more: a signature
// covers the path, so that none can stand before it.
func isOrigin(text string) bool {
	scheme, host, ok := strings.Cut(text, "://")
	return ok && (scheme == "http" || scheme == "https") && isHost(host)
}

func quoted(text string) string { return strconv.Quote(text) }

// quotedUnlessUserinfo quotes an address unless it holds what may be a password.
func quotedUnlessUserinfo(text string) string {
	if strings.Contains(text, "@") {
		return "the address"
	}
	return quoted(text)
}
