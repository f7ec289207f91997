package ari

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// running is a stream that runs.
type running struct {
	*Stream
	t    *testing.T
	done chan error // what Run returned
}

// callOf cuts "<follow-up>-<attempt>" out of an id.
func callOf(object string) string {
	first := strings.IndexByte(object, '-')
	if first < 0 {
		return ""
	}
	if second := strings.IndexByte(object[first+1:], '-'); second >= 0 {
		return object[:first+1+second]
	}
	return object
}

// run runs a stream, with short times, until the test ends.
func run(t *testing.T, c *Client, permit func(context.Context) error, change ...func(*times)) running {
	t.Helper()
	s := NewStream(c, callOf, permit, slog.New(slog.NewTextHandler(testLog{t}, nil)))
	s.times.backoffFirst, s.times.backoffMost = time.Millisecond, 20*time.Millisecond
	for _, f := range change {
		f(&s.times)
	}
	r := running{s, t, make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	var ran sync.WaitGroup
	ran.Go(func() { r.done <- s.Run(ctx) })
	t.Cleanup(func() { cancel(); ran.Wait() })
	return r
}

// up waits until the stream is trusted.
func (r running) up() running {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.WaitUp(ctx); err != nil {
		r.t.Fatalf("%v; interrupted by: %v", err, r.State().Interrupted)
	}
	return r
}

// await waits for a condition.
func (r running) await(what string, holds func() bool) {
	r.t.Helper()
	limit := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			r.t.Fatalf("never %s: %+v", what, r.State())
		}
	}
}

// next takes events until there are n, in order.
func next(t *testing.T, s *Subscription, n int) []Event {
	t.Helper()
	var all []Event
	limit := time.After(10 * time.Second)
	for {
		all = append(all, s.Take()...)
		if len(all) >= n {
			return all
		}
		select {
		case <-s.Ready():
		case <-limit:
			t.Fatalf("got %d events only, want %d: %s", len(all), n, kinds(all))
		}
	}
}

// kinds prints events briefly.
func kinds(events []Event) string {
	var all []string
	for _, e := range events {
		all = append(all, strings.TrimSuffix(e.Type+" "+e.object(), " "))
	}
	return strings.Join(all, ", ")
}

// channelEvent is a frame about a channel.
func channelEvent(kind, channel string) string {
	frame, _ := json.Marshal(map[string]any{"type": kind, "channel": map[string]string{"id": channel}})
	return string(frame)
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
