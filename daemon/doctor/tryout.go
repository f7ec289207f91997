package doctor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sambung/telephony/ari"
)

// eventLimit is how long an event is waited for that follows at once.
const eventLimit = 3 * time.Second

// tryout is a switch that is tried out, with its events.
type tryout struct {
	*sheet
	client *ari.Client
	events *ari.Subscription
	seen   []ari.Event
}

// tryOut opens an event stream under a name of its own and tries under it what
// a call needs.
func (x *examination) tryOut(ctx context.Context, s *sheet, l *line, client *ari.Client) {
	// All events are ours: the application is.
	stream := ari.NewStream(client, func(string) string { return "" }, nil, x.log)
	running, stop := context.WithCancel(ctx)
	var reading sync.WaitGroup
	reading.Go(func() { _ = stream.Run(running) }) // its State says why it ended
	defer reading.Wait()
	defer stop()
	t := &tryout{sheet: s, client: client, events: stream.Subscribe("")}
	defer t.events.Close()
	up, cancel := context.WithTimeout(ctx, eventLimit)
	defer cancel()
	if err := stream.WaitUp(up); err != nil {
		s.fault("no events come from it", "load res_http_websocket.so and res_ari_events.so; a proxy before it must pass WebSockets on",
			errors.Join(stream.State().Interrupted, err))
		s.skipped("recording and prompts", "the event stream")
		return
	}
	s.ok("events come, and the event filter works")
	t.tryCall(ctx, l, x)
}

// until waits for an event.
func (t *tryout) until(ctx context.Context, limit time.Duration, wanted func(ari.Event) bool) (ari.Event, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		t.seen = append(t.seen, t.events.Take()...)
		for i, e := range t.seen {
			if wanted(e) {
				t.seen = append(t.seen[:i:i], t.seen[i+1:]...)
				return e, nil
			}
		}
		select {
		case <-t.events.Ready():
		case <-timer.C:
			return ari.Event{}, fmt.Errorf("no such event within %s: %w", limit, context.DeadlineExceeded)
		case <-ctx.Done():
			return ari.Event{}, ctx.Err()
		}
	}
}

// started waits for a channel to enter the application.
func (t *tryout) started(ctx context.Context, channel string) error {
	_, err := t.until(ctx, eventLimit, func(e ari.Event) bool { return e.Type == ari.StasisStart && e.Channel.ID == channel })
	return err
}

// tidy removes something at the switch, also when the time is up.
func (t *tryout) tidy(ctx context.Context, what string, remove func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eventLimit)
	defer cancel()
	if err := remove(ctx); err != nil && !ari.IsNotFound(err) {
		t.warn("the doctor's own "+what+" was not removed", "it has gone within a minute, or remove it by its name (doctor-…)", err)
	}
}
