package ari

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// frames returns events as Asterisk 22.10.1 wrote them.
func frames(t testing.TB) []string {
	t.Helper()
	file, err := os.Open("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		all = append(all, lines.Text())
	}
	return all
}

// brief prints what the call flow looks at.
func brief(e Event) string {
	parts := []string{e.Type, e.object()}
	add := func(name, value string) {
		if value != "" && value != "0" && value != "[]" && value != "false" {
			parts = append(parts, name+"="+value)
		}
	}
	if e.Type != DialEvent { // the channel may have moved on
		add("state", e.Channel.State)
	}
	add("bridge", e.Bridge)
	add("recording", e.Recording.State)
	add("of", e.Recording.Target)
	add("failed", fmt.Sprint(e.Failed))
	add("args", fmt.Sprint(e.Args))
	add("cause", fmt.Sprint(e.Cause))
	add("text", e.CauseText)
	add("sip", fmt.Sprint(e.SIPCode))
	add("dial", e.DialStatus)
	add("name", e.Name)
	add("raw", fmt.Sprint(len(e.Raw) > 0))
	return strings.Join(parts, " ")
}

func TestDecodeRealEvents(t *testing.T) {
	want := strings.Split(strings.TrimSpace(`
StasisStart A-1-agent state=Down args=[x y]
RecordingStarted A-1-agent recording=recording of=channel:A-1-agent-snoop
ChannelEnteredBridge A-1-agent state=Down bridge=A-1
PlaybackStarted A-1-play-0
PlaybackFinished A-1-play-0
PlaybackFinished A-1-play-1 failed=true
ChannelUserevent A-1-agent state=Down name=hello raw=true
Dial A-1-agent
ChannelHangupRequest A-1-agent state=Down cause=17 sip=486
ChannelLeftBridge A-1-agent state=Down bridge=A-1
StasisEnd A-1-agent state=Down
RecordingFinished A-1-agent recording=done of=channel:A-1-agent-snoop
ChannelDestroyed A-1-agent state=Down cause=17 text=User busy sip=486
BridgeDestroyed A-1 bridge=A-1
ChannelStateChange B-1-taxpayer state=Ringing
Dial B-1-taxpayer dial=RINGING
ChannelHangupRequest B-1-taxpayer state=Ringing
ChannelDestroyed B-1-taxpayer state=Ringing cause=19 text=User alerting, no answer sip=480
ChannelDestroyed E-1-agent state=Down cause=16 text=Normal Clearing
ChannelVarset A-1-agent state=Down raw=true
ChannelHangupRequest F-1-agent state=Down cause=16 sip=603
ChannelDestroyed F-1-agent state=Down cause=16 text=Normal Clearing sip=603
`), "\n")
	all := frames(t)
	if len(all) != len(want) {
		t.Fatalf("%d frames, want %d", len(all), len(want))
	}
	for i, frame := range all {
		e, err := decode([]byte(frame))
		if err != nil {
			t.Errorf("%s: %v", frame, err)
			continue
		}
		if got := brief(e); got != want[i] {
			t.Errorf("frame %d:\n got %s\nwant %s", i+1, got, want[i])
		}
		if e.At.IsZero() || e.At.Year() != 2026 {
			t.Errorf("frame %d: at %s", i+1, e.At)
		}
	}
}

func TestDecodeMoments(t *testing.T) {
	jakarta := time.FixedZone("", 7*60*60)
	for in, want := range map[string]time.Time{
		"2026-11-23T08:00:00.123+0700": time.Date(2026, 11, 23, 8, 0, 0, 123e6, jakarta),
		"2026-11-23T01:00:00.000+0000": time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC),
		"yesterday":                    {},
		"":                             {},
	} {
		e, err := decode(fmt.Appendf(nil, `{"type":"StasisEnd","timestamp":%q}`, in))
		if err != nil || !e.At.Equal(want) {
			t.Errorf("%s: %s, %v", in, e.At, err)
		}
	}
}

func TestDecodeUnknown(t *testing.T) {
	const frame = `{"type":"SomethingNew","channel":{"id":"A-1-agent","state":7},"cause":"late","args":{}}`
	e, err := decode([]byte(frame))
	if err != nil || e.Type != "SomethingNew" || string(e.Raw) != frame {
		t.Errorf("%+v, %v", e, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, frame := range frames(f) {
		f.Add([]byte(frame))
	}
	for _, frame := range []string{``, `{}`, `null`, `[]`, `{"type":null}`, `{"type":"Dial","peer":null}`, `{"type":"Dial","peer":7}`,
		`{"type":"X","timestamp":7}`, `{"type":"StasisStart","channel":{"id":"` + "\xff" + `"}}`, `{"type":"ChannelDestroyed","cause":1e99}`} {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		e, err := decode(frame)
		if err != nil {
			return
		}
		if e.Type == "" {
			t.Errorf("%q: no error and no type", frame)
		}
		_ = callOf(e.object())
	})
}
