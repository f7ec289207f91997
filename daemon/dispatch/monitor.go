package dispatch

import (
	"context"
	"errors"
	"fmt"

	"sambung/queue"
	"sambung/telephony"
)

// ErrNoMonitor means that no supervisor is in that talk.
var ErrNoMonitor = errors.New("no supervisor is in that talk")

// errAsked ends a monitor that somebody asked to end.
var errAsked = errors.New("it was asked to end")

// monitor is a supervisor in the talk of a live call. One goroutine owns it.
type monitor struct {
	call  *liveCall
	actor queue.Actor
	stop  context.CancelCauseFunc
	heard chan struct{} // closed when it is on record that the talk is going to be heard
	done  chan struct{} // closed when the supervisor is out
	err   error         // set when done is closed
}

// Monitor lets a supervisor into the talk of a follow-up, by a telephone at its
// switch: it rings that telephone and returns when it was answered, or says why
// it was not. One who is in the talk already comes in anew, in the other mode for
// example. What is heard is on record first. Errors: ErrNoCall, and those of
// telephony.Monitors.
func (d *Dispatcher) Monitor(ctx context.Context, id queue.ID, actor queue.Actor, endpoint string, mode telephony.MonitorMode) error {
	if err := d.StopMonitor(ctx, id, actor); err != nil && !errors.Is(err, ErrNoMonitor) {
		return err
	}
	m, err := d.startMonitor(id, actor, endpoint, mode)
	if err != nil {
		return err
	}
	select {
	case <-m.heard:
		return nil
	case <-m.done:
		return m.err
	case <-ctx.Done():
		m.stop(ctx.Err())
		return ctx.Err()
	}
}

// startMonitor begins a monitor in a goroutine of its own, which ends with the call.
func (d *Dispatcher) startMonitor(id queue.ID, actor queue.Actor, endpoint string, mode telephony.MonitorMode) (*monitor, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.live[id]
	switch {
	case c == nil:
		return nil, fmt.Errorf("follow-up %s: %w", id, ErrNoCall)
	case c.monitor != nil:
		return nil, fmt.Errorf("follow-up %s: %w", id, telephony.ErrMonitored)
	}
	ctx, stop := context.WithCancelCause(d.callCtx)
	m := &monitor{call: c, actor: actor, stop: stop, heard: make(chan struct{}), done: make(chan struct{})}
	c.monitor = m
	request := telephony.MonitorRequest{CallID: c.request.ID, Endpoint: endpoint, Mode: mode, Ring: d.Calls.AgentRing}
	d.calls.Go(func() { // the call is live, so the group is not waited to its end yet
		defer m.out()
		defer stop(nil)
		if m.err = d.Switch.Monitor(ctx, request, telephony.Each(m.observe)); m.err != nil {
			d.Log.Warn("a supervisor is not in the talk any more, or never was", "call", request.CallID, "error", m.err)
		}
	})
	return m, nil
}

// out makes room for the next one.
func (m *monitor) out() {
	m.call.d.mu.Lock()
	m.call.monitor = nil
	m.call.d.mu.Unlock()
	close(m.done)
}

// StopMonitor takes a supervisor out of the talk of a follow-up, and returns
// when that is done. by is the one to take out; empty: whoever it is. Errors:
// ErrNoCall, ErrNoMonitor.
func (d *Dispatcher) StopMonitor(ctx context.Context, id queue.ID, by queue.Actor) error {
	d.mu.Lock()
	c := d.live[id]
	var m *monitor
	if c != nil {
		m = c.monitor
	}
	d.mu.Unlock()
	switch {
	case c == nil:
		return fmt.Errorf("follow-up %s: %w", id, ErrNoCall)
	case m == nil, by != "" && m.actor != by:
		return fmt.Errorf("follow-up %s: %w", id, ErrNoMonitor)
	}
	m.stop(errAsked)
	select {
	case <-m.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// observe makes an event of the monitor durable, see telephony.Each.
func (m *monitor) observe(e telephony.Event) error {
	c := m.call
	activity := queue.Entry{At: e.At, Actor: m.actor, Details: queue.Details{
		Attempt: c.attempt, Channel: e.Channel, Mode: queue.MonitorMode(e.Mode), Reason: e.Reason,
	}}
	switch e.Kind {
	case telephony.MonitorRinging: // nothing is heard yet
		return nil
	case telephony.MonitorStarted:
		activity.Kind = queue.KindMonitorStarted
		if err := c.intend(nil, activity); err != nil {
			return err
		}
		close(m.heard)
		return nil
	case telephony.MonitorEnded:
		activity.Kind = queue.KindMonitorEnded
		_, err := c.write(c.d.callCtx, queue.Change{Decide: fixed(activity)}, c.d.persist)
		return err
	}
	return fmt.Errorf("telephone event %q is not a monitor's", e.Kind)
}
