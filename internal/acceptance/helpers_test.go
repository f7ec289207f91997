package acceptance_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/redis/go-redis/v9"

	"sambung/daemon"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/storage"
	"sambung/storage/s3"
)

// in is the same site seen from a subtest.
func (s *site) in(t *testing.T) *site {
	return &site{
		t: t, redis: s.redis, minio: s.minio, asterisk: s.asterisk, carrier: s.carrier, phones: s.phones, config: s.config, dir: s.dir,
		people: s.people, spools: s.spools,
	}
}

// ledger opens the site's ledger, past the daemon.
func (s *site) ledger() *redisqueue.Queue {
	s.t.Helper()
	q, err := redisqueue.Open(s.t.Context(), redisqueue.Options{
		Addrs: []string{s.redis.Addr}, Site: s.config.Site.Name, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = q.Close() })
	return q
}

// bucket opens the site's archive, past the daemon.
func (s *site) bucket() storage.Archive {
	s.t.Helper()
	c := s.config.S3
	a, err := s3.New(s3.Config{Endpoint: c.Endpoint, Bucket: c.Bucket, AccessKey: c.AccessKey.Reveal(), SecretKey: c.SecretKey.Reveal()})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = a.Close() })
	return a
}

// runDaemon runs a daemon in this process until the test ends or stop is
// called, and fails the test if it does not end well.
func (s *site) runDaemon(log *slog.Logger) (app *daemon.App, stop func()) {
	s.t.Helper()
	return s.runDaemonAt(log, time.Now)
}

// runDaemonAt is runDaemon by another clock.
func (s *site) runDaemonAt(log *slog.Logger, now func() time.Time) (app *daemon.App, stop func()) {
	s.t.Helper()
	app, err := daemon.New(s.t.Context(), s.config, log, daemon.WithClock(now))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("the daemon ended: %v", err)
		}
	}
	s.t.Cleanup(stop)
	return app, stop
}

func agentID(i int) queue.AgentID { return queue.AgentID(fmt.Sprintf("agent-%d", i+1)) }

// addAgent makes the i-th agent known and ready.
func (s *site) addAgent(q queue.Queue, i int) {
	s.t.Helper()
	err := q.PutAgent(s.t.Context(), queue.Agent{
		ID: agentID(i), Endpoint: "PJSIP/" + s.asterisk.Agents[i].Endpoint, Switch: switchName, Since: time.Now(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.setReady(q, i)
}

func (s *site) setReady(q queue.Queue, i int) {
	s.t.Helper()
	if _, err := q.SetPresence(s.t.Context(), agentID(i), queue.PresenceReady, "", time.Now()); err != nil {
		s.t.Fatal(err)
	}
}

// readyAgain brings an agent back whom the daemon paused for not answering.
func (s *site) readyAgain(q queue.Queue, i int) {
	if a, err := q.Agent(s.t.Context(), agentID(i)); err == nil && a.Presence == queue.PresencePaused {
		s.setReady(q, i)
	}
}

// enqueue enters a follow-up, designated for the i-th agent if i >= 0.
func (s *site) enqueue(q queue.Queue, ticket, phone string, i int) queue.ID {
	s.t.Helper()
	now := time.Now()
	f := queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: ticket, Route: queue.RouteAnswer,
		Taxpayer: queue.Taxpayer{Name: "Budi Santoso Rahasia", NPWP: "091234567891000", Phone: phone}, Message: "Pesan rahasia untuk Wajib Pajak",
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
	if i >= 0 {
		f.Agent = agentID(i)
	}
	if _, _, err := q.Enqueue(s.t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("acceptance")}); err != nil {
		s.t.Fatal(err)
	}
	return f.ID
}

// waitOwned waits until the daemon of that node owns the switch.
func (s *site) waitOwned(node string) {
	s.t.Helper()
	client := redis.NewClient(&redis.Options{Addr: s.redis.Addr})
	defer client.Close()
	eventually(s.t, 20*time.Second, node+" owns the switch", func() bool {
		owner, _ := client.HGet(s.t.Context(), "{sambung:"+s.config.Site.Name+"}:switch:"+switchName, "owner").Result()
		return strings.HasPrefix(owner, node+"/")
	})
}
