package asterisk

import (
	"context"

	"sambung/telephony"
)

// prepareTaxpayer makes the taxpayer's leg, which rings nobody, with a snoop on
// it, and puts it into the bridge: not one word will be lost.
func (c *call) prepareTaxpayer(ctx context.Context) error {
	endpoint, err := c.sw.config.taxpayerEndpoint(c.request.Number)
	if err != nil {
		return c.end(telephony.InvalidNumber, telephony.PartySystem, err.Error())
	}
	if err := c.create(ctx, &c.taxpayer, endpoint, make(map[string]string)); err != nil {
		return c.refused(ctx, telephony.TrunkFailure, "the trunk takes no call", err)
	}
	err = c.askAll(ctx, c.bridging(c.request.ID), c.snooping(ctx, &c.taxpayer, &c.taxpayerSnoop, hearing))
	if err == nil {
		err = c.entered(ctx, &c.taxpayerSnoop)
	}
	if err == nil {
		err = c.toBridge(ctx, c.request.ID, &c.taxpayer)
	}
	if err != nil {
		return c.broken(ctx, "the taxpayer's leg cannot be prepared, so nobody is rung", err)
	}
	return nil
}

// ringTaxpayer announces the dial, dials once, and waits for the answer.
func (c *call) ringTaxpayer(ctx context.Context) error {
	if err := c.intend(ctx, telephony.TaxpayerDialing, c.taxpayer.id, c.notDialled); err != nil {
		return err
	}
	err := c.dial(ctx, &c.taxpayer, c.request.TaxpayerRing)
	if failed, ok := asDialError(err); ok {
		if !failed.sure {
			return c.end(telephony.Unknown, telephony.PartySystem, failed.Error())
		}
		return c.refused(ctx, telephony.TrunkFailure, "the trunk cannot be dialled", failed.err)
	}
	if err != nil {
		return err
	}
	return c.awaitAnswer(ctx)
}

// notDialled ends the call if there is no reason any more to ring the taxpayer.
func (c *call) notDialled() error {
	if err := c.agentLeft(); err != nil {
		return err
	}
	if c.taxpayer.isGone() {
		return c.end(telephony.Interrupted, telephony.PartySystem, "the taxpayer's leg was gone before it was dialled")
	}
	return nil
}

// awaitAnswer waits until the taxpayer's leg is answered, or ends the call with
// what became of it. The leg was dialled: it is never dialled again.
func (c *call) awaitAnswer(ctx context.Context) error {
	decided, err := c.wait(ctx, c.sw.now().Add(c.request.TaxpayerRing), func() bool {
		c.reportRinging()
		return !c.taxpayer.up.IsZero() || c.taxpayer.isGone() || c.agent.isGone() || c.hangUp
	})
	if err == nil && !decided {
		err = c.lookNow(ctx)
	}
	if err != nil {
		return err
	}
	if !c.taxpayer.up.IsZero() {
		return nil
	}
	if c.taxpayer.isGone() {
		return c.unanswered()
	}
	left := c.agentLeft()
	if err := c.takeDown(ctx, &c.taxpayer); err != nil {
		return err
	}
	switch {
	case !c.taxpayer.up.IsZero():
		return c.answeredTooLate(left != nil)
	case left != nil:
		return left
	}
	return c.end(telephony.NoAnswer, telephony.PartySystem, "rang out")
}

// answeredTooLate ends a call that was answered in the moment it was taken down.
func (c *call) answeredTooLate(agentLeft bool) error {
	c.note(telephony.Event{Kind: telephony.TaxpayerAnswered, At: c.taxpayer.up})
	r := telephony.Result{
		Status: telephony.Answered, EndedBy: telephony.PartySystem, Reason: "answered in the moment the ringing was ended",
		AnsweredAt: c.taxpayer.up, EndedAt: later(c.taxpayer.gone, c.taxpayer.up), Tracks: c.tapes.tracks,
	}
	if agentLeft {
		r.EndedBy = telephony.PartyAgent
	}
	return &ended{r}
}

func (c *call) reportRinging() {
	if !c.ringSeen && !c.taxpayer.ringing.IsZero() {
		c.ringSeen = true
		c.note(telephony.Event{Kind: telephony.TaxpayerRinging, At: c.taxpayer.ringing})
	}
}

// unanswered ends the call whose taxpayer's leg ended by itself without an answer.
func (c *call) unanswered() error {
	if c.taxpayer.vanished {
		return c.endOf(&c.taxpayer, telephony.Unknown, "the leg ended while the switch was not connected")
	}
	status, reason := classify(c.taxpayer.sip, c.taxpayer.cause)
	return c.endOf(&c.taxpayer, status, reason)
}
