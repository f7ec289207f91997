package api

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"sambung/queue"
)

const (
	// pollWait is how long one question for events may wait at the store.
	pollWait = 10 * time.Second
	// backlog is how many events a stream may be behind before it is cut: its
	// reader comes back and resumes where it stopped, so that nothing is lost.
	backlog = 1024
)

// hub reads the events once for all streams, so that many pages do not hold as
// many connections to the store. It reads while anyone listens: the first subscriber
// starts its one goroutine, the last one ends it.
type hub struct {
	source queue.Events
	log    *slog.Logger

	mu          sync.Mutex
	subscribers []*subscriber      // mu
	ready       chan struct{}      // mu; closed when the present goroutine knows its position
	stop        context.CancelFunc // mu; nil while nobody listens
}

// subscriber receives every event after ready was closed. events is closed when
// the subscriber fell behind.
type subscriber struct {
	events chan *delivery
	ready  <-chan struct{}
}

// delivery is one event on its way to all streams, which share it and its text.
type delivery struct {
	queue.Event
	block string // as it is written
}

func newHub(source queue.Events, log *slog.Logger) *hub { return &hub{source: source, log: log} }

// subscribe delivers events until leave is called; ok is false when there are too
// many subscribers.
func (h *hub) subscribe() (s *subscriber, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subscribers) >= maxStreams {
		return nil, nil, false
	}
	if h.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		h.stop, h.ready = stop, make(chan struct{})
		go h.run(ctx, h.ready)
	}
	s = &subscriber{events: make(chan *delivery, backlog), ready: h.ready}
	h.subscribers = append(h.subscribers, s)
	return s, func() { h.leave(s) }, true
}

func (h *hub) leave(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscribers = slices.DeleteFunc(h.subscribers, func(other *subscriber) bool { return other == s })
	if len(h.subscribers) == 0 && h.stop != nil {
		h.stop()
		h.stop = nil
	}
}

// run reads events from now on until ctx ends. While the store does not answer it
// tries again from the same place, so that nothing is lost.
func (h *hub) run(ctx context.Context, ready chan struct{}) {
	cursor, positioned := "", false
	for ctx.Err() == nil {
		wait := pollWait
		if !positioned {
			wait = time.Millisecond // only to learn where now is
		}
		events, next, err := h.source.Events(ctx, cursor, wait)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.log.Warn("reading events failed; trying again", "error", err)
			pause(ctx, time.Second)
			continue
		case !positioned:
			positioned = true
			close(ready)
		}
		cursor = next
		h.broadcast(ctx, events)
	}
}

func (h *hub) broadcast(ctx context.Context, events []queue.Event) {
	deliveries := make([]*delivery, len(events))
	for i, e := range events {
		deliveries[i] = deliver(e)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if ctx.Err() != nil {
		return // the subscribers are those of a later goroutine
	}
	h.subscribers = slices.DeleteFunc(h.subscribers, func(s *subscriber) bool {
		for _, e := range deliveries {
			select {
			case s.events <- e:
			default:
				close(s.events)
				return true
			}
		}
		return false
	})
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
