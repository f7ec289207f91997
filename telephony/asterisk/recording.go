package asterisk

import (
	"context"
	"fmt"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// record listens to each leg alone and records it. It returns when both
// recordings are being written, before anybody is rung.
func (c *call) record(ctx context.Context) error {
	pairs := []struct{ leg, snoop *leg }{{&c.agent, &c.agentSnoop}, {&c.taxpayer, &c.taxpayerSnoop}}
	for _, p := range pairs {
		if _, err := c.sw.client.Snoop(ctx, p.leg.id, p.snoop.id); err != nil && !ari.MaybeDone(err) {
			return err
		}
	}
	for _, p := range pairs {
		if err := c.entered(ctx, p.snoop); err != nil {
			return err
		}
	}
	for _, p := range pairs { // one right after the other: the tracks begin together
		if err := c.sw.client.Record(ctx, p.snoop.id, p.leg.id); err != nil && !ari.MaybeDone(err) {
			return err
		}
	}
	begun := func() bool { return len(c.started) == len(pairs) }
	ok, err := c.wait(ctx, c.sw.now().Add(recordLimit), begun)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("no word within %s that both recordings are being written", recordLimit)
	}
	c.tracks = &telephony.Tracks{
		Agent: c.agent.id, Taxpayer: c.taxpayer.id,
		AgentStartedAt: c.started[c.agent.id], TaxpayerStartedAt: c.started[c.taxpayer.id],
	}
	c.notes.note(telephony.Event{Kind: telephony.RecordingStarted, At: c.sw.now(), Tracks: c.tracks})
	return nil
}

// stopRecordings ends both and waits until the switch has put them down.
func (c *call) stopRecordings(ctx context.Context) error {
	if c.tracks == nil {
		return nil
	}
	names := []string{c.tracks.Agent, c.tracks.Taxpayer}
	for _, name := range names {
		if c.finished[name] {
			continue
		}
		switch err := c.sw.client.StopRecording(ctx, name); {
		case ari.IsNotFound(err):
			c.finished[name] = true
		case err != nil:
			c.log.Warn("a recording was not stopped; it ends with its channel", "recording", name, "error", err)
		}
	}
	_, err := c.wait(ctx, c.sw.now().Add(recordLimit), func() bool { return c.finished[names[0]] && c.finished[names[1]] })
	return err
}

// mute lets both recordings write silence of true length.
func (c *call) mute(ctx context.Context) {
	if c.tracks == nil || !c.talking || !c.muted.IsZero() {
		return
	}
	for _, name := range []string{c.tracks.Agent, c.tracks.Taxpayer} {
		if err := c.sw.client.MuteRecording(ctx, name); err != nil {
			c.log.Warn("the recording was not muted", "recording", name, "error", err)
			c.unmuteTracks(ctx)
			return
		}
	}
	c.muted = c.sw.now()
	c.notes.note(telephony.Event{Kind: telephony.RecordingMuted, At: c.muted})
}

// unmute lets them write what is said again.
func (c *call) unmute(ctx context.Context) {
	if c.muted.IsZero() {
		return
	}
	if !c.unmuteTracks(ctx) {
		c.muted = c.sw.now() // tried again after the limit
		return
	}
	c.muted = time.Time{}
	c.notes.note(telephony.Event{Kind: telephony.RecordingUnmuted, At: c.sw.now()})
}

func (c *call) unmuteTracks(ctx context.Context) bool {
	ok := true
	for _, name := range []string{c.tracks.Agent, c.tracks.Taxpayer} {
		if err := c.sw.client.UnmuteRecording(ctx, name); err != nil && !ari.IsNotFound(err) {
			c.log.Error("the recording was not unmuted", "recording", name, "error", err)
			ok = false
		}
	}
	return ok
}

// muteTimer fires when a mute has lasted as long as it may.
func (c *call) muteTimer() (<-chan time.Time, func()) {
	if c.muted.IsZero() || c.request.MuteLimit <= 0 {
		return nil, func() {}
	}
	t := time.NewTimer(c.muted.Add(c.request.MuteLimit).Sub(c.sw.now()))
	return t.C, func() { t.Stop() }
}
