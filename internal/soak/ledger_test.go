package soak_test

import (
	"context"
	"log/slog"
	"time"

	"sambung/internal/realservers"
	"sambung/queue/redisqueue"
)

const (
	// forgets bounds how long the replicas are cut off before a master is killed:
	// what it acknowledged meanwhile is lost with it.
	forgets    = 400 * time.Millisecond
	askedLimit = 2 * time.Second
)

// underSentinel starts the ledger's servers as the operator's guide has them.
func (s *site) underSentinel() *realservers.SentinelSite {
	return realservers.Sentinel(s.t, 2, realservers.RedisConfig("min-replicas-to-write", "1"), realservers.RedisConfig("min-replicas-max-lag", "10"))
}

func (s *site) openLedger() {
	s.t.Helper()
	var err error
	s.queue, err = redisqueue.Open(s.t.Context(), redisqueue.Options{
		Addrs: s.redis.Addrs, MasterName: s.redis.MasterName, Site: "soak", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.queue.Close() })
}

// ledgerKilled has the master of the ledger killed, its replicas cut off from it
// for a while before. That cannot be while an earlier failover is not got over:
// Sentinel protects against the loss of one server.
func (s *site) ledgerKilled(behind time.Duration) victim {
	ctx, cancel := context.WithTimeout(s.t.Context(), askedLimit)
	defer cancel()
	if s.redis.Whole(ctx) != nil {
		return victim{}
	}
	master := s.redis.Master(ctx)
	if master == nil {
		return victim{}
	}
	return victim{"redis", func() {
		if behind > 0 {
			s.holdBack(master)
			time.Sleep(behind) // the daemons go on writing
		}
		master.Kill()
	}, master.Restart}
}

// holdBack lets no replica have anything more of what the master acknowledges. A
// master that notices would take no writes, so this one does not mind: it stands
// for one whose machine is lost with what was on its way to them.
func (s *site) holdBack(master *realservers.RedisServer) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), askedLimit)
	defer cancel()
	if err := master.Configure(ctx, "min-replicas-to-write", "0"); err != nil {
		s.t.Fatal(err)
	}
	s.redis.HoldBack(s.t)
}
