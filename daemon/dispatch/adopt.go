package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// adopt settles or carries on every call that an earlier owner of the switch
// left, and removes what the switch holds of calls nobody has in hand.
func (d *Dispatcher) adopt(ctx context.Context) error {
	lease, err := d.Owner.Lease()
	if err != nil {
		return err
	}
	held, err := d.Queue.Held(ctx, lease.Switch)
	if err != nil {
		return err
	}
	alive, err := d.Switch.Calls(ctx)
	if err != nil {
		return err
	}
	kept := make(map[string]bool)
	for _, id := range held {
		callID, err := d.adoptOne(ctx, lease, id, alive)
		if err != nil {
			return fmt.Errorf("follow-up %s: %w", id, err)
		}
		kept[callID] = true
	}
	for _, callID := range alive {
		if kept[callID] {
			continue
		}
		d.Log.Warn("removing a call that nobody has in hand", "call", callID)
		if err := d.Switch.Discard(ctx, callID); err != nil {
			return fmt.Errorf("removing call %s: %w", callID, err)
		}
	}
	return nil
}

// lookEvery is how often held follow-ups that nobody carries are looked for
// when nothing says that there may be one.
const lookEvery = time.Minute

// pickUpLost releases or carries on what is held at this switch and carried by
// no call here: a claim of which only the reply was lost, a settlement that the
// ledger did not take.
func (d *Dispatcher) pickUpLost(ctx context.Context) error {
	if d.Now().Before(d.lookAt) {
		return nil
	}
	lease, err := d.Owner.Lease()
	if err != nil {
		return err
	}
	held, err := d.Queue.Held(ctx, lease.Switch)
	if err != nil {
		return err
	}
	held = slices.DeleteFunc(held, d.carries)
	if len(held) > 0 {
		alive, err := d.Switch.Calls(ctx)
		if err != nil {
			return err
		}
		for _, id := range held {
			d.Log.Warn("a follow-up is held here and carried by nobody", "follow_up", id)
			if _, err := d.adoptOne(ctx, lease, id, alive); err != nil {
				return fmt.Errorf("follow-up %s: %w", id, err)
			}
		}
	}
	d.lookAt = d.Now().Add(lookEvery)
	return nil
}

// carries reports whether a call of a follow-up is under way here.
func (d *Dispatcher) carries(id queue.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.live[id] != nil
}

// adoptOne takes one follow-up over and returns the name of its call.
func (d *Dispatcher) adoptOne(ctx context.Context, lease queue.Lease, id queue.ID, alive []string) (string, error) {
	s, err := d.Queue.State(ctx, id)
	if err != nil {
		return "", err
	}
	callID := CallID(id, s.Attempt)
	if !s.Status.Reserved() { // claimed, but never assigned
		err := d.Queue.Release(ctx, lease, id)
		if errors.Is(err, queue.ErrRefused) {
			err = nil
		}
		return callID, err
	}
	if s.Assignment.Switch != lease.Switch { // settled meanwhile, and begun anew elsewhere
		return callID, nil
	}
	agent, err := d.Queue.Agent(ctx, s.Assignment.Agent)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		return "", err
	}
	s, err = d.append(ctx, queue.Change{ID: id, Decide: func(s queue.State) ([]queue.Entry, error) {
		return d.takeover(s, lease, slices.Contains(alive, callID)), nil
	}})
	if err != nil {
		return "", err
	}
	d.Log.Info("taking over a call", "call", callID, "status", s.Status)
	before := progress(s)
	d.start(s, agent.Endpoint, func(ctx context.Context, c *liveCall) (telephony.Result, error) {
		return d.Switch.Resume(ctx, c.request, before, c.observe)
	})
	return callID, nil
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
