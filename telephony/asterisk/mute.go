package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// mute lets both recordings write silence of true length.
func (c *call) mute(ctx context.Context) {
	if !c.talking || !c.tapes.muted.IsZero() {
		return
	}
	at := c.sw.now()
	for _, t := range c.tapes.running() {
		err := c.ask(ctx, func(ctx context.Context) error { return c.sw.client.MuteRecording(ctx, t.name) }, nil)
		if err != nil && !ari.IsNotFound(err) {
			c.log.Error("the recording is not muted", "recording", t.name, "error", err)
			c.unmuteTapes(ctx)
			return
		}
	}
	c.tapes.muted = at
	c.note(telephony.Event{Kind: telephony.RecordingMuted, At: at})
}

// unmute lets them write what is said again.
func (c *call) unmute(ctx context.Context) {
	since := c.tapes.muted
	if since.IsZero() {
		return
	}
	c.tapes.muted = time.Time{}
	if !c.unmuteTapes(ctx) {
		// Tried again by the limit, but not in the same breath.
		c.tapes.muted = later(since, c.sw.now().Add(retryMost-c.request.MuteLimit))
		return
	}
	c.note(telephony.Event{Kind: telephony.RecordingUnmuted})
}

// unmuteTapes reports whether no recording writes silence any more.
func (c *call) unmuteTapes(ctx context.Context) bool {
	ok := true
	for _, t := range c.tapes.running() {
		err := c.ask(ctx, func(ctx context.Context) error { return c.sw.client.UnmuteRecording(ctx, t.name) }, nil)
		if err != nil && !ari.IsNotFound(err) { // not found: it has ended
			c.log.Error("the recording is still muted", "recording", t.name, "error", err)
			ok = false
		}
	}
	return ok
}

// muteEnd is when a mute has lasted as long as it may; false if there is no such moment.
func (c *call) muteEnd() (time.Time, bool) {
	if c.tapes.muted.IsZero() || c.request.MuteLimit <= 0 {
		return time.Time{}, false
	}
	return c.tapes.muted.Add(c.request.MuteLimit), true
}
