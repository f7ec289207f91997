package asterisk

import (
	"context"
	"strings"

	"sambung/telephony"
)

// identityKey, after a star, confirms the taxpayer's identity.
const identityKey = '9'

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
		case c.star && c.confirms(key):
			c.keyed(key, telephony.ViaInTalk)
		}
		c.star = false
	}
	c.keys = nil
}

// confirms reports whether a key confirms an outcome.
func (c *call) confirms(key byte) bool { return strings.IndexByte(c.request.OutcomeKeys, key) >= 0 }

// keyed reports an outcome. It may be corrected: the last one counts.
func (c *call) keyed(key byte, via telephony.Via) {
	c.known = true
	c.note(telephony.Event{Kind: telephony.OutcomeKeyed, Key: string(key), Via: via})
}

func (c *call) confirmIdentity() {
	if c.talking && !c.identity {
		c.identity = true
		c.note(telephony.Event{Kind: telephony.IdentityConfirmed})
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
	case "": // the channel of commands was closed
		c.request.Commands = nil
	default:
		c.log.Warn("unknown command", "command", command)
	}
}
