package asterisk

import (
	"context"
	"strings"
	"time"

	"sambung/telephony"
)

// identityKey, after a star, confirms the taxpayer's identity.
const identityKey = '9'

// converse is the talk, from the taxpayer's answer on.
func (c *call) converse(ctx context.Context) error {
	c.reportRinging()
	c.notes.note(telephony.Event{Kind: telephony.TaxpayerAnswered, At: c.taxpayer.up})
	return c.talk(ctx, true)
}

// talk lasts until either leg is gone or somebody asks to end it.
func (c *call) talk(ctx context.Context, announce bool) error {
	c.talking = true
	announcement, announced := "", !announce
	if announce {
		var err error
		if announcement, err = c.play(ctx, c.sw.config.Media.Announcement); err != nil {
			c.log.Error("the announcement was not played", "error", err)
			announced = true
		}
	}
	forever := c.sw.now().Add(30 * 24 * time.Hour) // the orphan limit of the channels is far below
	_, err := c.wait(ctx, forever, func() bool {
		if !announced && c.played[announcement] {
			announced = true
			c.reportAnnouncement(announcement)
		}
		c.readTalkKeys()
		return c.agent.isGone() || c.taxpayer.isGone() || c.hangUp
	})
	if err != nil {
		return err
	}
	return c.hungUp()
}

// reportAnnouncement says that the announcement was heard, if it was.
func (c *call) reportAnnouncement(playback string) {
	if c.unheard[playback] {
		c.log.Error("the announcement was not heard to its end")
		return
	}
	c.notes.note(telephony.Event{Kind: telephony.AnnouncementPlayed, At: c.sw.now(), Media: c.sw.config.Media.Announcement})
}

// hungUp ends an answered call: who was first, and when.
func (c *call) hungUp() error {
	r := telephony.Result{Status: telephony.Answered, AnsweredAt: c.taxpayer.up, Tracks: c.tracks}
	switch {
	case c.taxpayer.isGone() && (!c.agent.isGone() || !c.taxpayer.gone.After(c.agent.gone)):
		r.EndedBy, r.EndedAt = telephony.PartyTaxpayer, c.taxpayer.gone
		if c.taxpayer.vanished {
			r.EndedBy, r.Reason = telephony.PartySystem, "it ended while events were lost"
		}
	case c.agent.isGone():
		r.EndedBy, r.EndedAt = telephony.PartyAgent, c.agent.gone
		if c.agent.vanished {
			r.EndedBy, r.Reason = telephony.PartySystem, "it ended while events were lost"
		}
	default:
		r.EndedBy, r.EndedAt = telephony.PartyAgent, c.sw.now() // by the page or the API
	}
	return &ended{r}
}

// readTalkKeys looks at what the agent pressed during the talk: a star and a
// key. Anything else is for the other side's menu, and none of ours.
func (c *call) readTalkKeys() {
	for _, key := range c.keys {
		switch {
		case key == '*':
			c.star = true
			continue
		case c.star && key == identityKey:
			c.confirmIdentity()
		case c.star && strings.IndexByte(c.request.OutcomeKeys, key) >= 0:
			c.keyed(key, telephony.ViaInTalk)
		}
		c.star = false
	}
	c.keys = nil
}

func (c *call) keyed(key byte, via telephony.Via) {
	c.known = true
	c.notes.note(telephony.Event{Kind: telephony.OutcomeKeyed, At: c.sw.now(), Key: string(key), Via: via})
}

func (c *call) confirmIdentity() {
	if !c.identity && c.talking {
		c.identity = true
		c.notes.note(telephony.Event{Kind: telephony.IdentityConfirmed, At: c.sw.now()})
	}
}

// obey does what the page, the API or the daemon asks.
func (c *call) obey(ctx context.Context, command telephony.Command) {
	switch command {
	case telephony.Mute:
		c.mute(ctx)
	case telephony.Unmute:
		c.unmute(ctx)
	case telephony.HangUp:
		c.hangUp = true
	case telephony.Confirmed:
		c.known = true
	case telephony.ConfirmIdentity:
		c.confirmIdentity()
	default:
		c.log.Warn("unknown command", "command", command)
	}
}
