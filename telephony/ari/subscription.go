package ari

import "sync"

// Subscription receives the events of one key, in order. Make it before the
// request that causes them: events can come before its response.
type Subscription struct {
	stream *Stream
	key    string
	ready  chan struct{} // one token: there is something to take

	mu      sync.Mutex
	waiting []Event // mu
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
func (s *Subscription) Close() { s.stream.unsubscribe(s) }

func (s *Subscription) deliver(e Event) {
	s.mu.Lock()
	s.waiting = append(s.waiting, e)
	s.mu.Unlock()
	select {
	case s.ready <- struct{}{}:
	default: // the owner has been told
	}
}

// registry finds the subscriptions of a key.
type registry struct {
	mu  sync.Mutex
	all map[string]map[*Subscription]bool // mu
}

func (r *registry) add(s *Subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all[s.key] == nil {
		r.all[s.key] = make(map[*Subscription]bool)
	}
	r.all[s.key][s] = true
}

func (r *registry) remove(s *Subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all[s.key], s)
	if len(r.all[s.key]) == 0 {
		delete(r.all, s.key)
	}
}

func (r *registry) deliver(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range r.all[e.Key] {
		s.deliver(e)
	}
}

func (r *registry) deliverAll(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, subscriptions := range r.all {
		for s := range subscriptions {
			s.deliver(e)
		}
	}
}
