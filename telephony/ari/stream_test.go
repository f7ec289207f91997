package ari

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// TestRouting: each subscription has the events of its own call, in order.
func TestRouting(t *testing.T) {
	f := newFake(t)
	s := run(t, f.client(), nil)
	a, b := s.Subscribe("A-1"), s.Subscribe("A-11")
	defer a.Close()
	defer b.Close()
	s.up()
	f.send(
		channelEvent(StasisStart, "A-1-agent"), channelEvent(StasisStart, "A-11-agent"), channelEvent(StasisStart, "stranger"),
		`{"type":"Dial","dialstatus":"RINGING","caller":{"id":"A-11-agent"},"peer":{"id":"A-1-taxpayer"}}`,
		`{"type":"RecordingStarted","recording":{"name":"A-1-agent","state":"recording"}}`,
		`{"type":"PlaybackFinished","playback":{"id":"A-1-play-0","state":"failed"}}`,
		`{"type":"BridgeDestroyed","bridge":{"id":"A-1"}}`,
		`{"type":"ChannelTalkingStarted","channel":{"id":"A-1-agent"},"args":7}`,
		channelEvent(ChannelDestroyed, "A-11-agent"), channelEvent(ChannelDestroyed, "A-1-agent"),
	)
	const wantA = "StasisStart A-1-agent, Dial A-1-taxpayer, RecordingStarted A-1-agent, PlaybackFinished A-1-play-0, " +
		"BridgeDestroyed A-1, ChannelTalkingStarted A-1-agent, ChannelDestroyed A-1-agent"
	if got := next(t, a, 7); kinds(got) != wantA || !got[3].Failed || got[5].Raw == nil {
		t.Errorf("A-1 received %s", kinds(got))
	}
	if got := next(t, b, 2); kinds(got) != "StasisStart A-11-agent, ChannelDestroyed A-11-agent" {
		t.Errorf("A-11 received %s", kinds(got))
	}
}

// TestEventBeforeResponse: what a request causes can come before its response.
func TestEventBeforeResponse(t *testing.T) {
	f := newFake(t)
	c := f.client()
	s := run(t, c, nil).up()
	sub := s.Subscribe("A-1")
	defer sub.Close()
	f.on("POST /channels/create", func(w http.ResponseWriter, r *http.Request) {
		f.send(channelEvent(StasisStart, "A-1-agent"))
		next(t, sub, 1) // the event is there while the response is not
		answering(200, `{"id":"A-1-agent","state":"Down"}`)(w, r)
	})
	if ch, err := c.CreateChannel(t.Context(), CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/x"}); err != nil || ch.ID != "A-1-agent" || ch.Up() {
		t.Errorf("%+v, %v", ch, err)
	}
}

// TestCut: after a reconnection everyone is told of the gap, once the new socket
// is trusted, and after that events flow.
func TestCut(t *testing.T) {
	f := newFake(t)
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	once := func(t *times) { t.probe = time.Minute }
	s := run(t, f.client(func(c *Config) { c.Now = func() time.Time { return now } }), nil, once).up()
	a, b := s.Subscribe("A-1"), s.Subscribe("B-1")
	defer a.Close()
	defer b.Close()
	f.mu.Lock()
	f.probes = func(f *fake, _ string) bool { // an event that outruns the trust
		f.send(channelEvent(StasisStart, "A-1-agent"))
		return true
	}
	f.mu.Unlock()
	f.cut()
	if got := next(t, a, 2); kinds(got) != "StasisStart A-1-agent, Gap" || !got[1].At.Equal(now) || got[1].Overflow {
		t.Errorf("A-1 received %s: %+v", kinds(got), got)
	}
	if got := next(t, b, 1); kinds(got) != "Gap" {
		t.Errorf("B-1 received %s", kinds(got))
	}
	f.send(channelEvent(StasisEnd, "B-1-agent"))
	if got := next(t, b, 1); kinds(got) != "StasisEnd B-1-agent" {
		t.Errorf("B-1 received %s", kinds(got))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if st := s.State(); f.filters != 2 || st.Connections != 2 || st.Gaps != 1 || !st.Up || st.Interrupted == nil || st.Subscriptions != 2 {
		t.Errorf("the filter was set %d times; %+v", f.filters, st)
	}
}

// TestUntrusted: a socket that does not bring its own probe is not used.
func TestUntrusted(t *testing.T) {
	f := newFake(t)
	swallowed := 0
	f.probes = func(*fake, string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		swallowed++
		return swallowed > 2
	}
	s := run(t, f.client(), nil, func(t *times) { t.trust, t.probe = 100*time.Millisecond, time.Minute }).up()
	if st := s.State(); st.Connections != 1 || st.Gaps != 1 {
		t.Errorf("%+v", st)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if swallowed < 3 {
		t.Errorf("%d probes", swallowed)
	}
}

// TestSlowSwitch: a switch that is slow to bring the probe is waited for longer
// each time, so that it is used in the end.
func TestSlowSwitch(t *testing.T) {
	f := newFake(t)
	f.probes = func(*fake, string) bool {
		time.Sleep(100 * time.Millisecond) // the slowness itself
		return true
	}
	s := run(t, f.client(), nil, func(t *times) { t.trust = 30 * time.Millisecond }).up()
	f.mu.Lock()
	defer f.mu.Unlock()
	if st := s.State(); st.Connections != 1 || f.filters < 2 {
		t.Errorf("%d sockets; %+v", f.filters, st)
	}
}

// TestProbeLost: one probe that went to an older socket is not the end of the new one.
func TestProbeLost(t *testing.T) {
	f := newFake(t)
	sent := 0
	f.probes = func(*fake, string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		sent++
		return sent > 2
	}
	s := run(t, f.client(), nil, func(t *times) { t.probe = time.Millisecond }).up()
	if st := s.State(); st.Connections != 1 || st.Gaps != 0 {
		t.Errorf("%+v", st)
	}
}

// TestFilterRefused: without the filter the socket is not used.
func TestFilterRefused(t *testing.T) {
	f := newFake(t)
	const filter = "PUT /applications/app/eventFilter"
	f.on(filter, answering(500, `{"error":"no"}`))
	s := run(t, f.client(), nil)
	s.await("asked twice", func() bool { return len(f.requests()) >= 2 })
	if s.Up() {
		t.Error("the stream is trusted")
	}
	f.on(filter, nil)
	s.up()
}

func TestWrongPassword(t *testing.T) {
	f := newFake(t)
	s := run(t, f.client(func(c *Config) { c.Password = "not this one" }), nil)
	s.await("refused", func() bool { return s.State().Interrupted != nil })
	if err := s.State().Interrupted.Error(); !strings.Contains(err, "refused") || strings.Contains(err, "not this one") {
		t.Error(err)
	}
}

// TestSilence: a socket whose other end does not answer pings is given up.
func TestSilence(t *testing.T) {
	f := newFake(t)
	f.on("GET /events", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		f.sockets = append(f.sockets, conn) // nobody reads it, so no pong is sent
		f.override = make(map[string]http.HandlerFunc)
	})
	s := run(t, f.client(), nil, func(t *times) { t.ping, t.pong = 10*time.Millisecond, 250*time.Millisecond })
	sub := s.Subscribe("A-1")
	defer sub.Close()
	s.up()
	if got := next(t, sub, 1); got[0].Type != Gap {
		t.Errorf("received %s", kinds(got))
	}
	if err := s.State().Interrupted; err == nil || !strings.Contains(err.Error(), "ping") {
		t.Errorf("interrupted by %v", err)
	}
	s.await("pinged", func() bool { return s.Up() })
}

// TestBadFrames: what cannot be read is a gap, never an event that went missing.
func TestBadFrames(t *testing.T) {
	for name, frame := range map[string]string{
		"no JSON": `{"type":"StasisStart"`, "no type": `{"channel":{"id":"A-1-agent"}}`, "a number": `7`, "empty": ``,
		"a known type with odd fields": `{"type":"ChannelDestroyed","cause":"x","channel":{"id":"A-1-agent"}}`,
		"too long":                     `{"type":"StasisStart","x":"` + strings.Repeat("x", readLimit) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			s := run(t, f.client(), nil).up()
			sub := s.Subscribe("A-1")
			defer sub.Close()
			f.send(channelEvent(StasisStart, "A-1-agent"), frame)
			if got := next(t, sub, 2); kinds(got) != "StasisStart A-1-agent, Gap" {
				t.Errorf("received %s", kinds(got))
			}
		})
	}
}

// TestLongFrame: an event of a channel with many variables is no fault.
func TestLongFrame(t *testing.T) {
	f := newFake(t)
	s := run(t, f.client(), nil).up()
	sub := s.Subscribe("A-1")
	defer sub.Close()
	f.send(fmt.Sprintf(`{"type":"StasisStart","channel":{"id":"A-1-agent","x":%q}}`, strings.Repeat("x", 1<<20)))
	if got := next(t, sub, 1); kinds(got) != "StasisStart A-1-agent" {
		t.Errorf("received %s", kinds(got))
	}
}

// TestOnly: no events are asked for but those, and what the stream itself lives by.
func TestOnly(t *testing.T) {
	f := newFake(t)
	f.on("PUT /applications/app/eventFilter", answering(204, ""))
	s := NewStream(f.client(), callOf, nil, slog.New(slog.DiscardHandler))
	s.Only(StasisStart, DialEvent)
	ctx, cancel := context.WithCancel(t.Context())
	var ran sync.WaitGroup
	ran.Go(func() { _ = s.Run(ctx) })
	defer ran.Wait()
	defer cancel()
	if err := s.WaitUp(ctx); err != nil {
		t.Fatal(err)
	}
	want := `{"allowed":[{"type":"ChannelUserevent"},{"type":"ApplicationReplaced"},{"type":"StasisStart"},{"type":"Dial"}]}`
	if got := f.requests()[0].Body; got != want {
		t.Errorf("asked for\n %s, want\n %s", got, want)
	}
}
