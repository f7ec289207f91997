package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// ErrLost means that the switch has another owner: nothing more was done.
var ErrLost = errors.New("the switch is lost to another owner")

// ErrNoCall means that this dispatcher carries no call of that follow-up.
var ErrNoCall = errors.New("no call under way here")

// Dispatcher carries follow-ups over one switch. Make it with New.
type Dispatcher struct {
	Config
	Deps
	breaker *breaker
	trials  *trials
	wake    chan struct{} // one token: something may have become claimable
	moved   atomic.Bool   // an agent may have become free, or not free, since agents were listed
	calls   sync.WaitGroup
	// callCtx outlives Run's context by the drain limit. Set by Run before any call.
	callCtx context.Context

	// lookAt is when to reconcile, and gaps how many gaps in the events the last
	// time took in. behind is why the ledger's new server is not compared yet, and
	// askAt when to ask whether it is still the one that was. agents are as last listed.
	// Owned by serve.
	lookAt time.Time
	gaps   int
	behind error
	askAt  time.Time
	agents []queue.Agent

	mu   sync.Mutex
	live map[queue.ID]*liveCall // mu
}

// New makes a dispatcher; Run sets it to work.
func New(c Config, deps Deps) *Dispatcher {
	d := &Dispatcher{
		Config: c, Deps: deps,
		breaker: newBreaker(c.TrunkHold, c.TrunkHoldMax), trials: newTrials(c.Trial),
		wake: make(chan struct{}, 1),
		live: make(map[queue.ID]*liveCall),
	}
	d.moved.Store(true)
	return d
}

// Run settles what an earlier owner left, then serves until ctx ends or the
// switch is lost. It returns when no call is under way any more, or when the
// drain limit has passed; then the calls are left as they are.
func (d *Dispatcher) Run(ctx context.Context) error {
	var cut context.CancelFunc
	d.callCtx, cut = context.WithCancel(context.WithoutCancel(ctx))
	var following sync.WaitGroup
	defer following.Wait()
	defer d.calls.Wait() // those that were adopted before something failed, too
	defer cut()
	if err := d.settle(ctx); err != nil {
		return fmt.Errorf("adopting the calls of an earlier run: %w", err)
	}
	following.Go(func() { d.follow(d.callCtx) }) // while calls are drained, too
	following.Go(func() { d.tryRecordings(d.callCtx) })
	if err := d.serve(ctx); err != nil {
		return err
	}
	return d.drain()
}

// drain waits for live calls, at most for the drain limit.
func (d *Dispatcher) drain() error {
	done := make(chan struct{})
	go func() { d.calls.Wait(); close(done) }()
	limit := time.NewTimer(d.Drain)
	defer limit.Stop()
	select {
	case <-done:
		return nil
	case <-d.Owner.Lost():
		return ErrLost
	case <-limit.C:
		d.Log.Warn("the drain limit has passed; live calls are left to the next owner", "calls", d.Live())
		return nil
	}
}

// serve claims for free agents whenever something may have changed.
func (d *Dispatcher) serve(ctx context.Context) error {
	told := "" // the last hindrance; it is logged once, not at every look
	for {
		err := d.look(ctx)
		if err == nil {
			err = d.ask(ctx)
		}
		if err == nil {
			err = d.claimAll(ctx)
		}
		if errors.Is(err, queue.ErrUnsettled) {
			err = d.trust(ctx)
		}
		switch {
		case err == nil:
			told = ""
		case ctx.Err() != nil:
		case errors.Is(err, queue.ErrFenced):
			if d.lost(ctx) {
				return ErrLost
			}
		case err.Error() != told:
			told = err.Error()
			d.Log.Warn("no work is taken until this is over", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-d.Owner.Lost():
			return ErrLost
		case <-d.wake:
		case <-time.After(jitter(d.Poll)):
			d.moved.Store(true) // whatever no event told of
		}
	}
}

// lost asks whether the switch has another owner by now. A lease that ran out
// while the ledger was away claims nothing either, and is as good as before once
// it is renewed: the calls under way, and what was seen of them, are still ours.
func (d *Dispatcher) lost(ctx context.Context) bool {
	err := d.Owner.Confirm(ctx)
	if err == nil {
		d.nudge()
	}
	return errors.Is(err, queue.ErrFenced)
}

// claimAll gives each free agent of this switch the follow-up with the
// earliest deadline, who has been free the longest first.
func (d *Dispatcher) claimAll(ctx context.Context) error {
	if !d.Calendar.Open(d.Now()) {
		return nil
	}
	if err := d.MayBegin(); err != nil {
		return fmt.Errorf("no new call is begun: %w", err)
	}
	if err := d.trials.passed(); errors.Is(err, errUntried) {
		return nil // it wakes serve when it is over, some moments from now
	} else if err != nil {
		return err
	}
	lease, err := d.Owner.Lease()
	if err != nil {
		return err
	}
	if err := d.listAgents(ctx); err != nil {
		return err
	}
	for _, agent := range d.agents {
		if !agent.Free() || agent.Switch != lease.Switch {
			continue
		}
		if d.Live() >= d.MaxCalls || !d.breaker.allow(d.Now()) {
			return nil
		}
		if err := d.Switch.Check(ctx); err != nil {
			return fmt.Errorf("the switch takes no new call: %w", err)
		}
		if err := d.claim(ctx, agent, lease); err != nil {
			return err
		}
	}
	return nil
}

// listAgents brings the list of agents up to date: a follow-up that comes in while
// agents wait is claimed without it. One who is not free after all is given nothing.
func (d *Dispatcher) listAgents(ctx context.Context) error {
	if !d.moved.Swap(false) {
		return nil
	}
	agents, err := d.Queue.Agents(ctx)
	if err != nil {
		d.moved.Store(true)
		return err
	}
	d.agents = agents
	return nil
}

func (d *Dispatcher) claim(ctx context.Context, agent queue.Agent, lease queue.Lease) error {
	s, err := d.Queue.Claim(ctx, queue.Claim{Agent: agent.ID, Lease: lease, Now: d.Now()})
	if errors.Is(err, queue.ErrNothingToClaim) {
		return nil
	}
	d.moved.Store(true)
	if err != nil {
		d.lookAt = time.Time{} // it may have been carried out, in part or whole
		return err
	}
	d.breaker.started(d.Now())
	d.Metrics.claimed(d.Now().Sub(s.FollowUp.EnteredAt))
	d.start(s, agent.Endpoint, func(ctx context.Context, c *liveCall) (telephony.Result, error) {
		return d.Switch.Call(ctx, c.request, c.observe)
	})
	return nil
}

// follow wakes the dispatcher and the calls when the ledger changes.
func (d *Dispatcher) follow(ctx context.Context) {
	cursor := ""
	for ctx.Err() == nil {
		events, next, err := d.Queue.Events(ctx, cursor, 5*time.Second)
		if err != nil {
			select { // the poll goes on in the meantime
			case <-ctx.Done():
			case <-time.After(jitter(time.Second)):
			}
			continue
		}
		cursor = next
		d.alarmed(events)
		for _, e := range events {
			if e.Kind == queue.KindOutcomeConfirmed {
				_ = d.Command(ctx, e.FollowUp, telephony.Confirmed) // none under way here: nobody to tell
			}
		}
		d.heard(events)
	}
}

// heard wakes serve if there may be something to do since events.
func (d *Dispatcher) heard(events []queue.Event) {
	came := func(e queue.Event) bool { return e.Kind == queue.KindReceived } // frees no agent
	switch {
	case slices.ContainsFunc(events, func(e queue.Event) bool { return mayFree(e) && !came(e) }):
		d.nudge()
	case slices.ContainsFunc(events, mayFree):
		d.awake()
	}
}

// mayFree reports whether there may be a follow-up to claim, or an agent to
// claim it, since an event. What happens in the course of a call, and to its
// evidence, is most of all events and changes neither.
func mayFree(e queue.Event) bool {
	switch e.Kind {
	case queue.KindRecordingArchived, queue.KindRecordingAlarm, queue.KindRecordingRemoved, queue.KindHistoryShipped, queue.KindSealed:
		return false
	}
	return !e.Status.Reserved()
}

// nudge makes serve look for work, and for agents, soon.
func (d *Dispatcher) nudge() {
	d.moved.Store(true)
	d.awake()
}

// awake makes serve look for work soon, for the agents that it knows.
func (d *Dispatcher) awake() {
	select {
	case d.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Live counts the calls under way.
func (d *Dispatcher) Live() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.live)
}

// Command passes something asked of a call on to it, or returns ErrNoCall.
func (d *Dispatcher) Command(ctx context.Context, id queue.ID, c telephony.Command) error {
	d.mu.Lock()
	call := d.live[id]
	d.mu.Unlock()
	if call == nil {
		return fmt.Errorf("follow-up %s: %w", id, ErrNoCall)
	}
	select {
	case call.commands <- c:
		return nil
	case <-call.done:
		return fmt.Errorf("follow-up %s: %w", id, ErrNoCall)
	case <-ctx.Done():
		return ctx.Err()
	}
}
