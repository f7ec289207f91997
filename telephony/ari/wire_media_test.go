package ari

import (
	"bytes"
	"slices"
	"testing"
	"time"
)

// wireRecording records what a created channel says through a snoop.
func wireRecording(t *testing.T, open opener) {
	s := newSite(t, open, "")
	ctx, w := t.Context(), s.watch("A-1")
	s.create(w, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + s.trunk})
	_, err := s.Snoop(ctx, "A-1-agent", "A-1-agent-snoop")
	must(t, err)
	w.until("StasisStart A-1-agent-snoop")
	if _, err := s.Snoop(ctx, "A-1-agent", "A-1-agent-snoop"); Status(err) != 500 {
		t.Errorf("snooping twice: %v", err)
	}
	const name = "A-1-agent"
	must(t, s.Record(ctx, "A-1-agent-snoop", name))
	started := w.until("RecordingStarted")
	if err := s.Record(ctx, "A-1-agent-snoop", name); !IsConflict(err) {
		t.Errorf("recording twice: %v", err)
	}
	if live, err := s.Client.LiveRecording(ctx, name); err != nil || live != (LiveRecording{Name: name, Format: "wav", Target: "channel:A-1-agent-snoop", State: "recording"}) {
		t.Errorf("%+v, %v", live, err)
	}
	must(t, s.MuteRecording(ctx, name))
	must(t, s.UnmuteRecording(ctx, name))
	must(t, s.StopRecording(ctx, name))
	stopped := w.until("RecordingFinished")
	// Asterisk tells before it is done: the recording stays live for a moment.
	s.await("no longer live", func() bool { _, err := s.Client.LiveRecording(ctx, name); return IsNotFound(err) })
	length := stopped.At.Sub(started.At)
	s.storedFile(name, length-150*time.Millisecond, length+150*time.Millisecond)

	inFolder := s.watch("folder/A-1")
	must(t, s.RecordWith(ctx, "A-1-agent-snoop", RecordOptions{Name: "folder/" + name, MaxDuration: time.Second}))
	inFolder.until("RecordingFinished") // by itself
	s.storedFile("folder/"+name, time.Second, 2200*time.Millisecond)
	must(t, s.Record(ctx, "A-1-agent-snoop", name)) // the name is free again
	w.until("RecordingStarted")
	if err := s.DiscardRecording(ctx, name); err != nil && Status(err) != 500 { // see there
		t.Error(err)
	}
	w.until("RecordingFinished")
	// Asterisk tells before it is done here, too: the file goes a moment later.
	s.await("all removed", func() bool { all, err := s.StoredRecordings(ctx); return err == nil && len(all) == 0 })
	must(t, s.HangUp(ctx, "A-1-agent"))
	w.until("ChannelDestroyed A-1-agent")
	// The snoop ends with its channel, and no ChannelDestroyed tells of it.
	w.expect("A-1-agent-snoop", "StasisStart A-1-agent-snoop state=Up", "StasisEnd A-1-agent-snoop state=Up")
}

// storedFile fetches a recording of 8 kHz, 16 bit, and removes it.
func (s site) storedFile(name string, least, most time.Duration) {
	s.t.Helper()
	ctx := s.t.Context()
	if stored, err := s.Client.StoredRecording(ctx, name); err != nil || stored != (StoredRecording{name, "wav"}) {
		s.t.Errorf("%+v, %v", stored, err)
	}
	file, size, err := s.OpenRecording(ctx, name)
	must(s.t, err)
	must(s.t, file.Close()) // given up early
	var sound bytes.Buffer
	n, err := s.RecordingFile(ctx, name, &sound)
	if err != nil || n != size || n < 44 || !bytes.HasPrefix(sound.Bytes(), []byte("RIFF")) {
		s.t.Fatalf("%s: %d bytes, announced as %d, %v", name, n, size, err)
	}
	const second = 16000 // bytes
	if got := time.Duration(n-44) * time.Second / second; got < least || got > most {
		s.t.Errorf("%s is %s long, want %s to %s", name, got, least, most)
	}
	must(s.t, s.DeleteRecording(ctx, name))
	if err := s.DeleteRecording(ctx, name); !IsNotFound(err) {
		s.t.Errorf("removing %s twice: %v", name, err)
	}
}

// wireBridge: a channel that rings nobody hears announcements.
func wireBridge(t *testing.T, open opener) {
	s := newSite(t, open, "")
	ctx, w := t.Context(), s.watch("A-1")
	s.create(w, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + s.trunk})
	must(t, s.CreateBridge(ctx, "A-1"))
	if err := s.CreateBridge(ctx, "A-1"); !IsConflict(err) {
		t.Errorf("a second bridge: %v", err)
	}
	must(t, s.AddToBridge(ctx, "A-1", "A-1-agent"))
	if b, err := s.Client.Bridge(ctx, "A-1"); err != nil || !slices.Equal(b.Channels, []string{"A-1-agent"}) {
		t.Errorf("%+v, %v", b, err)
	}
	must(t, s.PlayToBridge(ctx, "A-1", "A-1-play-0", "sound:sambung/id/beep"))
	w.until("PlaybackStarted")
	w.until("PlaybackFinished")
	if err := s.StopPlayback(ctx, "A-1-play-0"); !IsNotFound(err) {
		t.Errorf("stopping what is over: %v", err)
	}
	must(t, s.PlayToBridge(ctx, "A-1", "A-1-twice", "sound:sambung/id/beep"))
	must(t, s.PlayToBridge(ctx, "A-1", "A-1-twice", "sound:sambung/id/beep")) // is accepted, too
	w.until("PlaybackFinished A-1-twice")
	w.until("PlaybackFinished A-1-twice")
	must(t, s.PlayToBridge(ctx, "A-1", "A-1-play-1", "sound:no/such")) // is accepted
	w.until("PlaybackFinished")
	must(t, s.PlayToBridge(ctx, "A-1", "A-1-play-2", "tone:busy"))
	w.until("PlaybackStarted A-1-play-2")
	if p, err := s.Client.Playback(ctx, "A-1-play-2"); err != nil || p.State != "playing" || p.Target != "bridge:A-1" {
		t.Errorf("%+v, %v", p, err)
	}
	s.await("stopped", func() bool { // 500 in its first moment
		err := s.StopPlayback(ctx, "A-1-play-2")
		if err != nil && Status(err) != 500 {
			t.Fatal(err)
		}
		return err == nil
	})
	w.until("PlaybackFinished")
	must(t, s.RemoveFromBridge(ctx, "A-1", "A-1-agent"))
	w.until("ChannelLeftBridge")
	must(t, s.AddToBridge(ctx, "A-1", "A-1-agent"))
	must(t, s.DestroyBridge(ctx, "A-1"))
	// BridgeDestroyed does not always come: the application stops hearing of a
	// bridge when its last channel leaves it.
	s.await("destroyed", func() bool { _, err := s.Client.Bridge(ctx, "A-1"); return IsNotFound(err) })
	w.expect("A-1-play-0", "PlaybackStarted A-1-play-0", "PlaybackFinished A-1-play-0")
	w.expect("A-1-play-1", "PlaybackStarted A-1-play-1", "PlaybackFinished A-1-play-1 failed=true")
	w.expect("A-1-play-2", "PlaybackStarted A-1-play-2", "PlaybackFinished A-1-play-2")
	w.until("ChannelLeftBridge")
	w.expect("A-1-agent",
		"StasisStart A-1-agent state=Down",
		"ChannelEnteredBridge A-1-agent state=Down bridge=A-1",
		"ChannelLeftBridge A-1-agent state=Down bridge=A-1",
		"ChannelEnteredBridge A-1-agent state=Down bridge=A-1",
		"ChannelLeftBridge A-1-agent state=Down bridge=A-1")
}
