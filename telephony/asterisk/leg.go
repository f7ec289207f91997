package asterisk

import (
	"time"

	"sambung/telephony/ari"
)

// leg is one channel of a call, as far as it is known. Owned by the call's goroutine.
type leg struct {
	id       string
	made     bool // the switch was asked for it: it is looked for after a gap
	entered  bool // it is in the application
	dialled  bool // its dial was carried out
	ringing  time.Time
	up       time.Time
	gone     time.Time
	sip      int  // status, of ChannelDestroyed
	cause    int  // ITU-T Q.850, of ChannelDestroyed
	vanished bool // gone while nobody was looking: when and why is not known
}

func (l *leg) isUp() bool   { return !l.up.IsZero() && l.gone.IsZero() }
func (l *leg) isGone() bool { return !l.gone.IsZero() }

// there reports whether the leg may be at the switch.
func (l *leg) there() bool { return l.made && l.gone.IsZero() }

// see takes an event of this channel in. at is the event's time.
func (l *leg) see(e ari.Event, at time.Time) {
	switch e.Type {
	case ari.StasisStart:
		l.made, l.entered = true, true
	case ari.ChannelStateChange:
		l.state(e.Channel.State, at)
	case ari.DialEvent:
		l.dialled = true // the first one has no status: the dial was carried out
		switch e.DialStatus {
		case "RINGING", "PROGRESS":
			l.state("Ringing", at)
		case "ANSWER":
			l.state("Up", at)
		}
	case ari.ChannelDestroyed:
		if l.gone.IsZero() || l.vanished {
			l.gone, l.sip, l.cause, l.vanished = at, e.SIPCode, e.Cause, false
		}
	}
}

func (l *leg) state(state string, at time.Time) {
	switch state {
	case "Ringing":
		l.dialled = true
		if l.ringing.IsZero() && l.up.IsZero() {
			l.ringing = at
		}
	case "Up":
		l.dialled = true
		if l.up.IsZero() {
			l.up = at
		}
	}
}

// look takes in what was found when the channel was looked for.
func (l *leg) look(c ari.Channel, found bool, now time.Time) {
	switch {
	case found:
		l.made, l.entered = true, true
		l.state(c.State, now)
	case l.gone.IsZero():
		l.gone, l.vanished = now, true
	}
}
