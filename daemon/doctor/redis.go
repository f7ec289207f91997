package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sambung/daemon"
	"sambung/queue"
	"sambung/queue/redisqueue"
)

const (
	pings = 50
	// A call has some fifteen writes, each before the next step.
	slowMedian = 5 * time.Millisecond
	slowP99    = 50 * time.Millisecond
)

func (x *examination) examineRedis(ctx context.Context) []Finding {
	ctx, cancel := x.within(ctx)
	defer cancel()
	s := &sheet{subject: "redis"}
	var agents *[]queue.Agent
	defer func() { x.agents.settle(agents) }()
	options, err := daemon.QueueOptions(x.config)
	if err != nil {
		s.fault("its authorities cannot be read", "correct redis.ca_file", err)
		return s.findings
	}
	q, err := redisqueue.Open(ctx, options)
	if err != nil {
		x.redisAway(s, err)
		return s.findings
	}
	defer q.Close()
	if version, err := q.Version(ctx); err == nil {
		s.ok(version + " answers")
	}
	redisSettings(ctx, s, q)
	redisLatency(ctx, s, q)
	x.clocks.read(ctx, "redis", x.now, q.Clock, time.Microsecond)
	list, err := q.Agents(ctx)
	if err != nil {
		s.fault("the agents cannot be read from the ledger", "see what the server says", err)
		return s.findings
	}
	agents = &list
	return append(s.findings, x.strandedSwitches(ctx, q)...)
}

// redisAway says why no connection came about.
func (x *examination) redisAway(s *sheet, err error) {
	where := strings.Join(x.config.Redis.Addrs, ", ")
	switch text := err.Error(); {
	case strings.Contains(text, "NOAUTH"):
		s.fault("the server at "+where+" asks for a password, and none is configured", "put it into a file and name that as redis.password_file", err)
	case strings.Contains(text, "WRONGPASS"), strings.Contains(text, "invalid password"):
		s.fault("the server at "+where+" refuses the password", "correct redis.username and redis.password_file, or requirepass and the user in the server's configuration", err)
	case strings.Contains(text, "without any password configured"):
		s.fault("the server at "+where+" knows no password, and one is configured", "set requirepass at the server, or take redis.password_file out", err)
	case strings.Contains(text, "NOPERM"):
		s.fault("the user of the server at "+where+" lacks rights", "give it the commands of the ledger: +@all ~{sambung:"+x.config.Site.Name+"}:*", err)
	case strings.Contains(text, "tls:"), strings.Contains(text, "x509:"):
		s.fault("no TLS connection to the server at "+where, "see that redis.tls and redis.ca_file fit the server", err)
	case errors.Is(err, context.DeadlineExceeded), strings.Contains(text, "EOF"):
		s.fault("the server at "+where+" does not answer in time", "see whether it is overloaded or still loading its data, and whether redis.tls fits it", err)
	default:
		s.fault("the server at "+where+" is not reached", "start it (systemctl start redis-server), or correct redis.addrs", err)
	}
}

// redisSettings tells what the daemon itself would refuse at its start.
func redisSettings(ctx context.Context, s *sheet, q *redisqueue.Queue) {
	err := q.Check(ctx)
	if err == nil {
		s.ok("nothing is lost: appendonly yes, appendfsync always, maxmemory-policy noeviction")
		return
	}
	findings := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		findings = joined.Unwrap()
	}
	for _, f := range findings {
		var unfit *redisqueue.Unfit
		switch {
		case errors.As(f, &unfit) && unfit.Err != nil:
			s.fault(unfit.What, unfit.Remedy, unfit.Err)
		case errors.As(f, &unfit):
			s.fault(unfit.What, unfit.Remedy+"; at once: CONFIG SET, for good: redis.conf")
		default:
			s.fault("its settings cannot be read", "allow INFO and CONFIG GET to this user", f)
		}
	}
}

func redisLatency(ctx context.Context, s *sheet, q *redisqueue.Queue) {
	took, err := q.Latency(ctx, pings)
	if err != nil {
		s.fault("it stopped answering", "see its log", err)
		return
	}
	median, p99 := quantile(took, 0.5), quantile(took, 0.99)
	figures := fmt.Sprintf("a round trip takes %s (median), %s (p99)", short(median), short(p99))
	if median > slowMedian || p99 > slowP99 {
		s.warn(figures, fmt.Sprintf("bring the server nearer, or relieve it: below %s and %s", slowMedian, slowP99))
		return
	}
	s.ok(figures)
}

// quantile of durations, by the nearest rank.
func quantile(all []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// short is a duration with as many digits as matter.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	default:
		return d.Round(100 * time.Millisecond).String()
	}
}
