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
	held    []telephony.Event // that wait for what comes next; of the call's goroutine

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

// hold takes an observation that an intent follows at once: both are written
// together. If none does it is written before whatever comes next.
func (n *notes) hold(e telephony.Event) { n.held = append(n.held, e) }

// intend writes an intent, and what was held for it. Everything noted must be written.
func (n *notes) intend(e telephony.Event) error {
	events := append(n.held, e)
	n.held = nil
	return n.observe(events...)
}

// note takes an observation; it never blocks.
func (n *notes) note(e telephony.Event) {
	n.held = append(n.held, e)
	n.flush()
}

// flush hands what is held to the writer.
func (n *notes) flush() {
	if len(n.held) == 0 {
		return
	}
	n.mu.Lock()
	if len(n.waiting) == 0 && closed(n.idle) {
		n.idle = make(chan struct{})
	}
	n.waiting = append(n.waiting, n.held...)
	n.mu.Unlock()
	n.held = nil
	select {
	case n.more <- struct{}{}:
	default: // the writer has been told
	}
}

// written is closed once everything noted so far, and not held, is written.
func (n *notes) written() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.idle
}

// close waits until everything is written, and ends the writer. No note may follow.
func (n *notes) close() {
	n.flush()
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
