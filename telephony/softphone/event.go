package softphone

import (
	"context"
	"time"
)

// EventKind says what happened.
type EventKind string

const (
	Invited          EventKind = "invited"
	Ringing          EventKind = "ringing"      // 180 sent or received
	EarlyMedia       EventKind = "early_media"  // 183 with SDP sent or received
	Answered         EventKind = "answered"     // 200 sent or received
	Acknowledged     EventKind = "acknowledged" // the 200's ACK came or left
	DigitHeard       EventKind = "digit_heard"
	Reinvited        EventKind = "reinvited" // the other side changed the session: hold, resume, refresh
	Ended            EventKind = "ended"
	Registered       EventKind = "registered" // also when refreshed
	RegistrationLost EventKind = "registration_lost"
	Unregistered     EventKind = "unregistered"
	Qualified        EventKind = "qualified" // an OPTIONS was answered: somebody looks whether we are there
)

// Event is one thing that happened at a phone.
type Event struct {
	At     time.Time
	Kind   EventKind
	CallID string // "" if the event belongs to no call
	Digit  byte   // of DigitHeard
	Status int    // of Ended and RegistrationLost: the SIP status, 0 if there was none
}

// Events gives every event from the phone's beginning on, in order and without
// loss, however late the reader is. The channel is closed when ctx ends, or
// after the last event when the phone is closed.
func (p *Phone) Events(ctx context.Context) <-chan Event {
	events := make(chan Event)
	go p.book.follow(ctx, events)
	return events
}

// WaitCall waits until the record of any call, the oldest first, satisfies the
// predicate. What changes a record wakes it: everything but the packet
// counters. It returns ctx's error, or [ErrClosed] when the phone was closed
// and no call will ever do.
func (p *Phone) WaitCall(ctx context.Context, satisfies func(CallRecord) bool) (*Call, error) {
	return p.book.wait(ctx, func(calls []*Call) *Call {
		for _, c := range calls {
			if satisfies(c.snapshot()) {
				return c
			}
		}
		return nil
	})
}

// Calls are the records of all calls there ever were, the oldest first.
func (p *Phone) Calls() []CallRecord {
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	records := make([]CallRecord, len(p.book.calls))
	for i, c := range p.book.calls {
		records[i] = c.snapshot()
	}
	return records
}
