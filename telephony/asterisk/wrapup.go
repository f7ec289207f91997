package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
)

// menuPause is how long the agent may think before the menu is said again.
const menuPause = 5 * time.Second

// wrapUp asks for the outcome until it is known or the limit has passed: at the
// telephone the agent still holds, else by ringing back once.
func (c *call) wrapUp(ctx context.Context, limit time.Time) error {
	c.keys = nil
	if !c.known && c.agent.isUp() {
		if err := c.askOutcome(ctx, &c.agent, telephony.ViaKeypad, limit); err != nil {
			return err
		}
	}
	if err := c.ringBack(ctx, limit); err != nil {
		return err
	}
	_, err := c.wait(ctx, limit, func() bool { return c.known }) // the page or the API may still tell
	return err
}

// askOutcome says the menu and takes one key, until it is one that counts, the
// agent hangs up, or the limit has passed. Then the agent is released.
func (c *call) askOutcome(ctx context.Context, l *leg, via telephony.Via, limit time.Time) error {
	media := c.sw.config.Media
	for menu := media.OutcomeMenu; ; {
		if err := c.listenToKeys(ctx, l, menu, limit); err != nil {
			return err
		}
		menu = media.OutcomeMenu
		if len(c.keys) > 0 && !c.known {
			if key := c.keys[0]; c.confirms(key) {
				c.keyed(key, via)
			} else {
				menu = media.OutcomeInvalid + "," + media.OutcomeMenu
			}
			c.keys = c.keys[1:]
		}
		switch {
		case c.known:
			return c.sayAndHangUp(ctx, media.OutcomeAccepted, l)
		case l.isGone(), !c.sw.now().Before(limit):
			return c.takeDown(ctx, l)
		}
	}
}

// listenToKeys says a menu and waits for a key, some time longer than it takes.
func (c *call) listenToKeys(ctx context.Context, l *leg, menu string, limit time.Time) error {
	heard := func() bool { return c.known || l.isGone() || len(c.keys) > 0 }
	if heard() {
		return nil
	}
	p, err := c.say(ctx, menu)
	if err != nil {
		return err
	}
	if _, err := c.wait(ctx, limit, func() bool { return heard() || p.done() }); err != nil || heard() || p.lost {
		return err
	}
	_, err = c.wait(ctx, earlier(limit, c.sw.now().Add(menuPause)), heard)
	return err
}
