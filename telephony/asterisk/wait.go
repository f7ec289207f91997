package asterisk

import (
	"context"
	"fmt"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// wait lets the world go on until the condition holds or the moment has come;
// then it reports whether the condition holds. Meanwhile it looks after
// everything that can happen: events, commands, the end of a mute.
func (c *call) wait(ctx context.Context, until time.Time, holds func() bool) (bool, error) {
	return c.waitOr(ctx, until, nil, holds)
}

// waitOr asks the condition also when a channel is closed.
func (c *call) waitOr(ctx context.Context, until time.Time, wake <-chan struct{}, holds func() bool) (bool, error) {
	for {
		if err := c.takeIn(ctx); err != nil {
			return false, err
		}
		if holds() {
			return true, nil
		}
		now := c.sw.now()
		if !now.Before(until) {
			return false, nil
		}
		timer := time.NewTimer(c.nextMoment(until).Sub(now))
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-c.events.Ready():
		case command := <-c.request.Commands:
			c.obey(ctx, command)
		case <-wake:
		}
		timer.Stop()
	}
}

// nextMoment is when there is something to do without a word from anybody.
func (c *call) nextMoment(until time.Time) time.Time {
	if c.stale {
		until = earlier(until, c.lookAt)
	}
	if end, ok := c.muteEnd(); ok {
		until = earlier(until, end)
	}
	return until
}

// takeIn brings the state of the call up to now. It returns an error when the
// process is to end or the switch is lost: then nothing more may be done.
func (c *call) takeIn(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, e := range c.events.Take() {
		c.see(e)
	}
	if c.lost || c.sw.stream.Err() != nil {
		return telephony.ErrSwitchLost
	}
	if now := c.sw.now(); c.stale && !now.Before(c.lookAt) {
		c.lookAround(ctx, now)
	}
	if end, ok := c.muteEnd(); ok && !c.sw.now().Before(end) {
		c.unmute(ctx)
	}
	return ctx.Err()
}

// heeded are the events that see, or a trial, takes in: every other one of a call,
// nearly half of them, would be made, sent and read for nothing.
func heeded() []string {
	return []string{
		ari.StasisStart, ari.ChannelStateChange, ari.ChannelDestroyed, ari.ChannelDtmfReceived, ari.DialEvent,
		ari.PlaybackFinished, ari.RecordingStarted, ari.RecordingFinished, ari.RecordingFailed,
	}
}

// see takes one event in.
func (c *call) see(e ari.Event) {
	at := e.At
	if at.IsZero() {
		at = c.sw.now()
	}
	switch e.Type {
	case ari.Gap:
		c.gaps++
		c.stale, c.lookAt = true, time.Time{}
	case ari.Replaced:
		c.lost = true
	case ari.RecordingStarted, ari.RecordingFinished, ari.RecordingFailed:
		c.tapes.see(e, at)
		if e.Type == ari.RecordingFailed {
			c.log.Error("a recording failed", "recording", e.Recording.Name, "cause", e.Recording.Cause)
		}
	case ari.PlaybackFinished:
		c.prompts.see(e)
	case ari.ChannelDtmfReceived:
		answered := !c.taxpayer.up.IsZero() // what is pressed before says nothing of a talk
		if answered && (e.Channel.ID == c.agent.id || e.Channel.ID == c.ringback.id) {
			c.keys = append(c.keys, e.Digit...)
		}
	default:
		for _, l := range c.legs() {
			if l.id == e.Channel.ID {
				l.see(e, at)
			}
		}
	}
}

func (c *call) legs() []*leg { return c.all }

// lookPause is how long a switch that cannot be asked is left alone.
const lookPause = 300 * time.Millisecond

// lookAround finds out what became of the call while events were lost. While
// the switch cannot be asked, it is asked again later.
func (c *call) lookAround(ctx context.Context, now time.Time) {
	if err := c.look(ctx, now); err != nil {
		c.log.Warn("the switch cannot be asked what became of the call; trying again", "error", err)
		c.lookAt = c.sw.now().Add(lookPause)
		return
	}
	c.stale = false
}

// lookNow returns when what is known of the call is what the switch says now.
// Before something is ended because nothing was heard of it, it is looked for:
// the word may have been lost.
func (c *call) lookNow(ctx context.Context) error {
	c.stale, c.lookAt = true, time.Time{}
	_, err := c.wait(ctx, forever(c.sw.now()), func() bool { return !c.stale })
	return err
}

func (c *call) look(ctx context.Context, now time.Time) error {
	for _, l := range c.legs() {
		if !l.there() {
			continue
		}
		ch, err := c.sw.client.Channel(ctx, l.id)
		if err != nil && !ari.IsNotFound(err) {
			return fmt.Errorf("looking for channel %s: %w", l.id, err)
		}
		l.look(ch, err == nil, now)
	}
	for _, t := range c.tapes.running() {
		if _, err := c.sw.client.LiveRecording(ctx, t.name); ari.IsNotFound(err) {
			t.finished = true
		} else if err != nil {
			return fmt.Errorf("looking for recording %s: %w", t.name, err)
		}
	}
	c.prompts.forget()
	return nil
}

func never() bool { return false }

// forever is a moment that does not come; what bounds the wait is said elsewhere.
func forever(now time.Time) time.Time { return now.Add(30 * 24 * time.Hour) }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
