package demo_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"sambung/daemon/demo"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/storage/s3"
)

// TestDemonstration runs every story once, and holds the ledger against the
// archive and the people's own count, as after every run on real servers.
func TestDemonstration(t *testing.T) {
	log := &strings.Builder{} // the daemon's handler locks it
	d, err := demo.Start(t.Context(), demo.Options{Dir: t.TempDir(), Count: demo.Stories(), Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	stop := func() {
		if !closed {
			closed = true
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(stop)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var last demo.Moment
	for news := 0; ; {
		if last, err = d.Look(ctx); err != nil {
			t.Fatalf("after %d of %d were settled: %v", last.Done(), demo.Stories(), err)
		}
		news += len(last.News)
		if last.Settled() {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
	outcomes, results, routes := make(map[queue.Outcome]int), make(map[queue.Result]int), make(map[queue.Route]int)
	for _, s := range last.FollowUps {
		routes[s.FollowUp.Route]++
		history, err := d.Client().History(ctx, string(s.FollowUp.ID))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range history {
			details, err := a.Decode()
			if err != nil {
				t.Fatal(err)
			}
			if a.Kind == queue.KindAttemptSettled {
				outcomes[details.Outcome]++
				results[details.Result]++
			}
		}
	}
	for _, r := range queue.Rules() {
		// An interruption and an unknown fate are the system's, no person's.
		if r.Result == queue.ResultInterrupted || r.Result == queue.ResultUnknown {
			continue
		}
		if r.Outcome != "" && outcomes[r.Outcome] == 0 || results[r.Result] == 0 {
			t.Errorf("no attempt ended as %s %s", r.Result, r.Outcome)
		}
	}
	for _, route := range queue.Routes() {
		if routes[route] == 0 {
			t.Errorf("no follow-up came by route %s", route)
		}
	}
	check(t, d)
	stop()
	for _, personal := range []string{"Wajib Pajak", "+62812", "62812000", "Pesan"} {
		if strings.Contains(log.String(), personal) {
			t.Errorf("the log holds %q", personal)
		}
	}
}

// check holds everything against everything.
func check(t *testing.T, d *demo.Demo) {
	t.Helper()
	c := d.Config()
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: c.Redis.Addrs, Password: c.Redis.Password.Reveal(), Site: c.Site.Name})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	a, err := s3.New(s3.Config{Endpoint: c.S3.Endpoint, Bucket: c.S3.Bucket, AccessKey: c.S3.AccessKey.Reveal(), SecretKey: c.S3.SecretKey.Reveal()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var invites []checker.Invite
	for _, r := range d.TaxpayerCalls() {
		invites = append(invites, checker.Invite{Number: r.Called, CallID: r.CallID, At: r.InvitedAt})
	}
	violations, err := checker.Check(t.Context(), checker.World{
		Queue: q, Archive: a, Invites: invites, Switches: []string{c.Switches[0].Name}, Calendar: workhours.AlwaysOpen(), Settled: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("violation: %s", v)
	}
}
