package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sambung/daemon/reconcile"
	"sambung/queue"
	"sambung/telephony"
)

// reconcile settles every difference between what the ledger holds at this
// switch and what the switch has, by the table of package reconcile: calls that
// an earlier owner left, a claim of which only the reply was lost, a settlement
// that the ledger did not take, what a late order left at the switch.
func (d *Dispatcher) reconcile(ctx context.Context) error {
	lease, err := d.Owner.Lease()
	if err != nil {
		return err
	}
	if err := d.tellLeft(ctx, lease.Switch); err != nil {
		return err
	}
	alive, err := d.Switch.Calls(ctx)
	if err != nil {
		return err
	}
	held, err := d.Queue.Held(ctx, lease.Switch)
	if err != nil {
		return err
	}
	for _, id := range held {
		if d.carries(id) {
			continue
		}
		if err := d.settleHeld(ctx, lease, id, alive); err != nil {
			return fmt.Errorf("follow-up %s: %w", id, err)
		}
	}
	for _, callID := range alive {
		if err := d.settleAlive(ctx, lease, callID); err != nil {
			return fmt.Errorf("call %s: %w", callID, err)
		}
	}
	return nil
}

// lookEvery is how often differences are looked for when nothing says that
// there may be one.
const lookEvery = time.Minute

// look reconciles when it is time to, or when events of the switch were lost.
func (d *Dispatcher) look(ctx context.Context) error {
	gaps := d.Switch.Gaps()
	if gaps == d.gaps && d.Now().Before(d.lookAt) {
		return nil
	}
	if err := d.reconcile(ctx); err != nil {
		return err
	}
	d.gaps, d.lookAt = gaps, d.Now().Add(lookEvery)
	return nil
}

// carries reports whether a call of a follow-up is under way here.
func (d *Dispatcher) carries(id queue.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.live[id] != nil
}

// settleHeld settles one follow-up that is held here and carried by nobody.
func (d *Dispatcher) settleHeld(ctx context.Context, lease queue.Lease, id queue.ID, alive []string) error {
	s, err := d.Queue.State(ctx, id)
	if err != nil {
		return err
	}
	standing, found := reconcile.Claimed, reconcile.NoCall
	if s.Status.Reserved() {
		standing = reconcile.OfCall(s, s.Attempt, lease.Switch)
		if slices.Contains(alive, CallID(id, s.Attempt)) {
			found = reconcile.Call
		}
	}
	decision := reconcile.Decide(found, standing)
	switch decision {
	case reconcile.Release:
		if err = d.Queue.Release(ctx, lease, id); errors.Is(err, queue.ErrRefused) {
			err = nil // it was assigned, or released, meanwhile
		}
	case reconcile.Adopt, reconcile.File:
		err = d.adopt(ctx, lease, s, found == reconcile.Call)
	default:
		return nil
	}
	if err == nil {
		d.Reconciled.Settled(found, decision)
	}
	return err
}

// settleAlive settles a call that was alive at the switch and is carried by
// nobody here. One that cannot be taken down holds up nothing else: nobody means to
// dial it, and it is looked at again in a while.
func (d *Dispatcher) settleAlive(ctx context.Context, lease queue.Lease, callID string) error {
	a, ok := reconcile.ParseAttempt(callID)
	if ok && d.carriesAttempt(a) {
		return nil
	}
	standing := reconcile.Unknown
	if s, err := d.Queue.State(ctx, a.FollowUp); err == nil {
		standing = reconcile.OfCall(s, a.Number, lease.Switch)
	} else if !errors.Is(err, queue.ErrNotFound) {
		return err
	}
	if reconcile.Decide(reconcile.Call, standing) != reconcile.End {
		return nil // adopted just now, and over already
	}
	d.Log.Warn("taking down a call that nobody has in hand", "call", callID, "attempt", standing)
	if err := d.Switch.Discard(ctx, callID); err != nil {
		d.Log.Error("a call that nobody has in hand does not end; see \"core show channels\" at the switch", "call", callID, "error", err)
		return ctx.Err()
	}
	d.Reconciled.Settled(reconcile.Call, reconcile.End)
	return nil
}

// carriesAttempt reports whether this very attempt is under way here.
func (d *Dispatcher) carriesAttempt(a reconcile.Attempt) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.live[a.FollowUp]
	return c != nil && c.attempt == a.Number
}

// adopt carries a call on, or finds out what became of it and files that.
func (d *Dispatcher) adopt(ctx context.Context, lease queue.Lease, s queue.State, alive bool) error {
	agent, err := d.Queue.Agent(ctx, s.Assignment.Agent)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		return err
	}
	s, err = d.append(ctx, queue.Change{ID: s.FollowUp.ID, Decide: func(s queue.State) ([]queue.Entry, error) {
		return d.takeover(s, lease, alive), nil
	}})
	if err != nil {
		return err
	}
	d.Log.Info("taking over a call", "call", CallID(s.FollowUp.ID, s.Attempt), "status", s.Status, "alive", alive)
	before := progress(s)
	d.start(s, agent.Endpoint, func(ctx context.Context, c *liveCall) (telephony.Result, error) {
		return d.Switch.Resume(ctx, c.request, before, c.observe)
	})
	return nil
}

// takeover says in the ledger that a call changes hands: its fate is being
// found out; if the switch still holds it, it goes on.
func (d *Dispatcher) takeover(s queue.State, lease queue.Lease, alive bool) []queue.Entry {
	details := queue.Details{Attempt: s.Attempt, Switch: lease.Switch, Fence: lease.Fence, Reason: "the owner of the switch changed"}
	note := func(k queue.Kind) queue.Entry {
		return queue.Entry{At: d.Now(), Actor: queue.ActorSystem, Kind: k, Details: details}
	}
	var entries []queue.Entry
	if in := s.Call.Monitor; in != nil { // the switch takes the telephone out
		ended := note(queue.KindMonitorEnded)
		ended.Details.Mode = in.Mode
		entries = append(entries, ended)
	}
	if s.Status != queue.StatusWrapUp && s.Status != queue.StatusReconciling {
		entries = append(entries, note(queue.KindReconciling))
	}
	if s.Status == queue.StatusWrapUp || (alive && !s.Call.AgentRingingAt.IsZero()) {
		entries = append(entries, note(queue.KindResumed))
	}
	return entries
}
