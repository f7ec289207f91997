package asterisk

import (
	"context"
	"errors"
	"time"

	"sambung/telephony"
)

// ringBack rings the agent once more for the outcome, if that is wanted, was
// not done yet, and makes sense.
func (c *call) ringBack(ctx context.Context, limit time.Time) error {
	known := func() bool { return c.known }
	if c.known || c.ringback.made || c.request.RingbackAfter <= 0 {
		return nil
	}
	if _, err := c.wait(ctx, earlier(limit, c.sw.now().Add(c.request.RingbackAfter)), known); err != nil || c.known {
		return err
	}
	if limit.Sub(c.sw.now()) < time.Second {
		return nil
	}
	if err := c.dialBack(ctx); err != nil {
		return c.noRingback(ctx, err)
	}
	return c.askBack(ctx, limit)
}

var errKnown = errors.New("the outcome is known by now")

// dialBack makes the leg, announces the dial, and dials once.
func (c *call) dialBack(ctx context.Context) error {
	if err := c.bridge(ctx, c.request.ID); err != nil {
		return err
	}
	if err := c.create(ctx, &c.ringback, c.request.Agent, c.autoAnswer()); err != nil {
		return err
	}
	if err := c.intend(ctx, telephony.OutcomeRingback, c.ringback.id, func() error {
		if c.known {
			return errKnown
		}
		return nil
	}); err != nil {
		return err
	}
	return c.dial(ctx, &c.ringback, c.request.AgentRing)
}

// askBack waits until the agent answers, and asks.
func (c *call) askBack(ctx context.Context, limit time.Time) error {
	l := &c.ringback
	until := earlier(limit, c.sw.now().Add(c.request.AgentRing))
	if err := c.agentAnswers(ctx, l, until, func() bool { return c.known }); err != nil {
		return err
	}
	if !l.isUp() || c.known {
		return c.takeDown(ctx, l)
	}
	if err := c.toBridge(ctx, c.request.ID, l); err != nil {
		return c.noRingback(ctx, err)
	}
	return c.askOutcome(ctx, l, telephony.ViaRingback, limit)
}

// noRingback goes on without: the outcome can still come by the page or the API.
func (c *call) noRingback(ctx context.Context, err error) error {
	if lost := c.takeIn(ctx); lost != nil {
		return lost
	}
	c.log.Warn("the agent is not rung back", "error", err)
	return c.takeDown(ctx, &c.ringback)
}
