package ari

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// sounds are the prompts that are shipped.
func sounds(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS("../../configs/asterisk/sounds")
}

// wireCauses: every status that the network can give, and what Asterisk makes of it.
func wireCauses(t *testing.T, open opener) {
	causes := map[string]int{
		"401 Unauthorized": 21, "403 Forbidden": 21, "404 Not Found": 1, "407 Proxy Authentication Required": 21, "408 Request Timeout": 18,
		"410 Gone": 22, "480 Temporarily Unavailable": 19, "484 Address Incomplete": 28, "486 Busy Here": 17, "500 Server Internal Error": 38,
		"502 Bad Gateway": 27, "503 Service Unavailable": 34, "600 Busy Everywhere": 17, "603 Decline": 21, "604 Does Not Exist Anywhere": 1,
		"607 Unwanted": 127, "608 Rejected": 127,
	}
	var statuses []string
	for status := range causes {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	found := make(map[string]int)
	for _, status := range statuses {
		s := newSite(t, open, status)
		w := s.watch("A-1")
		s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + s.trunk})
		must(t, s.Dial(t.Context(), "A-1-taxpayer", "", 5*time.Second))
		gone := w.until("ChannelDestroyed")
		if !strings.HasPrefix(status, fmt.Sprint(gone.SIPCode)) {
			t.Errorf("%s is told as %d", status, gone.SIPCode)
		}
		found[status] = gone.Cause
		if gone.Cause != causes[status] {
			t.Errorf("%s is told with cause %d, want %d", status, gone.Cause, causes[status])
		}
	}
}

// wireHangUps: what is told when a leg is hung up, by state.
func wireHangUps(t *testing.T, open opener) {
	t.Run("created", func(t *testing.T) {
		s := newSite(t, open, "")
		w := s.watch("A-1")
		s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + s.trunk})
		must(t, s.HangUp(t.Context(), "A-1-taxpayer"))
		w.until("ChannelDestroyed")
		w.expect("A-1-taxpayer",
			"StasisStart A-1-taxpayer state=Down",
			"ChannelHangupRequest A-1-taxpayer state=Down",
			"StasisEnd A-1-taxpayer state=Down",
			"ChannelHangupRequest A-1-taxpayer state=Down cause=16 sip=603",
			"ChannelDestroyed A-1-taxpayer state=Down cause=16 text=Normal Clearing sip=603")
	})
	t.Run("ringing", func(t *testing.T) {
		s := newSite(t, open, "180 Ringing")
		w := s.watch("A-1")
		s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + s.trunk})
		must(t, s.Dial(t.Context(), "A-1-taxpayer", "", 20*time.Second))
		w.until("ChannelStateChange")
		if err := s.Dial(t.Context(), "A-1-taxpayer", "", 20*time.Second); !IsConflict(err) {
			t.Errorf("a second dial: %v", err)
		}
		must(t, s.HangUp(t.Context(), "A-1-taxpayer"))
		w.until("ChannelDestroyed")
		w.expect("A-1-taxpayer",
			"StasisStart A-1-taxpayer state=Down",
			"Dial A-1-taxpayer",
			"ChannelStateChange A-1-taxpayer state=Ringing",
			"Dial A-1-taxpayer dial=RINGING",
			"ChannelHangupRequest A-1-taxpayer state=Ringing",
			"StasisEnd A-1-taxpayer state=Ringing",
			"ChannelDestroyed A-1-taxpayer state=Ringing cause=16 text=Normal Clearing")
		if n := s.calls(); n != 1 {
			t.Errorf("rung %d times", n)
		}
	})
}

// wireRefusals: what is asked of what is not there, and too early or too late.
func wireRefusals(t *testing.T, open opener) {
	s := newSite(t, open, "")
	ctx, w := t.Context(), s.watch("A-1")
	for what, c := range map[string]struct {
		err  error
		want int
	}{
		"dial":            {s.Dial(ctx, "A-1-none", "", time.Second), 404},
		"hang up":         {s.HangUp(ctx, "A-1-none"), 404},
		"add to a bridge": {s.AddToBridge(ctx, "A-1", "A-1-none"), 404},
		"destroy":         {s.DestroyBridge(ctx, "A-1"), 404},
		"stop":            {s.StopRecording(ctx, "A-1-none"), 404},
		"mute":            {s.MuteRecording(ctx, "A-1-none"), 404},
		"unmute":          {s.UnmuteRecording(ctx, "A-1-none"), 404},
		"record":          {s.Record(ctx, "A-1-none", "A-1-none"), 404},
		"remove":          {s.DeleteRecording(ctx, "A-1-none"), 404},
		"stop a playback": {s.StopPlayback(ctx, "A-1-none"), 404},
		"play":            {s.PlayToBridge(ctx, "A-1", "A-1-play", "sound:sambung/id/beep"), 404},
		"watch":           {s.Watch(ctx, "channel:A-1-none"), 422},
	} {
		if Status(c.err) != c.want {
			t.Errorf("%s what is not there: %v, want %d", what, c.err, c.want)
		}
	}
	if _, err := s.Snoop(ctx, "A-1-none", "A-1-none-snoop"); !IsNotFound(err) {
		t.Errorf("snoop on what is not there: %v", err)
	}
	must(t, s.CreateBridge(ctx, "A-1"))
	if err := s.AddToBridge(ctx, "A-1", "A-1-none"); Status(err) != 400 {
		t.Errorf("a channel that is not there into a bridge: %v", err)
	}
	s.create(w, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + s.trunk})
	if err := s.RemoveFromBridge(ctx, "A-1", "A-1-agent"); Status(err) != 422 {
		t.Errorf("out of a bridge it is not in: %v", err)
	}
	_, err := s.Snoop(ctx, "A-1-agent", "A-1-agent-snoop")
	must(t, err)
	w.until("StasisStart A-1-agent-snoop")
	must(t, s.Record(ctx, "A-1-agent-snoop", "A-1-agent"))
	w.until("RecordingStarted")
	must(t, s.StopRecording(ctx, "A-1-agent"))
	w.until("RecordingFinished")
	s.await("stored", func() bool { _, err := s.Client.LiveRecording(ctx, "A-1-agent"); return IsNotFound(err) })
	if err := s.Record(ctx, "A-1-agent-snoop", "A-1-agent"); !IsConflict(err) {
		t.Errorf("a name that is stored: %v", err)
	}
	must(t, s.HangUp(ctx, "A-1-agent"))
	w.until("ChannelDestroyed A-1-agent")
	if err := s.Dial(ctx, "A-1-agent", "", time.Second); !IsNotFound(err) {
		t.Errorf("dialling what was deleted: %v", err)
	}
	must(t, s.DestroyBridge(ctx, "A-1"))
	must(t, s.DeleteRecording(ctx, "A-1-agent"))
}
