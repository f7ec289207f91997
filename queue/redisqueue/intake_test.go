package redisqueue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"sambung/internal/realservers"
	"sambung/queue/redisqueue"
)

// onBoth runs a test on miniredis and on a real server.
func onBoth(t *testing.T, test func(t *testing.T, addr string)) {
	t.Run("miniredis", func(t *testing.T) { test(t, miniredis.RunT(t).Addr()) })
	t.Run("redis", func(t *testing.T) { test(t, realservers.Redis(t).Addr) })
}

// desk is an intake stream under test, and what its handler was given.
type desk struct {
	*testing.T
	addr, site string
	raw        *redis.Client

	mu    sync.Mutex
	taken []string // mu; consumer and content
}

func newDesk(t *testing.T, addr string) *desk {
	d := &desk{T: t, addr: addr, site: fmt.Sprintf("t%d", sites.Add(1)), raw: redis.NewClient(&redis.Options{Addr: addr})}
	t.Cleanup(func() { _ = d.raw.Close() })
	return d
}

func (d *desk) key(name string) string { return "{sambung:" + d.site + "}:" + name }

func (d *desk) add(content string) string {
	d.Helper()
	id, err := d.raw.XAdd(d.Context(), &redis.XAddArgs{Stream: d.key("intake"), Values: map[string]any{"ticket": content}}).Result()
	if err != nil {
		d.Fatal(err)
	}
	return id
}

// consume runs a consumer until stop is called; answer gives the handler's error.
func (d *desk) consume(name string, answer func(content string) error) (stop func()) {
	d.Helper()
	q, err := redisqueue.Open(d.Context(), redisqueue.Options{Addrs: []string{d.addr}, Site: d.site, IntakeIdle: 20 * time.Millisecond})
	if err != nil {
		d.Fatal(err)
	}
	ctx, cancel := context.WithCancel(d.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- q.Intake(ctx, name, func(_ context.Context, _ string, fields map[string]string) error {
			d.mu.Lock()
			d.taken = append(d.taken, name+" "+fields["ticket"])
			d.mu.Unlock()
			return answer(fields["ticket"])
		})
	}()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			d.Errorf("intake of %s: %v", name, err)
		}
		_ = q.Close()
	})
}

// until polls for a condition.
func (d *desk) until(what string, holds func() bool) {
	d.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); {
		if time.Now().After(end) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.Fatalf("not within ten seconds: %s; taken %q", what, d.taken)
		}
		time.Sleep(5 * time.Millisecond) // between two looks
	}
}

func (d *desk) times(entry string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, t := range d.taken {
		if t == entry {
			n++
		}
	}
	return n
}

func (d *desk) length(stream string) int64 {
	n, err := d.raw.XLen(d.Context(), d.key(stream)).Result()
	if err != nil {
		d.Fatal(err)
	}
	return n
}

// TestIntake: what is enqueued leaves the stream and is taken once; what is
// refused lies among the dead letters with its reason.
func TestIntake(t *testing.T) {
	onBoth(t, func(t *testing.T, addr string) {
		d := newDesk(t, addr)
		d.add("good 1") // before anybody listens
		stop := d.consume("d1", func(content string) error {
			if content == "bad" {
				return fmt.Errorf("judging: %w", &redisqueue.Refusal{Reason: map[string]string{"field": "ticket"}, Err: errors.New("refused")})
			}
			return nil
		})
		defer stop()
		bad := d.add("bad")
		d.add("good 2")
		d.until("the stream is empty", func() bool { return d.length("intake") == 0 })
		stop()
		for _, entry := range []string{"d1 good 1", "d1 bad", "d1 good 2"} {
			if n := d.times(entry); n != 1 {
				t.Errorf("%q was taken %d times", entry, n)
			}
		}
		letters, err := d.raw.XRange(t.Context(), d.key("dead-letter"), "-", "+").Result()
		if err != nil || len(letters) != 1 {
			t.Fatalf("%d dead letters, %v; want 1", len(letters), err)
		}
		want := map[string]any{"entry": bad, "fields": `{"ticket":"bad"}`, "refusal": `{"field":"ticket"}`}
		if fmt.Sprint(letters[0].Values) != fmt.Sprint(want) {
			t.Errorf("dead letter %v, want %v", letters[0].Values, want)
		}
	})
}

// TestIntakeRetries: what could not be enqueued is tried again, and taken over
// by another daemon when the first is gone.
func TestIntakeRetries(t *testing.T) {
	onBoth(t, func(t *testing.T, addr string) {
		d := newDesk(t, addr)
		d.add("late")
		stop := d.consume("d1", func(string) error { return errors.New("the ledger does not answer") })
		defer stop()
		d.until("d1 tries twice", func() bool { return d.times("d1 late") >= 2 })
		stop()
		if n := d.length("intake"); n != 1 {
			t.Errorf("%d entries after failures, want 1", n)
		}
		stop = d.consume("d2", func(string) error { return nil })
		defer stop()
		d.until("d2 takes over", func() bool { return d.length("intake") == 0 })
		stop()
		if n := d.length("dead-letter"); n != 0 {
			t.Errorf("%d dead letters, want none", n)
		}
		pending, err := d.raw.XPending(t.Context(), d.key("intake"), "sambung").Result()
		if err != nil || pending.Count != 0 {
			t.Errorf("%v pending, %v", pending, err)
		}
	})
}
