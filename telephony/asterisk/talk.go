package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
)

// converse is the talk, from the taxpayer's answer on.
func (c *call) converse(ctx context.Context) error {
	c.reportRinging()
	c.note(telephony.Event{Kind: telephony.TaxpayerAnswered, At: c.taxpayer.up})
	return c.talk(ctx, true)
}

// talk lasts until either leg is gone or somebody asks to end it.
func (c *call) talk(ctx context.Context, announce bool) error {
	c.talking = true
	c.sw.talks.begin(c.request.ID)
	if announce {
		if err := c.announce(ctx); err != nil {
			return err
		}
	}
	if _, err := c.wait(ctx, forever(c.sw.now()), c.talkOver); err != nil {
		return err
	}
	return c.hungUp(ctx)
}

// talkOver reads the keys pressed meanwhile, and says whether the talk is over.
func (c *call) talkOver() bool {
	c.readTalkKeys()
	return c.agent.isGone() || c.taxpayer.isGone() || c.hangUp
}

const (
	// announceTries bounds how often the announcement is begun anew when the
	// switch fails it: it can, right after another playback was ended (tried).
	announceTries = 4
	announcePause = 150 * time.Millisecond
)

// announce tells both that they are recorded, and reports it once it was heard.
// After a gap in the events nobody knows: it is said once more.
func (c *call) announce(ctx context.Context) error {
	for tries := 0; ; {
		p, err := c.say(ctx, c.sw.config.Media.Announcement)
		if err != nil {
			return err
		}
		over, err := c.wait(ctx, forever(c.sw.now()), func() bool { return c.talkOver() || p.done() })
		switch {
		case err != nil:
			return err
		case over && p.over && !p.failed && !c.taxpayer.isGone():
			c.note(telephony.Event{Kind: telephony.AnnouncementPlayed, Media: c.sw.config.Media.Announcement})
			return nil
		case c.talkOver():
			return nil
		case p.over:
			if tries++; tries == announceTries {
				c.log.Error("the announcement was not heard to its end")
				return nil
			}
			if over, err := c.wait(ctx, c.sw.now().Add(announcePause), c.talkOver); err != nil || over {
				return err
			}
		}
	}
}

// hungUp ends an answered call: who was first, and when.
func (c *call) hungUp(ctx context.Context) error {
	cut := c.date(ctx, &c.agent, &c.tapes.agent)
	cut = c.date(ctx, &c.taxpayer, &c.tapes.taxpayer) || cut
	r := telephony.Result{Status: telephony.Answered, AnsweredAt: c.taxpayer.up, Tracks: c.tapes.tracks}
	switch {
	case cut:
		r.EndedBy, r.EndedAt, r.Reason = telephony.PartySystem, later(c.agent.gone, c.taxpayer.gone), "the switch broke down"
	case c.taxpayer.isGone() && (!c.agent.isGone() || !c.agent.gone.Before(c.taxpayer.gone)):
		r.EndedBy, r.EndedAt = telephony.PartyTaxpayer, c.taxpayer.gone
	case c.agent.isGone():
		r.EndedBy, r.EndedAt = telephony.PartyAgent, c.agent.gone
	default:
		if err := c.takeDown(ctx, &c.taxpayer); err != nil {
			return err
		}
		// By the switch's clock, as the answer is: else two clocks measure one talk.
		r.EndedBy, r.EndedAt, r.Reason = telephony.PartyAgent, c.taxpayer.gone, "ended by a command"
	}
	r.EndedAt = later(r.EndedAt, r.AnsweredAt)
	return &ended{r}
}

// date finds out when a leg ended whose end nobody saw: its track ends with it.
// It reports whether the track was cut off by the end of the switch itself.
func (c *call) date(ctx context.Context, l *leg, t *tape) (cut bool) {
	if !l.vanished || !t.finished {
		return false
	}
	length, whole, err := c.sw.length(ctx, t.name)
	if err != nil {
		c.log.Warn("when a leg ended is not known", "channel", l.id, "error", err)
		return false
	}
	l.gone = earlier(l.gone, later(t.began.Add(length), c.taxpayer.up))
	return !whole
}
