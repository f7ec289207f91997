package asterisk

import (
	"context"
	"sync"

	"sambung/telephony"
)

// notes writes observations down in order, beside the call, so that a slow
// ledger holds up no sound. Intents go past it, once it is empty.
type notes struct {
	observe telephony.Observer

	mu      sync.Mutex
	waiting []telephony.Event // mu
	writing bool              // mu; an observation is being written
	more    chan struct{}     // one token: something waits
	empty   chan struct{}     // mu; closed while nothing waits or is written
}

func newNotes(observe telephony.Observer) *notes {
	n := &notes{observe: observe, more: make(chan struct{}, 1), empty: make(chan struct{})}
	close(n.empty)
	return n
}

// note takes an observation; it never blocks.
func (n *notes) note(e telephony.Event) {
	n.mu.Lock()
	if len(n.waiting) == 0 && !n.writing {
		n.empty = make(chan struct{})
	}
	n.waiting = append(n.waiting, e)
	n.mu.Unlock()
	select {
	case n.more <- struct{}{}:
	default: // the writer has been told
	}
}

// flush waits until everything noted is written.
func (n *notes) flush(ctx context.Context) error {
	n.mu.Lock()
	empty := n.empty
	n.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writer is the goroutine that writes.
type writer struct {
	quit chan struct{}
	done sync.WaitGroup
}

func (n *notes) start() *writer {
	w := &writer{quit: make(chan struct{})}
	w.done.Go(func() {
		for {
			select {
			case <-n.more:
				n.write()
			case <-w.quit:
				return
			}
		}
	})
	return w
}

// stop ends the writer; what was not flushed is not written.
func (w *writer) stop() {
	close(w.quit)
	w.done.Wait()
}

func (n *notes) write() {
	for {
		n.mu.Lock()
		if len(n.waiting) == 0 {
			if n.writing {
				n.writing = false
				close(n.empty)
			}
			n.mu.Unlock()
			return
		}
		e := n.waiting[0]
		n.waiting, n.writing = n.waiting[1:], true
		n.mu.Unlock()
		_ = n.observe(e) // an observation that cannot be written cuts no call; the observer tells of it
	}
}
