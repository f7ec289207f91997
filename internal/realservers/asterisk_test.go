package realservers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

func TestAsteriskServesItsConfiguration(t *testing.T) {
	t.Parallel()
	s := Asterisk(t, AsteriskOptions{Agents: 3, Trunk: "127.0.0.1:9"})
	var info struct{ System struct{ Version string } }
	s.call(t, http.MethodGet, "/asterisk/info", &info)
	if !strings.HasPrefix(info.System.Version, "22.") {
		t.Errorf("Asterisk is %q, want 22", info.System.Version)
	}
	var endpoints []struct{ Resource string }
	s.call(t, http.MethodGet, "/endpoints/PJSIP", &endpoints)
	if len(endpoints) != 4 {
		t.Errorf("endpoints %v, want three agents and the trunk", endpoints)
	}
	if got := s.CLI("pjsip show contacts"); !strings.Contains(got, "trunk/sip:127.0.0.1:9") {
		t.Errorf("the trunk's contact is missing in:\n%s", got)
	}
	log, err := os.ReadFile(s.LogPath)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(log) {
		if bytes.Contains(line, []byte("ERROR")) {
			t.Errorf("the log says: %s", line)
		}
	}
}

// A call that is created, recorded through a snoop, spoken into and dialled,
// with no telephone at the other end.
func TestAsteriskRecordsAndSpeaks(t *testing.T) {
	t.Parallel()
	s := Asterisk(t, AsteriskOptions{Trunk: "127.0.0.1:9"})
	events := s.connect(t)
	s.call(t, http.MethodPost, "/channels/create?app=test&channelId=leg&endpoint=PJSIP/100@"+s.Trunk, nil)
	events.wait("StasisStart", "leg")
	s.call(t, http.MethodPost, "/channels/leg/snoop?app=test&snoopId=snoop&spy=in", nil)
	events.wait("StasisStart", "snoop")
	s.call(t, http.MethodPost, "/channels/snoop/record?name=leg&format=wav", nil)
	s.call(t, http.MethodPost, "/bridges?type=mixing&bridgeId=room", nil)
	s.call(t, http.MethodPost, "/bridges/room/addChannel?channel=leg", nil)

	s.call(t, http.MethodPost, "/channels/leg/dial?timeout=30", nil)
	for _, media := range []string{"sound:sambung/id/beep", "sound:sambung/id/recording-paused"} {
		s.call(t, http.MethodPost, "/bridges/room/play?media="+url.QueryEscape(media), nil)
		if state := events.wait("PlaybackFinished", "").Playback.State; state != "done" {
			t.Errorf("playing %s: %s", media, state)
		}
	}
	s.call(t, http.MethodDelete, "/channels/snoop", nil)
	events.wait("RecordingFinished", "")
	if info, err := os.Stat(filepath.Join(s.RecordingDir, "leg.wav")); err != nil || info.Size() < 1000 {
		t.Errorf("the recording: %v, %v", info, err)
	}
}

func TestAsteriskOutlivesKill(t *testing.T) {
	t.Parallel()
	s := Asterisk(t, AsteriskOptions{})
	other := Asterisk(t, AsteriskOptions{})
	s.Restart()
	s.call(t, http.MethodGet, "/asterisk/info", nil)
	s.Stop()
	select {
	case <-s.Exited():
	default:
		t.Error("a stopped Asterisk still runs")
	}
	other.call(t, http.MethodGet, "/asterisk/info", nil)
}

// call sends a request to ARI, which must succeed, and decodes the reply into
// v unless v is nil.
func (s *AsteriskServer) call(t *testing.T, method, path string, v any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.ARIURL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(s.User, s.Password)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, path, resp.Status)
	}
	if v == nil {
		return
	}
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
}

type event struct {
	Type     string
	Channel  struct{ ID string }
	Playback struct{ State string }
}

type events struct {
	t    *testing.T
	conn *websocket.Conn
}

// connect opens the event stream of the application "test".
func (s *AsteriskServer) connect(t *testing.T) events {
	t.Helper()
	target := fmt.Sprintf("%s/events?app=test&api_key=%s:%s", s.ARIURL, s.User, s.Password)
	conn, _, err := websocket.Dial(t.Context(), target, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	timer := time.AfterFunc(20*time.Second, func() { conn.CloseNow() })
	t.Cleanup(func() { timer.Stop() })
	return events{t, conn}
}

// wait returns the next event of a type and, unless empty, a channel.
func (e events) wait(kind, channel string) event {
	e.t.Helper()
	for {
		var ev event
		if err := wsjson.Read(e.t.Context(), e.conn, &ev); err != nil {
			e.t.Fatalf("waiting for %s: %v", kind, err)
		}
		if ev.Type == kind && (channel == "" || ev.Channel.ID == channel) {
			return ev
		}
	}
}
