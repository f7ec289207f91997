package asterisk

import (
	"context"
	"strings"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// menuPause is how long the agent may think before the menu is said again.
const menuPause = 5 * time.Second

// conclude ends the talk at the switch, reports the end, and asks for the
// outcome of an answered call. Afterwards nothing of the call is left there but
// the recordings.
func (c *call) conclude(ctx context.Context, r telephony.Result) error {
	c.unmute(ctx)
	c.talking = false
	if err := c.takeDown(ctx, &c.taxpayer); err != nil {
		return err
	}
	if err := c.stopRecordings(ctx); err != nil {
		return err
	}
	c.notes.note(telephony.Event{Kind: telephony.Ended, At: r.EndedAt, Tracks: r.Tracks, Result: &r})
	var err error
	if r.Status == telephony.Answered {
		err = c.wrapUp(ctx, r.EndedAt.Add(c.request.WrapUp), true)
	} else {
		err = c.tellNotReached(ctx)
	}
	if err != nil {
		return err
	}
	c.removeEverything(ctx)
	return nil
}

// tellNotReached lets the agent hear that the call ended without the taxpayer.
func (c *call) tellNotReached(ctx context.Context) error {
	if !c.agent.isUp() {
		return nil
	}
	return c.playOut(ctx, c.sw.config.Media.NotReached, &c.agent)
}

// wrapUp asks for the outcome until it is known or the limit has passed: at the
// telephone the agent still holds, else by ringing back once.
func (c *call) wrapUp(ctx context.Context, limit time.Time, ringback bool) error {
	if c.known {
		return nil
	}
	if c.agent.isUp() {
		if err := c.askOutcome(ctx, &c.agent, telephony.ViaKeypad, limit); err != nil {
			return err
		}
	}
	if ringback && c.request.RingbackAfter > 0 {
		if err := c.ringBack(ctx, limit); err != nil {
			return err
		}
	}
	_, err := c.wait(ctx, limit, func() bool { return c.known }) // the page or the API may still tell
	return err
}

// ringBack rings the agent once more for the outcome.
func (c *call) ringBack(ctx context.Context, limit time.Time) error {
	moment := earlier(limit, c.sw.now().Add(c.request.RingbackAfter))
	if _, err := c.wait(ctx, moment, func() bool { return c.known }); err != nil || c.known {
		return err
	}
	left := limit.Sub(c.sw.now())
	if left < time.Second {
		return nil
	}
	if err := c.bridge(ctx); err != nil {
		return c.noRingback(ctx, err)
	}
	if err := c.create(ctx, &c.ringback, c.request.Agent, ""); err != nil {
		return c.noRingback(ctx, err)
	}
	if err := c.intend(ctx, telephony.OutcomeRingback, c.ringback.id); err != nil {
		return c.noRingback(ctx, err)
	}
	if err := c.sw.client.Dial(ctx, c.ringback.id, c.sw.config.CallerID, min(left, c.request.AgentRing)); err != nil && !ari.MaybeDone(err) {
		return c.noRingback(ctx, err)
	}
	if _, err := c.wait(ctx, limit, func() bool { return c.known || c.ringback.isUp() || c.ringback.isGone() }); err != nil {
		return err
	}
	if !c.ringback.isUp() || c.known {
		return c.takeDown(ctx, &c.ringback)
	}
	if err := c.sw.client.AddToBridge(ctx, c.request.ID, c.ringback.id); err != nil {
		return c.noRingback(ctx, err)
	}
	return c.askOutcome(ctx, &c.ringback, telephony.ViaRingback, limit)
}

// noRingback goes on without: the outcome can still come by the page or the API.
func (c *call) noRingback(ctx context.Context, err error) error {
	if ctx.Err() != nil || c.replaced || c.sw.stream.Err() != nil {
		return lost(ctx, err)
	}
	c.log.Warn("the agent is not rung back", "error", err)
	return c.takeDown(ctx, &c.ringback)
}

// askOutcome says the menu and takes one key, until it is one that counts, the
// agent hangs up, or the limit has passed.
func (c *call) askOutcome(ctx context.Context, l *leg, via telephony.Via, limit time.Time) error {
	c.keys = nil
	for media := c.sw.config.Media.OutcomeMenu; ; {
		said, err := c.play(ctx, media)
		if err != nil {
			c.log.Warn("the menu was not said", "error", err)
			c.played[said] = true
		}
		answered := func() bool { return c.known || l.isGone() || len(c.keys) > 0 }
		if _, err := c.wait(ctx, limit, func() bool { return answered() || c.played[said] }); err != nil {
			return err
		}
		if c.played[said] && !answered() {
			if _, err := c.wait(ctx, earlier(limit, c.sw.now().Add(menuPause)), answered); err != nil {
				return err
			}
		}
		_ = c.sw.client.StopPlayback(ctx, said) // it may be over already
		media = c.sw.config.Media.OutcomeMenu
		switch {
		case c.known || l.isGone() || !c.sw.now().Before(limit):
			return c.takeDown(ctx, l)
		case len(c.keys) == 0:
			continue
		}
		key := c.keys[0]
		c.keys = c.keys[1:]
		if strings.IndexByte(c.request.OutcomeKeys, key) >= 0 {
			c.keyed(key, via)
			return c.playOut(ctx, c.sw.config.Media.OutcomeAccepted, l)
		}
		media = c.sw.config.Media.OutcomeInvalid
	}
}

// playOut plays a short prompt to its end, and hangs up.
func (c *call) playOut(ctx context.Context, media string, l *leg) error {
	said, err := c.play(ctx, media)
	if err == nil {
		if _, err := c.wait(ctx, c.sw.now().Add(5*time.Second), func() bool { return c.played[said] || l.isGone() }); err != nil {
			return err
		}
	}
	return c.takeDown(ctx, l)
}

// removeEverything takes down whatever is left of the call. Recordings stay.
func (c *call) removeEverything(ctx context.Context) {
	if err := c.sw.Discard(ctx, c.request.ID); err != nil && ctx.Err() == nil {
		c.log.Warn("something of the call is left at the switch", "error", err)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
