package asterisk

import (
	"time"

	"sambung/telephony/ari"
)

// leg is one channel of a call, as far as it is known. Owned by the call's goroutine.
type leg struct {
	id       string
	entered  bool // StasisStart was seen
	ringing  time.Time
	up       time.Time
	gone     time.Time
	sip      int  // status, of ChannelDestroyed
	cause    int  // ITU-T Q.850, of ChannelDestroyed
	vanished bool // gone while nobody was looking: its cause is not known
}

func (l *leg) isUp() bool   { return !l.up.IsZero() && l.gone.IsZero() }
func (l *leg) isGone() bool { return !l.gone.IsZero() }

// see takes an event of this channel in. at is the event's time.
func (l *leg) see(e ari.Event, at time.Time) {
	switch e.Type {
	case ari.StasisStart:
		l.entered = true
	case ari.ChannelStateChange:
		l.state(e.Channel.State, at)
	case ari.DialEvent:
		switch e.DialStatus {
		case "RINGING", "PROGRESS":
			l.ring(at)
		case "ANSWER":
			l.state("Up", at)
		}
	case ari.ChannelDestroyed:
		if l.gone.IsZero() {
			l.gone, l.sip, l.cause = at, e.SIPCode, e.Cause
		}
	}
}

func (l *leg) state(state string, at time.Time) {
	switch state {
	case "Ringing":
		l.ring(at)
	case "Up":
		if l.up.IsZero() {
			l.up = at
		}
	}
}

func (l *leg) ring(at time.Time) {
	if l.ringing.IsZero() {
		l.ringing = at
	}
}

// look takes in what a snapshot found of the channel; found is false if it is
// not there any more.
func (l *leg) look(c ari.Channel, found bool, now time.Time) {
	if !found {
		if l.gone.IsZero() {
			l.gone, l.vanished = now, true
		}
		return
	}
	l.entered = true
	l.state(c.State, now)
}
