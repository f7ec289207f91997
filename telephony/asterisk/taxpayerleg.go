package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// orphanRing is how much longer Asterisk lets a leg ring that nobody watches.
const orphanRing = 10 * time.Second

// prepareTaxpayer makes the taxpayer's leg, which rings nobody, records both
// sides, and puts the leg into the bridge: not one word will be lost.
func (c *call) prepareTaxpayer(ctx context.Context) error {
	endpoint, err := c.sw.config.dialString(c.request.Number)
	if err != nil {
		return c.fail(telephony.InvalidNumber, telephony.PartySystem, "%v", err)
	}
	if err := c.create(ctx, &c.taxpayer, endpoint, c.agent.id); err != nil {
		if ari.Status(err) != 0 {
			return c.fault(ctx, telephony.TrunkFailure, "the trunk takes no call", err)
		}
		return c.fault(ctx, telephony.Interrupted, "the taxpayer's leg cannot be made", err)
	}
	if err := c.record(ctx); err != nil {
		return c.fault(ctx, telephony.Interrupted, "the recording cannot be started, so nobody is rung", err)
	}
	if err := c.sw.client.AddToBridge(ctx, c.request.ID, c.taxpayer.id); err != nil {
		return c.fault(ctx, telephony.Interrupted, "the taxpayer's leg cannot be put into the bridge", err)
	}
	return nil
}

// ringTaxpayer announces the dial, dials once, and waits for the answer.
func (c *call) ringTaxpayer(ctx context.Context) error {
	if c.agent.isGone() {
		return c.agentLeft()
	}
	if err := c.intend(ctx, telephony.TaxpayerDialing, c.taxpayer.id); err != nil {
		return err
	}
	// The time-out is ours: Asterisk's own looks like a 480 from the network.
	err := c.sw.client.Dial(ctx, c.taxpayer.id, c.sw.config.CallerID, c.request.TaxpayerRing+orphanRing)
	switch {
	case err == nil, ari.MaybeDone(err): // the channel tells what became of it
	case ari.IsNotFound(err):
		return c.fault(ctx, telephony.Interrupted, "the taxpayer's leg was gone before it was dialled", err)
	default:
		return c.fault(ctx, telephony.TrunkFailure, "the trunk cannot be dialled", err)
	}
	return c.awaitAnswer(ctx)
}

// awaitAnswer waits until the taxpayer's leg is answered, or ends the call with
// what became of it. The leg was dialled: it is never dialled again.
func (c *call) awaitAnswer(ctx context.Context) error {
	_, err := c.wait(ctx, c.sw.now().Add(c.request.TaxpayerRing), func() bool {
		c.reportRinging()
		return c.taxpayer.isUp() || c.taxpayer.isGone() || c.agent.isGone() || c.hangUp
	})
	switch {
	case err != nil:
		return err
	case c.taxpayer.isUp():
		return nil
	case c.taxpayer.isGone():
		return c.unanswered()
	}
	byAgent := c.agent.isGone() || c.hangUp
	if err := c.takeDown(ctx, &c.taxpayer); err != nil {
		return err
	}
	if !c.taxpayer.up.IsZero() && byAgent { // both at once: it was answered
		return nil
	}
	if byAgent {
		return c.agentLeft()
	}
	if c.taxpayer.ringing.IsZero() {
		return c.fail(telephony.Unknown, telephony.PartySystem, "the switch never said what became of the dial")
	}
	return c.fail(telephony.NoAnswer, telephony.PartySystem, "rang out")
}

func (c *call) reportRinging() {
	if !c.ringSeen && !c.taxpayer.ringing.IsZero() {
		c.ringSeen = true
		c.notes.note(telephony.Event{Kind: telephony.TaxpayerRinging, At: c.taxpayer.ringing})
	}
}

// unanswered ends the call whose taxpayer's leg ended without an answer.
func (c *call) unanswered() error {
	c.reportRinging()
	r := telephony.Result{
		Status: classify(c.taxpayer.sip, c.taxpayer.cause), SIPCode: c.taxpayer.sip, Cause: c.taxpayer.cause,
		EndedAt: c.taxpayer.gone, Tracks: c.tracks,
	}
	if c.taxpayer.vanished {
		r.Status, r.Reason = telephony.Unknown, "the leg ended while events were lost"
	}
	return &ended{r}
}

func (c *call) agentLeft() error {
	return c.fail(telephony.Interrupted, telephony.PartyAgent, "the agent hung up before the taxpayer answered")
}

// takeDown hangs a leg up and waits until it is gone.
func (c *call) takeDown(ctx context.Context, l *leg) error {
	if l.isGone() || !l.entered {
		return nil
	}
	if err := c.sw.client.HangUp(ctx, l.id); err != nil && !ari.IsNotFound(err) {
		c.log.Warn("a leg was not hung up", "channel", l.id, "error", err)
	}
	gone, err := c.wait(ctx, c.sw.now().Add(graceLimit), l.isGone)
	if err == nil && !gone {
		c.stale = true // ask what became of it
		err = c.takeIn(ctx)
	}
	return err
}
