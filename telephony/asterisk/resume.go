package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// Resume carries on what an earlier process left, see telephony.Dialer.
func (s *Switch) Resume(ctx context.Context, r telephony.Request, p telephony.Progress, observe telephony.Observer) (telephony.Result, error) {
	c := s.newCall(r, observe)
	defer c.sub.Close()
	c.tracks, c.known, c.identity = p.Tracks, p.OutcomeKnown, p.Identity
	if p.Tracks != nil {
		c.started[p.Tracks.Agent], c.started[p.Tracks.Taxpayer] = p.Tracks.AgentStartedAt, p.Tracks.TaxpayerStartedAt
	}
	if p.Ended {
		return c.resumeWrapUp(ctx, p)
	}
	return c.carry(ctx, func(ctx context.Context) error { return c.pickUp(ctx, p) })
}

// pickUp finds out where the call stands and goes on from there.
func (c *call) pickUp(ctx context.Context, p telephony.Progress) error {
	if !p.TaxpayerDialing {
		// Whoever meant to dial it may still be asleep: the channel goes first.
		c.removeEverything(ctx)
		return c.fail(telephony.Interrupted, telephony.PartySystem, "its owner was lost before the taxpayer was dialled")
	}
	for _, l := range c.legs() {
		l.entered = true // to be looked for
	}
	c.ringback.entered = false
	if err := c.look(ctx); err != nil {
		return err
	}
	switch {
	case !p.AnsweredAt.IsZero():
		c.taxpayer.up = p.AnsweredAt
		if c.taxpayer.isGone() || c.agent.isGone() {
			return c.hungUp()
		}
		return c.talk(ctx, !p.Announced)
	case c.taxpayer.isUp():
		return c.converse(ctx)
	case !c.taxpayer.isGone() && !c.taxpayer.ringing.IsZero():
		if err := c.awaitAnswer(ctx); err != nil {
			return err
		}
		return c.converse(ctx)
	}
	// Not there, or never dialled for all we know: it must be gone before the
	// attempt is given up, so that a sleeper's late dial finds nothing.
	c.removeEverything(ctx)
	return c.fail(telephony.Unknown, telephony.PartySystem, "its owner was lost while the taxpayer was dialled")
}

// resumeWrapUp asks for the outcome of a call that had ended.
func (c *call) resumeWrapUp(ctx context.Context, p telephony.Progress) (telephony.Result, error) {
	noting := c.notes.start()
	defer noting.stop()
	r := telephony.Result{Status: telephony.Answered, AnsweredAt: p.AnsweredAt, EndedAt: p.EndedAt, Tracks: p.Tracks}
	if p.AnsweredAt.IsZero() {
		r.Status = telephony.Unknown // the ledger knows the result
		c.removeEverything(ctx)
		return r, nil
	}
	ch, err := c.sw.client.Channel(ctx, c.agent.id)
	if err != nil && !ari.IsNotFound(err) {
		return r, c.fault(ctx, telephony.Interrupted, "the agent's leg cannot be looked at", err)
	}
	c.agent.look(ch, err == nil, c.sw.now())
	if err := c.wrapUp(ctx, latest(p.EndedAt.Add(c.request.WrapUp), c.sw.now()), !p.RingbackUsed); err != nil {
		return r, err
	}
	c.removeEverything(ctx)
	return r, c.notes.flush(ctx)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
