package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"sambung/daemon/journal"
	"sambung/queue"
)

// tellSoon is how long an observation may be on its way to the ledger before it
// is written into the journal instead.
const tellSoon = time.Second

// comebackLimit is how long what is seen of a call waits for its follow-up, where a
// failover lost that. A daemon that took it in, and lives, writes it again when it first
// reaches the new server: after a poll, or a third of its lease.
const comebackLimit = 15 * time.Second

// errNotTold means that what was seen earlier is in the journal alone.
var errNotTold = errors.New("what was seen of the call earlier is not in the ledger yet")

// backlog is what was seen of one call and is in the journal, not in the ledger
// yet. One goroutine at a time tells it, in order.
type backlog struct {
	mu      sync.Mutex
	waiting []journal.Kept // mu
	busy    bool           // mu; a goroutine tells; it has told the last, perhaps, and not looked for another
	done    chan struct{}  // mu; closed when the goroutine has ended; nil before the first
	left    bool           // mu; it gave up: what waits is the next owner's to tell
}

// add makes a record wait. start says that a goroutine must tell it.
func (b *backlog) add(k journal.Kept) (start bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	start = !b.busy && !b.left
	if start {
		b.busy, b.done = true, make(chan struct{})
	}
	b.waiting = append(b.waiting, k)
	return start
}

// first is what is to be told now; ok is false when nothing is, and then the
// goroutine has ended.
func (b *backlog) first() (k journal.Kept, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) == 0 {
		b.busy = false
		close(b.done)
		return journal.Kept{}, false
	}
	return b.waiting[0], true
}

// told takes the first off.
func (b *backlog) told() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = b.waiting[1:]
}

// giveUp ends the goroutine with something left.
func (b *backlog) giveUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.busy, b.left = false, true
	close(b.done)
}

// empty reports whether nothing waits.
func (b *backlog) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting) == 0
}

// wait returns nil once nothing waits any more, else errNotTold.
func (b *backlog) wait(ctx context.Context) error {
	b.mu.Lock()
	done := b.done
	b.mu.Unlock()
	if done == nil {
		return nil
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
	if !b.empty() {
		return errNotTold
	}
	return nil
}

// tell makes an observation durable: in the ledger, or in the journal while the
// ledger does not take it, or has not taken an earlier one.
func (c *liveCall) tell(seen queue.Entry) error {
	if c.backlog.empty() {
		ctx, cancel := context.WithTimeout(c.d.callCtx, tellSoon)
		defer cancel()
		_, err := c.write(ctx, queue.Change{Decide: fixed(seen)}, c.d.append)
		if err == nil || final(err) && !errors.Is(err, queue.ErrNotFound) {
			return err
		}
		c.d.Log.Warn("the ledger does not take what is seen of a call; the journal does", "follow_up", c.id, "attempt", c.attempt, "error", err)
	}
	return c.keep([]queue.Entry{seen})
}

// keep makes observations durable in the journal, and has them told from there,
// unless the history has them.
func (c *liveCall) keep(all []queue.Entry) (failed error) {
	for _, seen := range all {
		record := journal.Record{FollowUp: c.id, Switch: c.sw, Entry: seen}
		kept, err := c.d.Journal.Keep(record)
		if err != nil {
			kept, failed = journal.Kept{Record: record}, err // told all the same, as long as this process lives
		}
		if c.backlog.add(kept) {
			c.telling.Go(c.catchUp)
		}
	}
	return failed
}

// catchUp tells what waits, until nothing does, the calls are cut or the switch is lost.
func (c *liveCall) catchUp() {
	for kept, ok := c.backlog.first(); ok; kept, ok = c.backlog.first() {
		err := c.d.tellKept(c.d.callCtx, kept, comebackLimit, func(ctx context.Context, change queue.Change) error {
			_, err := c.write(ctx, change, c.d.append)
			return err
		})
		if err != nil {
			c.d.Log.Warn("what was seen of a call stays in the journal", "follow_up", c.id, "attempt", c.attempt, "error", err)
			c.backlog.giveUp()
			return
		}
		c.backlog.told()
	}
}

// caughtUp waits until all that was seen is in the ledger.
func (c *liveCall) caughtUp(ctx context.Context) error { return c.backlog.wait(ctx) }
