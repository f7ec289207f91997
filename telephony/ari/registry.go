package ari

import "sync"

// registry finds the subscriptions of a key.
type registry struct {
	mu    sync.Mutex
	all   map[string]map[*Subscription]bool // mu
	n     int                               // mu; subscriptions
	ended bool                              // mu; Replaced was delivered
}

func (r *registry) add(s *Subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all[s.key] == nil {
		r.all[s.key] = make(map[*Subscription]bool)
	}
	r.all[s.key][s] = true
	r.n++
	if r.ended {
		s.deliver(Event{Type: Replaced})
	}
}

// remove may be called twice.
func (r *registry) remove(s *Subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.all[s.key][s] {
		return
	}
	r.n--
	delete(r.all[s.key], s)
	if len(r.all[s.key]) == 0 {
		delete(r.all, s.key)
	}
}

func (r *registry) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
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
	r.toEach(e)
}

// end delivers Replaced, once, to those there are and those to come.
func (r *registry) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	r.toEach(Event{Type: Replaced})
}

// toEach delivers to everyone. The caller holds mu.
func (r *registry) toEach(e Event) {
	for _, subscriptions := range r.all {
		for s := range subscriptions {
			s.deliver(e)
		}
	}
}
