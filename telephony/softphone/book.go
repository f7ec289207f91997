package softphone

import (
	"context"
	"sync"
)

// book keeps all calls and events of a phone, and wakes those who wait for a
// change.
type book struct {
	mu      sync.Mutex // guards everything below, and the record of every call
	calls   []*Call
	events  []Event
	closed  bool
	changed chan struct{} // closed, and replaced, at every change
}

func newBook() *book { return &book{changed: make(chan struct{})} }

// note changes something and says what happened. change may be nil.
func (b *book) note(e Event, change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if change != nil {
		change()
	}
	b.events = append(b.events, e)
	b.wake()
}

// enter adds a call.
func (b *book) enter(c *Call) {
	b.note(Event{At: c.invite.At, Kind: Invited, CallID: c.invite.CallID}, func() { b.calls = append(b.calls, c) })
}

// change changes something that is no event.
func (b *book) change(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
	b.wake()
}

// wake is called with the mutex held.
func (b *book) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// close says that nothing will change any more.
func (b *book) close() { b.change(func() { b.closed = true }) }

// wait waits until find returns a call. find is called with the mutex held.
func (b *book) wait(ctx context.Context, find func([]*Call) *Call) (*Call, error) {
	for {
		b.mu.Lock()
		found, closed, changed := find(b.calls), b.closed, b.changed
		b.mu.Unlock()
		if found != nil {
			return found, nil
		}
		if closed {
			return nil, ErrClosed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// follow sends every event, old and new, and closes the channel at the end.
func (b *book) follow(ctx context.Context, to chan<- Event) {
	defer close(to)
	for next := 0; ; {
		b.mu.Lock()
		fresh, closed, changed := b.events[next:], b.closed, b.changed
		b.mu.Unlock()
		for _, e := range fresh {
			select {
			case to <- e:
				next++
			case <-ctx.Done():
				return
			}
		}
		if closed && len(fresh) == 0 {
			return
		}
		if len(fresh) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
