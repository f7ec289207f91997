package ari

import "sync"

// mailbox bounds the events that wait for their owner. A call has some hundred
// in all, so a full one means that its owner is stuck.
const mailbox = 1024

// Subscription receives the events of one key, in order. Make it before the
// request that causes them: events can come before its response.
type Subscription struct {
	stream *Stream
	key    string
	ready  chan struct{} // one token: there is something to take

	mu      sync.Mutex
	waiting []Event // mu
}

// Subscribe delivers the events of that key from now on. Any number of
// subscriptions may have the same key. Close it.
func (s *Stream) Subscribe(key string) *Subscription {
	sub := &Subscription{stream: s, key: key, ready: make(chan struct{}, 1)}
	s.subs.add(sub)
	return sub
}

// Ready has a token when there is something to take.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Take returns what has come since the last call.
func (s *Subscription) Take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.waiting
	s.waiting = nil
	return taken
}

// Close ends the subscription.
func (s *Subscription) Close() { s.stream.subs.remove(s) }

// deliver never blocks. It puts a Gap in the place of what an owner leaves.
func (s *Subscription) deliver(e Event) {
	s.mu.Lock()
	if len(s.waiting) >= mailbox {
		gap := Event{Type: Gap, Overflow: true, At: s.waiting[0].At}
		if at := s.stream.overflowed(s.key); gap.At.IsZero() {
			gap.At = at
		}
		s.waiting = append(s.waiting[:0], gap)
	}
	s.waiting = append(s.waiting, e)
	s.mu.Unlock()
	select {
	case s.ready <- struct{}{}:
	default: // the owner has been told
	}
}
