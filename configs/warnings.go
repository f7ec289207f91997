package configs

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Warnings lists what is allowed but deserves a word at every start.
func (c *Config) Warnings() []Problem {
	var list []Problem
	warn := func(when bool, key, what, remedy string) {
		if when {
			list = append(list, Problem{Source: "configuration", Key: key, What: what, Remedy: remedy})
		}
	}
	warn(c.Calendar.AlwaysOpen, "calendar.always_open", "taxpayers may be rung at any hour", "name calendar.dir in an office")
	warn(c.Policy.TimeLimit > time.Hour, "policy.time_limit", "is longer than the SOP allows", "LIP20-0020 says one working hour")
	warn(c.API.Plaintext && c.API.CertFile == "" && !isLocalHost(c.API.Listen), "api.plaintext", "tokens and personal data pass unencrypted",
		"have a proxy on this machine or network do TLS")
	warn(!c.S3.Secure && !isLocalHost(c.S3.Endpoint), "s3.secure", "recordings pass unencrypted", "turn TLS on")
	warn(strings.HasPrefix(c.S3.PublicEndpoint, "http:") && !isLocalHost(strings.TrimPrefix(c.S3.PublicEndpoint, "http://")), "s3.public_endpoint",
		"recordings pass unencrypted, and a browser does not fetch them from a page that came by TLS", "let a proxy do TLS, and write https")
	warn(c.S3.PublicEndpoint == "" && isLocalHost(c.S3.Endpoint) && (c.API.Plaintext || !isLocalHost(c.API.Listen)), "s3.public_endpoint",
		"is missing: links to recordings name "+c.S3.Endpoint+", which is this machine alone", "write the address at which browsers reach the server, as https://s3.example.go.id")
	warn(!c.Redis.TLS && c.redisIsRemote(), "redis.tls", "personal data passes unencrypted", "turn TLS on, or use a private network")
	const perSecond = 2 * 2 * 16_000 // bytes: two tracks of 8 kHz with 16 bits, and what is composed of them
	longest := Bytes(c.Calls.MaxDuration/time.Second) * perSecond
	warn(c.Spool.MaxBytes < longest, "spool.max_bytes", fmt.Sprintf("has no room for the recording of a call of calls.max_duration, %d bytes: it would wait at the switch for good", longest),
		"allow more, 10GiB is the default, or shorter calls")
	for i, s := range c.Switches {
		u, err := url.Parse(s.URL)
		warn(err == nil && u.Scheme == "http" && !isLocalHost(u.Host), "switches["+strconv.Itoa(i)+"].url",
			"the password and recordings pass unencrypted", "use https, or a private network")
	}
	return list
}

func (c *Config) redisIsRemote() bool {
	for _, addr := range c.Redis.Addrs {
		if !isLocalHost(addr) {
			return true
		}
	}
	return false
}

func isLocalHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
