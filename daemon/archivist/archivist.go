// Package archivist brings the evidence of every attempt into the archive:
// it fetches the two tracks from the switch, composes them, stores and verifies
// the recording, and only then removes them at the switch; it ships the history
// after each attempt and seals the dossier when the follow-up has ended.
//
// What is due is an index in the ledger, so a daemon that dies leaves its work
// to the next. Every step can be repeated: the same tracks give the same bytes
// under the same key.
package archivist

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/spool"
	"sambung/telephony"
)

// Config is what an Archivist is told.
type Config struct {
	// Zone is the office's: object keys carry its days.
	Zone *time.Location
	// Poll is how often due work is looked for when no event wakes it.
	Poll time.Duration
	// Parallel is how many follow-ups are worked on at once.
	Parallel int
	// Patience is how long a recording that cannot be had at the switch is
	// asked for again before the alarm.
	Patience time.Duration
}

// Owner tells under which lease the switch is held now.
type Owner interface {
	Lease() (queue.Lease, error)
}

// Deps is what an Archivist works with.
type Deps struct {
	Queue      queue.Queue
	Archive    storage.Archive
	Recordings telephony.Recordings
	Spool      *spool.Spool
	Owner      Owner
	Now        func() time.Time
	Log        *slog.Logger
	Metrics    *Metrics
	Alarms     *prometheus.CounterVec // about deadlines, by kind and cause; may be nil
}

// Archivist works for one switch. Make it with New.
type Archivist struct {
	Config
	Deps
	wake chan struct{}

	serves string // the switch; of Run's goroutine

	mu    sync.Mutex
	busy  map[queue.ID]bool  // mu; being worked on
	later map[queue.ID]delay // mu; failed, and not tried again before
}

// delay keeps what failed from being tried without pause.
type delay struct {
	wait  time.Duration // doubles with each failure in a row
	until time.Time
}

// longestDelay is between two tries of the same follow-up.
const longestDelay = time.Minute

// New makes an archivist; Run sets it to work.
func New(c Config, d Deps) *Archivist {
	return &Archivist{Config: c, Deps: d, wake: make(chan struct{}, 1), busy: make(map[queue.ID]bool), later: make(map[queue.ID]delay)}
}

// Run works until ctx ends; it returns when the follow-ups in hand are put down.
func (a *Archivist) Run(ctx context.Context) {
	work := make(chan queue.ID)
	var workers sync.WaitGroup
	for range max(1, a.Parallel) {
		workers.Go(func() {
			for id := range work {
				a.attend(ctx, id)
			}
		})
	}
	workers.Go(func() { a.follow(ctx) })
	for ctx.Err() == nil {
		a.handOut(ctx, work)
		select {
		case <-ctx.Done():
		case <-a.wake:
		case <-time.After(a.Poll):
		}
	}
	close(work)
	workers.Wait()
	a.Metrics.depth(a.serves, nil)
}

// Finish waits until nothing is due any more, or ctx ends; Run must be running.
// It is for the end of a drain: the last calls are over, their evidence is not.
func (a *Archivist) Finish(ctx context.Context) error {
	for {
		lease, err := a.Owner.Lease()
		if err != nil {
			return err
		}
		due, err := a.Queue.PendingEvidence(ctx, lease.Switch, 1)
		if err == nil && len(due) == 0 {
			return nil
		}
		a.nudge()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// handOut gives everything that is due, and not in hand yet, to the workers.
func (a *Archivist) handOut(ctx context.Context, work chan<- queue.ID) {
	lease, err := a.Owner.Lease()
	if err != nil {
		return
	}
	due, err := a.Queue.PendingEvidence(ctx, lease.Switch, 1000)
	if err != nil {
		if ctx.Err() == nil {
			a.Log.Warn("the evidence that is due cannot be listed; trying again", "error", err)
		}
		return
	}
	a.serves = lease.Switch
	a.Metrics.depth(a.serves, due)
	for _, id := range due {
		if !a.take(id) {
			continue
		}
		select {
		case work <- id:
		case <-ctx.Done():
			a.put(id, false)
			return
		}
	}
}

func (a *Archivist) take(id queue.ID) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy[id] || time.Now().Before(a.later[id].until) {
		return false
	}
	a.busy[id] = true
	return true
}

// put puts a follow-up down; what failed waits a while.
func (a *Archivist) put(id queue.ID, failed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.busy, id)
	if !failed {
		delete(a.later, id)
		return
	}
	wait := min(max(a.Poll, 2*a.later[id].wait), longestDelay)
	a.later[id] = delay{wait: wait, until: time.Now().Add(wait)}
}

// attend does all that is due for one follow-up.
func (a *Archivist) attend(ctx context.Context, id queue.ID) {
	err := a.settle(ctx, id)
	defer func() { a.put(id, err != nil) }()
	switch {
	case err == nil, ctx.Err() != nil, errors.Is(err, queue.ErrFenced):
	case errors.Is(err, errNotYet):
		a.Log.Debug("evidence is not complete yet", "follow_up", id, "error", err)
	default:
		a.Metrics.failed()
		a.Log.Warn("evidence is not in the archive yet; trying again", "follow_up", id, "error", err)
	}
}

// settle does the due steps in their order: recordings, history, seal. What is at
// another switch, and what comes after it, is left to the owner of that one: here
// it would be missed. That it was listed as due says little: a list is as old as its
// last follow-up waited for a worker, and this one may be sealed since.
func (a *Archivist) settle(ctx context.Context, id queue.ID) error {
	lease, err := a.Owner.Lease()
	if err != nil {
		return err
	}
	s, err := a.Queue.State(ctx, id)
	if err != nil {
		return err
	}
	if s, err = a.recordings(ctx, s, lease.Switch); err != nil {
		return err
	}
	if at, due := s.EvidenceDue(); !due || at != "" && at != lease.Switch {
		return nil
	}
	if s, err = a.reportMiss(ctx, s); err != nil {
		return err
	}
	if s, err = a.ship(ctx, s); err != nil {
		return err
	}
	return a.seal(ctx, s)
}

// follow wakes the archivist when the ledger changes.
func (a *Archivist) follow(ctx context.Context) {
	cursor := ""
	for ctx.Err() == nil {
		events, next, err := a.Queue.Events(ctx, cursor, 5*time.Second)
		if err != nil {
			select { // the poll goes on in the meantime
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			continue
		}
		cursor = next
		for _, e := range events {
			if e.Kind == queue.KindCallEnded || e.Kind == queue.KindAttemptSettled || e.Kind == queue.KindCancelled || e.Kind == queue.KindManualConversation {
				a.nudge()
				break
			}
		}
	}
}

func (a *Archivist) nudge() {
	select {
	case a.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// append writes entries about the evidence of a follow-up, as it was last seen,
// under the lease of the switch.
func (a *Archivist) append(ctx context.Context, s queue.State, decide func(queue.State) ([]queue.Entry, error)) (queue.State, error) {
	lease, err := a.Owner.Lease()
	if err != nil {
		return queue.State{}, err
	}
	return a.Queue.Append(ctx, queue.Change{ID: s.FollowUp.ID, Known: &s, Lease: &lease, Decide: decide})
}

// note is an entry by the daemon itself, now.
func (a *Archivist) note(k queue.Kind, d queue.Details) queue.Entry {
	return queue.Entry{At: a.Now(), Actor: queue.ActorSystem, Kind: k, Details: d}
}
