package ari

import (
	"context"
	"fmt"
	"time"
)

// State is how a stream stands, for health checks and metrics.
type State struct {
	// Up says that events are coming in over a trusted socket; Since is when
	// that last changed, or when Run began.
	Up    bool
	Since time.Time
	// Err is ErrReplaced once the stream has ended for good, nil before.
	Err error
	// Interrupted is why the last socket ended, nil if none did.
	Interrupted error
	Connections int    // sockets that were trusted
	Gaps        int    // of these, how many came after a gap
	Overflows   int    // mailboxes that their owners left to fill up
	Events      uint64 // that came in
	// Subscriptions are open at this moment.
	Subscriptions int
}

// State returns how the stream stands.
func (s *Stream) State() State {
	n := s.subs.count()
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state
	state.Subscriptions = n
	return state
}

// Changed returns a channel that is closed at the next change of State.Up or
// State.Err. Get it before looking at the state.
func (s *Stream) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Up reports whether events are coming in over a trusted socket.
func (s *Stream) Up() bool { return s.State().Up }

// Gaps counts how often events may have been lost while the socket was away.
func (s *Stream) Gaps() int { return s.State().Gaps }

// Err returns ErrReplaced once the stream has ended for good, nil before.
func (s *Stream) Err() error { return s.State().Err }

// WaitUp waits until the socket is trusted. It returns ErrReplaced if the stream
// has ended for good.
func (s *Stream) WaitUp(ctx context.Context) error {
	for {
		changed := s.Changed()
		switch state := s.State(); {
		case state.Err != nil:
			return state.Err
		case state.Up:
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the event stream of application %s: %w", s.client.config.Application, ctx.Err())
		}
	}
}

// begin notes when the stream began: nothing was missed before.
func (s *Stream) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missing = s.client.config.Now()
	s.state.Since = s.missing
}

// up notes a trusted socket. It returns since when events may be missing.
func (s *Stream) up(gap bool) (since time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.client.config.Now()
	s.heard = now
	s.state.Up, s.state.Since = true, now
	s.state.Connections++
	if gap {
		s.state.Gaps++
	}
	s.announce()
	return s.missing
}

// down notes why a socket ended, or did not come about.
func (s *Stream) down(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Interrupted = err
	if !s.state.Up {
		return
	}
	s.missing = s.heard
	s.state.Up, s.state.Since = false, s.client.config.Now()
	s.announce()
}

// hear notes that the socket lives, and brought that many events.
func (s *Stream) hear(events uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = s.client.config.Now()
	s.state.Events += events
}

// overflowed notes that a mailbox was full, and returns the time.
func (s *Stream) overflowed(key string) time.Time {
	s.log.Warn("events were not taken in time; their owner is told of a gap", "key", key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Overflows++
	return s.client.config.Now()
}

// announce wakes who waits for a change. The caller holds mu.
func (s *Stream) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}
