package asterisk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// Resume carries on what an earlier process left, see telephony.Dialer.
func (s *Switch) Resume(ctx context.Context, r telephony.Request, p telephony.Progress, observe telephony.Observer) (telephony.Result, error) {
	if callOf(r.ID) != r.ID {
		return telephony.Result{}, fmt.Errorf("call %q: want the name of a call, \"<ULID>-<attempt>\"", r.ID)
	}
	c := s.newCall(r, observe)
	defer c.close()
	c.recall(p)
	if err := c.find(ctx, p); err != nil {
		return telephony.Result{}, err
	}
	if p.Ended {
		return c.resumeWrapUp(ctx, p)
	}
	return c.carry(ctx, func(ctx context.Context) error { return c.pickUp(ctx, p) })
}

// recall takes over what the earlier process knew.
func (c *call) recall(p telephony.Progress) {
	c.known, c.identity, c.ringSeen = p.OutcomeKnown, p.Identity, p.TaxpayerRinging
	c.taxpayer.up = p.AnsweredAt
	if t := p.Tracks; t != nil {
		c.tapes = tapes{
			agent:    tape{name: t.Agent, began: t.AgentStartedAt},
			taxpayer: tape{name: t.Taxpayer, began: t.TaxpayerStartedAt},
			tracks:   t, muted: p.MutedAt,
		}
	}
	for _, l := range c.legs() {
		l.made = true // to be looked for
	}
}

// find looks for the call at the switch, as soon as its events come in. A
// ring-back that was only prepared is taken back, so that it can still be made.
func (c *call) find(ctx context.Context, p telephony.Progress) error {
	if err := c.sw.stream.WaitUp(ctx); errors.Is(err, ari.ErrReplaced) {
		return telephony.ErrSwitchLost
	} else if err != nil {
		return err
	}
	if err := c.dropMonitor(ctx); err != nil {
		return err
	}
	if err := c.lookNow(ctx); err != nil || p.RingbackUsed {
		return err
	}
	if err := c.takeDown(ctx, &c.ringback); err != nil {
		return err
	}
	c.ringback = leg{id: c.ringback.id}
	return nil
}

// dropMonitor takes out a supervisor whom the earlier process let in: he or she
// asks anew. The error is that of a call that must not go on.
func (c *call) dropMonitor(ctx context.Context) error {
	err := c.ask(ctx, func(ctx context.Context) error { return c.sw.discardMonitor(ctx, c.request.ID) }, nil)
	if err == nil {
		return nil
	}
	c.log.Warn("a monitor of the earlier owner may be left at the switch", "error", err)
	return c.takeIn(ctx)
}

// pickUp goes on from where the call stands.
func (c *call) pickUp(ctx context.Context, p telephony.Progress) error {
	switch {
	case !p.TaxpayerDialing:
		// Whoever meant to dial it may still be asleep: the channel goes first.
		if err := c.clear(ctx); err != nil {
			return err
		}
		return c.end(telephony.Interrupted, telephony.PartySystem, "its owner was lost before the taxpayer was dialled")
	case !p.AnsweredAt.IsZero():
		return c.pickUpTalk(ctx, p)
	case c.taxpayer.isUp():
		return c.converse(ctx)
	case c.taxpayer.there() && !c.taxpayer.ringing.IsZero():
		if err := c.awaitAnswer(ctx); err != nil {
			return err
		}
		return c.converse(ctx)
	}
	// Not there, or not dialled for all we know: it must be gone before the
	// attempt is given up, so that a sleeper's late dial finds nothing.
	if err := c.takeDown(ctx, &c.taxpayer); err != nil {
		return err
	}
	return c.end(telephony.Unknown, telephony.PartySystem, "its owner was lost while the taxpayer was dialled")
}

// pickUpTalk goes on with a talk, if it still is one.
func (c *call) pickUpTalk(ctx context.Context, p telephony.Progress) error {
	if c.talkOver() {
		return c.hungUp(ctx)
	}
	if p.MutedAt.IsZero() {
		c.unmuteTapes(ctx) // the order to mute may have been the last that was carried out
	}
	return c.talk(ctx, !p.Announced)
}

// resumeWrapUp asks for the outcome of a call that had ended. Of an unanswered
// one nothing is left to do but to clear up; the ledger knows its result.
func (c *call) resumeWrapUp(ctx context.Context, p telephony.Progress) (telephony.Result, error) {
	r := telephony.Result{Status: telephony.Unknown, EndedAt: p.EndedAt, Tracks: p.Tracks}
	if !p.AnsweredAt.IsZero() {
		r.Status, r.AnsweredAt = telephony.Answered, p.AnsweredAt
		limit := earlier(p.EndedAt.Add(c.request.WrapUp), c.sw.now().Add(c.request.WrapUp))
		if err := c.pickUpRingback(ctx, limit); err != nil {
			return r, err
		}
		if err := c.wrapUp(ctx, limit); err != nil {
			return r, err
		}
	}
	return r, c.clear(ctx)
}

// pickUpRingback goes on with a ring-back that was dialled.
func (c *call) pickUpRingback(ctx context.Context, limit time.Time) error {
	if c.ringback.dialled && !c.known {
		return c.askBack(ctx, limit)
	}
	return c.takeDown(ctx, &c.ringback)
}
