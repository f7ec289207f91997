package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"sambung/queue"
)

const (
	// maxStreams bounds the streams that are open at once.
	maxStreams = 2000
	// heartbeat is how often an idle stream says that it lives.
	heartbeat = 15 * time.Second
)

var cursorPattern = regexp.MustCompile(`^([0-9]{1,20}(-[0-9]{1,20})?)?$`)

// change is one event as the stream carries it. No personal data.
type change struct {
	FollowUp queue.ID      `json:"follow_up,omitempty"`
	Version  int           `json:"version,omitempty"`
	Status   queue.Status  `json:"status,omitempty"`
	Kind     queue.Kind    `json:"kind,omitempty"`
	Agent    queue.AgentID `json:"agent,omitempty"`
}

// events streams what changes, as server-sent events. It begins where the
// Last-Event-ID header says, else now, and says first where that is: who reads the
// follow-ups after that line misses nothing.
func (s *server) events(w http.ResponseWriter, r *http.Request, t Token) error {
	cursor := r.Header.Get("Last-Event-ID")
	if !cursorPattern.MatchString(cursor) {
		return invalid(Field{"Last-Event-ID", "is not an event's id", "send the id of the last event that was read, or leave it out"})
	}
	subscriber, leave, ok := s.hub.subscribe()
	if !ok {
		return failure(http.StatusServiceUnavailable, "unavailable", "too many streams of events are open; close some")
	}
	defer leave()
	missed, position, err := s.catchUp(r.Context(), subscriber, cursor)
	if err != nil {
		return err
	}
	s.metrics.streams.Inc()
	defer s.metrics.streams.Dec()
	stream := &eventStream{w: w, control: http.NewResponseController(w), limit: s.limits.write, token: t, standing: s.standing, closing: s.Closing}
	return stream.run(r.Context(), subscriber, missed, position)
}

// catchUp returns the events after the cursor, once the hub delivers all later ones.
func (s *server) catchUp(ctx context.Context, sub *subscriber, cursor string) (missed []queue.Event, position string, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.handle)
	defer cancel()
	select {
	case <-sub.ready:
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	for {
		events, next, err := s.Queue.Events(ctx, cursor, time.Millisecond)
		if err != nil {
			return nil, "", err
		}
		missed, cursor = append(missed, events...), next
		if len(events) == 0 {
			return missed, cursor, nil
		}
	}
}

// eventStream writes server-sent events (HTML standard, section 9.2).
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration // for one block to leave
	token   Token
	// standing reports whether the token still holds.
	standing func(context.Context, Token) bool
	closing  <-chan struct{} // the daemon stops
}

// run writes what was missed, then what comes, until ctx ends, the daemon stops, the
// reader is gone or fell behind. None of these is an error: the reader comes back and resumes.
func (e *eventStream) run(ctx context.Context, sub *subscriber, missed []queue.Event, position string) error {
	header := e.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // of nginx
	if err := e.send("retry: 2000\n"); err != nil {
		return nil
	}
	sent := make(map[string]bool, len(missed))
	for _, event := range missed {
		sent[event.Cursor] = true
		if err := e.deliver(deliver(event)); err != nil {
			return nil
		}
	}
	if err := e.send("id: " + position + "\n"); err != nil {
		return nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-e.closing:
			return nil
		case event, open := <-sub.events:
			switch {
			case !open:
				return nil
			case !sent[event.Cursor]:
				err = e.deliver(event)
			}
		case <-beat.C:
			if !e.standing(ctx, e.token) {
				return nil // signed out, or not the same any more: who comes back is told
			}
			err = e.send(": alive\n")
		}
		if err != nil {
			return nil
		}
	}
}

func (e *eventStream) deliver(d *delivery) error {
	if e.token.restricted() && d.Agent != e.token.Agent {
		return nil
	}
	return e.send(d.block)
}

// deliver writes an event down for all streams.
func deliver(event queue.Event) *delivery {
	data, err := json.Marshal(change{event.FollowUp, event.Version, event.Status, event.Kind, event.Agent})
	if err != nil {
		panic(err) // texts and a number
	}
	return &delivery{event, fmt.Sprintf("id: %s\nevent: change\ndata: %s\n", event.Cursor, data)}
}

// send writes one block and makes sure it leaves.
func (e *eventStream) send(block string) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(e.limit))
	if _, err := e.w.Write([]byte(block + "\n")); err != nil {
		return err
	}
	return e.control.Flush()
}
