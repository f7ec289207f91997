package dispatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sambung/daemon/reconcile"
	"sambung/queue"
	"sambung/telephony"
)

// Trust tells one server process that keeps the ledger from another. What one
// acknowledged, another may have lost: so nothing is claimed from a server
// before every switch was compared with it.
type Trust interface {
	// Server names the present one, and says whether the switch was compared with it
	// since a daemon wrote something again that it had lost.
	Server(ctx context.Context, switchName string) (name string, compared bool, err error)
	// BringBack takes back into the ledger what was archived lately and it has
	// lost. It names follow-ups of which there is a recording, and which the ledger
	// does not know. The error is about asking: the archive is away.
	BringBack(ctx context.Context) (strangers []queue.ID, err error)
	// Compared notes that it was.
	Compared(ctx context.Context, switchName, server string) error
	// Trust lets claims reach the present server, or says why not.
	Trust(ctx context.Context) error
}

// settle reconciles the ledger with the switch. On another server than before it
// first looks for what that server lost.
func (d *Dispatcher) settle(ctx context.Context) error {
	if d.Trust == nil {
		return d.look(ctx)
	}
	lease, err := d.Owner.Lease()
	if err != nil {
		return err
	}
	server, compared, err := d.Trust.Server(ctx, lease.Switch)
	if err != nil {
		return err
	}
	d.behind = nil
	var strangers []queue.ID
	if !compared {
		// Before anything else: what was archived says what became of a call. Where
		// the archive is away calls go on, and nothing is claimed.
		archived, away := d.Trust.BringBack(ctx)
		left, err := d.compare(ctx, lease)
		if err != nil {
			return err
		}
		d.behind, strangers = away, append(archived, left...)
		d.lookAt = time.Time{}
	}
	if err := d.look(ctx); err != nil || compared || d.behind != nil {
		return err
	}
	if err := d.Owner.Confirm(ctx); err != nil {
		return err
	}
	for _, id := range strangers { // if one comes back, the switch is compared again
		d.Log.Error("switch or archive hold something of a follow-up that the ledger does not know. Unless a daemon that lives writes it again, run sambung reindex --dry-run, and look for its ticket", "follow_up", id)
	}
	d.Log.Info("the calls of the switch were compared with the ledger's new server", "server", server)
	return d.Trust.Compared(ctx, lease.Switch, server)
}

// ask returns queue.ErrUnsettled when the switch is to be compared anew. It asks at
// intervals, whether or not there is anybody to claim for: the other switches wait for
// this one.
func (d *Dispatcher) ask(ctx context.Context) error {
	if d.Trust == nil || d.Now().Before(d.askAt) {
		return nil
	}
	lease, err := d.Owner.Lease()
	if err != nil {
		return err
	}
	switch _, compared, err := d.Trust.Server(ctx, lease.Switch); {
	case err != nil:
		return err
	case !compared:
		return queue.ErrUnsettled
	}
	d.askAt = d.Now().Add(d.Poll)
	return nil
}

// trust makes claims possible again after the ledger's server changed.
func (d *Dispatcher) trust(ctx context.Context) error {
	if d.Trust == nil {
		return queue.ErrUnsettled
	}
	if err := d.settle(ctx); err != nil {
		return err
	}
	if err := d.Trust.Trust(ctx); err != nil {
		return errors.Join(err, d.behind)
	}
	d.nudge()
	return nil
}

// errLostTalk passes with the talk, which is not cut, and errLostCall with the call.
var (
	errLostTalk = errors.New("the ledger has lost it, and it is still a talk; nothing is dialled until it is over")
	errLostCall = errors.New("the ledger has lost it, and it is under way; nothing is dialled until it is over")
)

// compare finds what the ledger has lost by what it left at the switch. Attempts
// that are found so count as made, and go to people. It names the follow-ups that the
// ledger does not know.
func (d *Dispatcher) compare(ctx context.Context, lease queue.Lease) (strangers []queue.ID, err error) {
	carried, err := d.compareCarried(ctx)
	if err != nil {
		return nil, err
	}
	traces, err := d.Switch.Traces(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[reconcile.Attempt]telephony.Trace)
	for _, t := range traces {
		if a, ok := reconcile.ParseAttempt(t.CallID); ok && !carried[a.FollowUp] {
			found[a] = t
		}
	}
	// The earlier attempt first: after a later one it would be over, and its recording nobody's.
	for _, a := range slices.SortedFunc(maps.Keys(found), func(x, y reconcile.Attempt) int { return cmp.Compare(x.Number, y.Number) }) {
		t := found[a]
		switch err := d.compareOne(ctx, lease, a, t); {
		case errors.Is(err, queue.ErrNotFound):
			strangers = append(strangers, a.FollowUp)
		case err != nil:
			return nil, fmt.Errorf("call %s: %w", t.CallID, err)
		}
	}
	return strangers, nil
}

// compareCarried names what is under way here, or returns errLostCall while the ledger
// does not know such an attempt: its agent and its number are free there, and are not.
func (d *Dispatcher) compareCarried(ctx context.Context) (carried map[queue.ID]bool, err error) {
	d.mu.Lock()
	calls := slices.Collect(maps.Values(d.live))
	d.mu.Unlock()
	carried = make(map[queue.ID]bool)
	for _, c := range calls {
		carried[c.id] = true
		s, err := d.Queue.State(ctx, c.id)
		if errors.Is(err, queue.ErrNotFound) || err == nil && s.Attempt < c.attempt {
			err = errLostCall
		}
		if err != nil {
			return nil, fmt.Errorf("call %s: %w", c.request.ID, err)
		}
	}
	return carried, nil
}

func (d *Dispatcher) compareOne(ctx context.Context, lease queue.Lease, a reconcile.Attempt, t telephony.Trace) error {
	s, err := d.Queue.State(ctx, a.FollowUp)
	switch {
	case errors.Is(err, queue.ErrNotFound) && t.Talking:
		return errLostTalk
	case err != nil:
		return err
	case a.Number == s.Attempt:
		return d.presumeDialled(ctx, s, t)
	case a.Number < s.Attempt || s.Status.Ended():
		return nil
	case t.Talking:
		return errLostTalk
	}
	if t.Alive {
		if err := d.Switch.Discard(ctx, t.CallID); err != nil {
			return err
		}
	}
	if !t.Recorded {
		return nil // the taxpayer was not dialled
	}
	d.Log.Error("the switch holds a recording of an attempt that the ledger has lost; it counts as made", "call", t.CallID)
	left := telephony.TracksOf(t.CallID)
	_, err = d.append(ctx, queue.Change{ID: a.FollowUp, Decide: func(s queue.State) ([]queue.Entry, error) {
		return queue.PresumeAttempt(s, queue.Details{
			Attempt: a.Number, Switch: lease.Switch, Tracks: tracks(&left), Reason: queue.ReasonFoundAtSwitch,
		}, d.Now()), nil
	}})
	return err
}

// presumeDialled completes an attempt under way whose last steps the ledger may
// have lost: what was recorded may have been dialled. The moment is the last one
// that the ledger knows of.
func (d *Dispatcher) presumeDialled(ctx context.Context, s queue.State, t telephony.Trace) error {
	undialled := s.Status.Reserved() && s.Status != queue.StatusWrapUp && s.Call.TaxpayerDialingAt.IsZero()
	if !undialled || !t.Recorded {
		return nil
	}
	history, err := d.Queue.History(ctx, s.FollowUp.ID)
	if err != nil {
		return err
	}
	at := history[len(history)-1].At
	d.Log.Error("the ledger may have lost that the taxpayer was dialled: it counts as done", "call", t.CallID)
	_, err = d.append(ctx, queue.Change{ID: s.FollowUp.ID, Known: &s, Decide: func(now queue.State) ([]queue.Entry, error) {
		if now.Version != s.Version {
			return nil, errors.New("the follow-up changed while it was compared")
		}
		return lostSteps(s, telephony.TracksOf(t.CallID), func(k queue.Kind, d queue.Details) queue.Entry {
			d.Attempt, d.Reason = s.Attempt, queue.ReasonFoundAtSwitch
			return queue.Entry{At: at, Actor: queue.ActorSystem, Kind: k, Details: d}
		}), nil
	}})
	return err
}

// lostSteps leads an attempt to where its taxpayer is dialled.
func lostSteps(s queue.State, left telephony.Tracks, note func(queue.Kind, queue.Details) queue.Entry) []queue.Entry {
	var steps []queue.Entry
	if s.Status == queue.StatusAssigned || s.Call.AgentRingingAt.IsZero() {
		steps = append(steps, note(queue.KindAgentRinging, queue.Details{Channel: left.Agent}))
	}
	if s.Call.AgentAnsweredAt.IsZero() {
		steps = append(steps, note(queue.KindAgentAnswered, queue.Details{}))
	}
	if s.Call.Tracks == nil {
		steps = append(steps, note(queue.KindRecordingStarted, queue.Details{Tracks: tracks(&left)}))
	}
	return append(steps, note(queue.KindTaxpayerDialing, queue.Details{Channel: left.Taxpayer}))
}
