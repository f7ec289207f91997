package ari

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/internal/faultproxy"
)

// wireFilter: ChannelVarset, by far the most frequent event, stays away.
func wireFilter(t *testing.T, open opener) {
	s := newSite(t, open, "")
	ctx, w := t.Context(), s.watch("A-1")
	s.create(w, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + s.trunk})
	vary := func(mark string) {
		must(t, s.SetVariable(ctx, "A-1-agent", "COLOUR", mark))
		must(t, s.SendUserEvent(ctx, mark, "channel:A-1-agent", map[string]string{"why": "mark"}))
		if e := w.until("ChannelUserevent"); e.Name != mark || !strings.Contains(string(e.Raw), `"why":"mark"`) {
			t.Errorf("%+v", e)
		}
	}
	vary("red")
	w.expect("A-1-agent", "StasisStart A-1-agent state=Down", "ChannelUserevent A-1-agent state=Down name=red raw=true")
	must(t, s.FilterEvents(ctx, []string{"ChannelVarset", ChannelUserevent}))
	vary("blue")
	if got := w.of("A-1-agent"); !slices.Contains(got, "ChannelVarset A-1-agent state=Down raw=true") {
		t.Errorf("events without a filter: %v", got)
	}
}

// wireReplaced: the newest connection has the application and all that
// was in it; the older one is told and does nothing more.
func wireReplaced(t *testing.T, open opener) {
	old := newSite(t, open, "")
	ctx, w := t.Context(), old.watch("A-1")
	old.create(w, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + old.trunk})
	c := connect(t, old.exchange)
	next := site{run(t, c, nil).up(), c, old.exchange}
	w.until("Replaced")
	if err := <-old.done; !errors.Is(err, ErrReplaced) {
		t.Errorf("Run returned %v", err)
	}
	if app, err := next.Application(ctx); err != nil || !slices.Equal(app.Channels, []string{"A-1-agent"}) {
		t.Errorf("%+v, %v", app, err)
	}
	taken := next.watch("A-1")
	must(t, next.HangUp(ctx, "A-1-agent"))
	taken.until("ChannelDestroyed A-1-agent")
	if got := w.of(""); got[len(got)-1] != "Replaced " {
		t.Errorf("the older connection had %v", got)
	}
}

// wireCut: the connection is cut, one call ends unseen, the other goes on.
// Then the gap is told, and a snapshot says what became of both.
func wireCut(t *testing.T, open opener) {
	server := open(t, "")
	proxy, through := behind(t, server)
	c := connect(t, server, through)
	aside := connect(t, server)
	endedUnseen := make(chan struct{})
	permit := func(ctx context.Context) error {
		select {
		case <-endedUnseen:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s := site{run(t, c, permit).up(), c, server}
	ctx, ends, goesOn := t.Context(), s.watch("A-1"), s.watch("B-1")
	s.create(ends, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + server.trunk})
	s.create(goesOn, CreateChannel{ID: "B-1-agent", Endpoint: "PJSIP/0811@" + server.trunk})
	before := time.Now()
	proxy.Cut()
	s.await("down", func() bool { return !s.Up() })
	must(t, aside.HangUp(ctx, "A-1-agent"))
	s.await("gone", func() bool { _, err := aside.Channel(ctx, "A-1-agent"); return IsNotFound(err) })
	close(endedUnseen)

	gap := ends.until("Gap")
	if gap.At.After(before) || gap.At.Before(before.Add(-10*time.Second)) {
		t.Errorf("a gap since %s, the cut was at %s", gap.At, before)
	}
	goesOn.until("Gap")
	if _, err := s.Client.Channel(ctx, "A-1-agent"); !IsNotFound(err) {
		t.Errorf("the channel that ended: %v", err)
	}
	if ch, err := s.Client.Channel(ctx, "B-1-agent"); err != nil || ch.Up() {
		t.Errorf("the channel that goes on: %+v, %v", ch, err)
	}
	if app, err := s.Application(ctx); err != nil || !slices.Equal(app.Channels, []string{"B-1-agent"}) {
		t.Errorf("%+v, %v", app, err)
	}
	must(t, s.HangUp(ctx, "B-1-agent"))
	goesOn.until("ChannelDestroyed B-1-agent")
	ends.expect("A-1-agent", "StasisStart A-1-agent state=Down") // its end was lost for good
}

// wireReplyLost: the dial is carried out though its reply is lost. The
// event without a status tells, and the line is rung once.
func wireReplyLost(t *testing.T, open opener) {
	server := open(t, "180 Ringing")
	proxy, through := behind(t, server)
	c := connect(t, server, through)
	s := site{run(t, connect(t, server), nil).up(), c, server}
	ctx, w := t.Context(), s.watch("A-1")
	s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + server.trunk})
	struck := proxy.Arm(faultproxy.Fault{Match: "/dial", DropReply: true})
	if err := s.Dial(ctx, "A-1-taxpayer", "", 5*time.Second); err == nil || !MaybeDone(err) {
		t.Errorf("a lost reply: %v, maybe done %t", err, MaybeDone(err))
	}
	<-struck
	w.until("Dial A-1-taxpayer")
	s.invited()
	unsent := proxy.Arm(faultproxy.Fault{Match: "DELETE", DropRequest: true})
	if err := s.HangUp(ctx, "A-1-taxpayer"); err == nil || !MaybeDone(err) { // nobody can know
		t.Errorf("a lost request: %v, maybe done %t", err, MaybeDone(err))
	}
	<-unsent
	must(t, s.HangUp(ctx, "A-1-taxpayer"))
	w.until("ChannelDestroyed")
	if n := s.calls(); n != 1 {
		t.Errorf("the line was rung %d times", n)
	}
}

// wireRestart: an Asterisk that comes up again has forgotten everything.
func wireRestart(t *testing.T, open opener) {
	s := newSite(t, open, "")
	w := s.watch("A-1")
	s.create(w, CreateChannel{ID: "A-1-agent", Endpoint: "PJSIP/0811@" + s.trunk})
	s.restart()
	w.until("Gap")
	if all, err := s.Client.Channels(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}
