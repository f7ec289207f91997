package asterisk

import (
	"sync"

	"sambung/telephony"
)

// notes writes observations down in order, beside the call, so that a slow
// ledger holds up no sound. Intents go past it once it is idle.
type notes struct {
	observe telephony.Observer
	writer  sync.WaitGroup

	mu      sync.Mutex
	waiting []telephony.Event // mu
	more    chan struct{}     // one token: something waits
	idle    chan struct{}     // mu; closed while nothing waits or is being written
}

// newNotes starts the writer; close must follow.
func newNotes(observe telephony.Observer) *notes {
	n := &notes{observe: observe, more: make(chan struct{}, 1), idle: make(chan struct{})}
	close(n.idle)
	n.writer.Go(n.write)
	return n
}

// note takes an observation; it never blocks.
func (n *notes) note(e telephony.Event) {
	n.mu.Lock()
	if len(n.waiting) == 0 && closed(n.idle) {
		n.idle = make(chan struct{})
	}
	n.waiting = append(n.waiting, e)
	n.mu.Unlock()
	select {
	case n.more <- struct{}{}:
	default: // the writer has been told
	}
}

// written is closed once everything noted so far is written.
func (n *notes) written() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.idle
}

// close waits until everything is written, and ends the writer. No note may follow.
func (n *notes) close() {
	close(n.more)
	n.writer.Wait()
}

func (n *notes) write() {
	for range n.more {
		for e, ok := n.next(); ok; e, ok = n.next() {
			_ = n.observe(e) // what cannot be written cuts no call; the observer tells of it
		}
	}
}

func (n *notes) next() (telephony.Event, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.waiting) == 0 {
		if !closed(n.idle) {
			close(n.idle)
		}
		return telephony.Event{}, false
	}
	e := n.waiting[0]
	n.waiting = n.waiting[1:]
	return e, true
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
