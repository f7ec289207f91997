package asterisk

import (
	"slices"
	"testing"
	"time"

	"sambung/telephony/ari"
)

func TestLegTakesEventsIn(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2026, 11, 23, 8, 0, s, 0, time.UTC) }
	l := leg{id: "x"}
	if l.there() || l.isUp() || l.isGone() {
		t.Error("a leg nobody made is there")
	}
	l.made = true
	l.see(ari.Event{Type: ari.StasisStart}, at(1))
	if !l.entered || l.dialled {
		t.Errorf("after it entered: %+v", l)
	}
	l.see(ari.Event{Type: ari.DialEvent}, at(2))
	if !l.dialled || !l.ringing.IsZero() {
		t.Errorf("after the dial: %+v", l)
	}
	l.see(ari.Event{Type: ari.DialEvent, DialStatus: "PROGRESS"}, at(3))
	l.see(ari.Event{Type: ari.ChannelStateChange, Channel: ari.Channel{State: "Ringing"}}, at(4))
	if !l.ringing.Equal(at(3)) {
		t.Errorf("it rings since %s, want the first word of it", l.ringing)
	}
	l.see(ari.Event{Type: ari.ChannelStateChange, Channel: ari.Channel{State: "Up"}}, at(5))
	l.see(ari.Event{Type: ari.DialEvent, DialStatus: "ANSWER"}, at(6))
	if !l.isUp() || !l.up.Equal(at(5)) {
		t.Errorf("after the answer: %+v", l)
	}
	l.see(ari.Event{Type: ari.ChannelDestroyed, Cause: 16}, at(7))
	l.look(ari.Channel{}, false, at(8))
	if l.isUp() || !l.gone.Equal(at(7)) || l.cause != 16 || l.vanished {
		t.Errorf("after its end: %+v", l)
	}
}

func TestLegThatIsLookedFor(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	up := leg{id: "x", made: true}
	up.look(ari.Channel{State: "Up"}, true, now)
	if !up.isUp() || !up.entered || !up.dialled || !up.up.Equal(now) {
		t.Errorf("found up: %+v", up)
	}
	down := leg{id: "x", made: true}
	down.look(ari.Channel{State: "Down"}, true, now)
	if down.dialled || !down.there() {
		t.Errorf("found down: %+v", down)
	}
	gone := leg{id: "x", made: true}
	gone.look(ari.Channel{}, false, now)
	if !gone.isGone() || !gone.vanished {
		t.Errorf("not found: %+v", gone)
	}
	// Its end comes late, with the cause.
	gone.see(ari.Event{Type: ari.ChannelDestroyed, Cause: 17, SIPCode: 486}, now.Add(-time.Second))
	if gone.vanished || gone.sip != 486 || !gone.gone.Equal(now.Add(-time.Second)) {
		t.Errorf("after the late word of its end: %+v", gone)
	}
}

// TestLeft: what was never asked for, and what the switch saw off, is not removed
// once more; what was only not found is.
func TestLeft(t *testing.T) {
	c := call{}
	at := time.Now()
	never, here, ended, vanished := leg{id: "never"}, leg{id: "here", made: true}, leg{id: "ended", made: true}, leg{id: "vanished", made: true}
	ended.see(ari.Event{Type: ari.ChannelDestroyed}, at)
	vanished.look(ari.Channel{}, false, at)
	c.all = []*leg{&never, &here, &ended, &vanished}
	var left []string
	for _, l := range c.left() {
		left = append(left, l.id)
	}
	if want := []string{"here", "vanished"}; !slices.Equal(left, want) || len(c.all) != 4 {
		t.Errorf("left are %v, want %v", left, want)
	}
}
