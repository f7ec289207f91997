package asterisk

import (
	"context"
	"fmt"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// ended unwinds a call to its one end. It is an error so that a stage returns
// either nothing, or the reason why there is no next stage.
type ended struct{ result telephony.Result }

func (e *ended) Error() string { return "the call ended: " + string(e.result.Status) }

// end ends the call now.
func (c *call) end(status telephony.Status, by telephony.Party, reason string) error {
	return &ended{telephony.Result{Status: status, EndedBy: by, Reason: reason, EndedAt: c.sw.now(), Tracks: c.tapes.tracks}}
}

// endOf ends the call because of a leg that ended by itself.
func (c *call) endOf(l *leg, status telephony.Status, reason string) error {
	return &ended{telephony.Result{
		Status: status, SIPCode: l.sip, Cause: l.cause, Reason: reason, EndedAt: l.gone, Tracks: c.tapes.tracks,
	}}
}

// broken ends a call that the switch, or the way to it, does not let go on
// before the taxpayer is dialled. The agent having left meanwhile explains it
// better; a switch that is lost, or a process that is to end, is no end.
func (c *call) broken(ctx context.Context, what string, err error) error {
	if lost := c.takeIn(ctx); lost != nil {
		return lost
	}
	if left := c.agentLeft(); left != nil {
		return left
	}
	return c.end(telephony.Interrupted, telephony.PartySystem, fmt.Sprintf("%s: %v", what, err))
}

// refused is broken, but for a refusal of the switch's own to make or dial a
// leg: that speaks of the leg's telephone or trunk.
func (c *call) refused(ctx context.Context, status telephony.Status, what string, err error) error {
	if ari.Status(err) != 500 || ari.MaybeDone(err) {
		return c.broken(ctx, what, err)
	}
	if lost := c.takeIn(ctx); lost != nil {
		return lost
	}
	return c.end(status, telephony.PartySystem, what)
}

// agentLeft ends the call if the agent left, or asked to end it, before the
// taxpayer answered; otherwise it returns nil.
func (c *call) agentLeft() error {
	switch {
	case c.agent.isGone() && c.agent.dialled && c.agent.up.IsZero():
		return c.agentRefused()
	case c.agent.isGone():
		return c.end(telephony.Interrupted, telephony.PartyAgent, "the agent hung up before the taxpayer answered")
	case c.hangUp:
		return c.end(telephony.Interrupted, telephony.PartyAgent, "the call was ended before the taxpayer answered")
	}
	return nil
}
