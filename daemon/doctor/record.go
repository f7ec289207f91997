package doctor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"sambung/telephony/ari"
)

const (
	recordFor = 300 * time.Millisecond
	recordMin = 100 * time.Millisecond
	wavHeader = 44
	wavRate   = 16000 // bytes a second: 8 kHz, 16 bits, one channel
	// orphan is when a channel ends by itself that nobody removed, in seconds.
	orphan = "30"
)

const folderRemedy = "make Asterisk's recording folder and give it to Asterisk's user: install -d -o asterisk -g asterisk -m 750 /var/spool/asterisk/recording"

// tryCall tries what a call needs on a channel that is created and never
// dialled, which rings nobody.
func (t *tryout) tryCall(ctx context.Context, l *line, x *examination) {
	channel := ownName()
	if !t.createChannel(ctx, l, x, channel) {
		return
	}
	defer t.hangUp(ctx, channel, ari.ChannelDestroyed)
	if err := t.started(ctx, channel); err != nil {
		t.fault("a created channel does not come into the application", "load res_stasis.so, app_stasis.so and bridge_holding.so", err)
		return
	}
	snoop := ownName()
	_, err := t.client.Snoop(ctx, channel, snoop)
	if err == nil {
		err = t.started(ctx, snoop)
	}
	if err != nil {
		t.fault("a channel cannot be listened to", "load res_stasis_snoop.so", err)
		return
	}
	defer t.hangUp(ctx, snoop, ari.StasisEnd)
	t.record(ctx, snoop, ownName())
	// In the place of the channel itself: pjproject protests against prompts to
	// one that was not dialled.
	t.tryPrompts(ctx, snoop)
}

// createChannel creates one at the trunk, or at an agent's telephone if the
// trunk is away. Its fault is the trunk's own, which is examined apart.
func (t *tryout) createChannel(ctx context.Context, l *line, x *examination, id string) bool {
	create := func(endpoint string) error {
		_, err := t.client.CreateChannel(ctx, ari.CreateChannel{ID: id, Endpoint: endpoint, Variables: map[string]string{"TIMEOUT(absolute)": orphan}})
		return err
	}
	err := create("PJSIP/" + l.config.Trunk)
	if err == nil {
		return true
	}
	if agents := x.agents.wait(); agents != nil {
		for _, a := range *agents {
			if a.Switch == l.config.Name && create(a.Endpoint) == nil {
				return true
			}
		}
	}
	t.warn("not examined: recording and prompts", "mend this first: trunk "+l.config.Name+", or register an agent's telephone",
		"it needs an endpoint with a contact: ", err)
	return false
}

// hangUp ends a channel and waits for its last event: Asterisk forgets the
// doctor's application when it is left, unless something is in it still.
func (t *tryout) hangUp(ctx context.Context, channel, last string) {
	t.tidy(ctx, "channel", func(ctx context.Context) error {
		if err := t.client.HangUp(ctx, channel); err != nil {
			return err
		}
		_, err := t.until(ctx, eventLimit, func(e ari.Event) bool { return e.Type == last && e.Channel.ID == channel })
		return err
	})
}

// record records a moment of silence, as a call is recorded: by a snoop.
func (t *tryout) record(ctx context.Context, snoop, name string) {
	err := t.client.RecordWith(ctx, snoop, ari.RecordOptions{Name: name, MaxDuration: 5 * time.Second})
	switch {
	case ari.Status(err) == http.StatusInternalServerError:
		t.fault("it cannot record: its recording folder is missing, or Asterisk may not write there", folderRemedy, err)
		return
	case err != nil:
		t.fault("it cannot record", "load res_stasis_recording.so, res_ari_recordings.so and format_wav.so", err)
		return
	}
	defer t.tidy(ctx, "recording", func(ctx context.Context) error { return t.client.DeleteRecording(ctx, name) })
	select {
	case <-time.After(recordFor):
	case <-ctx.Done():
	}
	if err := t.client.StopRecording(ctx, name); err != nil {
		t.fault("a recording does not stop", "see Asterisk's log", err)
		return
	}
	end, err := t.until(ctx, eventLimit, func(e ari.Event) bool {
		return (e.Type == ari.RecordingFinished || e.Type == ari.RecordingFailed) && e.Recording.Name == name
	})
	if err != nil || end.Type == ari.RecordingFailed {
		t.fault("a recording fails", folderRemedy, end.Recording.Cause, err)
		return
	}
	t.fetch(ctx, name)
}

// fetch looks at what was recorded: Asterisk says "done" on a full disk, too.
func (t *tryout) fetch(ctx context.Context, name string) {
	n, err := t.client.RecordingFile(ctx, name, io.Discard)
	if err != nil {
		t.fault("a recording cannot be fetched", "load res_ari_recordings.so; see Asterisk's log", err)
		return
	}
	length := time.Duration(max(n-wavHeader, 0)) * time.Second / wavRate
	detail := fmt.Sprintf("%s were asked for, %s are in the file", recordFor, short(length))
	if length < recordMin {
		t.fault("a recording is too short", "see whether the disk of /var/spool/asterisk is full, and how loaded the switch is", detail)
		return
	}
	t.ok("it records, and the recording was fetched", detail)
}
