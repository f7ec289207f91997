package doctor

import (
	"context"
	"errors"
	"strings"
	"time"

	"sambung/telephony/ari"
	"sambung/telephony/asterisk"
)

// failsWithin is how soon after its start the playback of a file fails that is
// not there. Tried: within 10 ms.
const failsWithin = 100 * time.Millisecond

// prompts are what a call plays.
func prompts() []string {
	m := asterisk.DefaultMedia()
	return []string{m.Announcement, m.OutcomeMenu, m.OutcomeAccepted, m.OutcomeInvalid, m.NotReached}
}

// tryPrompts plays every prompt of a call to a bridge, where nobody listens.
func (t *tryout) tryPrompts(ctx context.Context, channel string) {
	bridge := ownName()
	err := t.client.CreateBridge(ctx, bridge)
	if err == nil {
		defer t.tidy(ctx, "bridge", func(ctx context.Context) error { return t.client.DestroyBridge(ctx, bridge) })
		err = t.client.AddToBridge(ctx, bridge, channel)
	}
	if err != nil {
		t.fault("it joins nobody in a bridge", "load bridge_simple.so, bridge_softmix.so and res_ari_bridges.so", err)
		return
	}
	var missing []string
	for _, media := range prompts() {
		played, err := t.plays(ctx, bridge, media)
		if err != nil {
			t.fault("prompts cannot be played", "load res_stasis_playback.so and chan_bridge_media.so", err)
			return
		}
		if !played {
			missing = append(missing, strings.TrimPrefix(media, "sound:"))
		}
	}
	if len(missing) > 0 {
		t.fault("prompts are missing: "+strings.Join(missing, ", "), "copy configs/asterisk/sounds/sambung to /usr/share/asterisk/sounds/sambung (astdatadir in asterisk.conf), readable by Asterisk's user")
		return
	}
	t.ok("the prompts are there")
}

// plays reports whether a prompt begins and does not fail at once. It is not
// heard to its end.
func (t *tryout) plays(ctx context.Context, bridge, media string) (bool, error) {
	id, err := t.play(ctx, bridge, media)
	if err != nil {
		return false, err
	}
	is := func(kind string) func(ari.Event) bool {
		return func(e ari.Event) bool { return e.Type == kind && e.Playback == id }
	}
	if _, err := t.until(ctx, eventLimit, is(ari.PlaybackStarted)); err != nil {
		return false, err
	}
	end, err := t.until(ctx, failsWithin, is(ari.PlaybackFinished))
	switch {
	case err == nil:
		return !end.Failed, nil
	case !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil:
		return false, err
	}
	if err := t.client.StopPlayback(ctx, id); err != nil && !ari.IsNotFound(err) {
		return false, err
	}
	end, err = t.until(ctx, eventLimit, is(ari.PlaybackFinished))
	return !end.Failed, err // a busy switch can be slow to find that it has no such file
}

const (
	playTries = 4
	playPause = 150 * time.Millisecond
)

// play begins to play a prompt. Asterisk can refuse one in the moment another
// ends (tried: 500, "Allocation failed").
func (t *tryout) play(ctx context.Context, bridge, media string) (id string, err error) {
	for range playTries {
		id = ownName()
		if err = t.client.PlayToBridge(ctx, bridge, id, media); ari.Status(err) != 500 {
			return id, err
		}
		select {
		case <-ctx.Done():
			return id, ctx.Err()
		case <-time.After(playPause):
		}
	}
	return id, err
}
