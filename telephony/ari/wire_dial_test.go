package ari

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func wireSelfProbe(t *testing.T, open opener) {
	server := open(t, "")
	c := connect(t, server)
	if _, err := c.Application(t.Context()); !IsNotFound(err) {
		t.Errorf("the application before the first connection: %v", err)
	}
	s := run(t, c, nil).up()
	info, err := c.Info(t.Context())
	if err != nil || !strings.HasPrefix(info.System.Version, "22.") {
		t.Errorf("%+v, %v", info, err)
	}
	must(t, c.Ping(t.Context()))
	app, err := c.Application(t.Context())
	if err != nil || app.Name != "app" || len(app.Channels) != 0 {
		t.Errorf("%+v, %v", app, err)
	}
	if st := s.State(); st.Connections != 1 || st.Gaps != 0 || st.Events == 0 {
		t.Errorf("%+v", st)
	}
	wrong := connect(t, server, func(c *Config) { c.Password = "not this one" })
	if err := wrong.Ping(t.Context()); Status(err) != 401 {
		t.Errorf("a wrong password: %v", err)
	}
}

// wireDial calls a busy line. Asterisk's order: the Dial event without a
// status says that the dial was carried out; a failed call has no other, and its
// code is in ChannelDestroyed.
func wireDial(t *testing.T, open opener) {
	s := newSite(t, open, "486 Busy Here")
	w := s.watch("A-1")
	began := time.Now().Add(-time.Second)
	s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + s.trunk, AppArgs: "x,y", Variables: map[string]string{
		"TIMEOUT(absolute)": "60", "CONNECTEDLINE(all,i)": "<1500200>",
		"PJSIP_HEADER(add,Call-Info)": "<sip:x>;answer-after=0", "PJSIP_HEADER(add,X-Kind)": "a&b",
	}})
	left, err := s.Variable(t.Context(), "A-1-taxpayer", "TIMEOUT(absolute)")
	if seconds, odd := strconv.ParseFloat(left, 64); err != nil || odd != nil || seconds <= 30 || seconds > 60 {
		t.Errorf("TIMEOUT(absolute) is %q, %v", left, err)
	}
	must(t, s.Dial(t.Context(), "A-1-taxpayer", "", 5*time.Second))
	invite := s.invited()
	if invite.caller != "1500200" {
		t.Errorf("the line is shown %q", invite.caller)
	}
	for name, want := range map[string]string{"Call-Info": "<sip:x>;answer-after=0", "X-Kind": "a&b"} {
		if got := invite.header(name); got != want {
			t.Errorf("%s is %q in the INVITE, want %q", name, got, want)
		}
	}
	gone := w.until("ChannelDestroyed")
	w.expect("A-1-taxpayer",
		"StasisStart A-1-taxpayer state=Down args=[x y]",
		"Dial A-1-taxpayer",
		"ChannelHangupRequest A-1-taxpayer state=Down cause=17 sip=486",
		"StasisEnd A-1-taxpayer state=Down",
		"ChannelDestroyed A-1-taxpayer state=Down cause=17 text=User busy sip=486")
	if gone.At.Before(began) || gone.At.After(time.Now().Add(time.Second)) {
		t.Errorf("gone at %s", gone.At)
	}
	if err := s.Dial(t.Context(), "A-1-taxpayer", "", 5*time.Second); !IsNotFound(err) || MaybeDone(err) {
		t.Errorf("dialling a channel that is gone: %v", err)
	}
}

// wireRingTimeout: there is no last Dial event, and the code of 480 is
// Asterisk's own.
func wireRingTimeout(t *testing.T, open opener) {
	s := newSite(t, open, "180 Ringing")
	w := s.watch("A-1")
	s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + s.trunk})
	must(t, s.Dial(t.Context(), "A-1-taxpayer", "", 500*time.Millisecond)) // rounded up
	w.until("ChannelDestroyed")
	w.expect("A-1-taxpayer",
		"StasisStart A-1-taxpayer state=Down",
		"Dial A-1-taxpayer",
		"ChannelStateChange A-1-taxpayer state=Ringing",
		"Dial A-1-taxpayer dial=RINGING",
		"ChannelHangupRequest A-1-taxpayer state=Ringing",
		"StasisEnd A-1-taxpayer state=Ringing",
		"ChannelDestroyed A-1-taxpayer state=Ringing cause=19 text=User alerting, no answer sip=480")
}

// wireUnreachable: an endpoint without a contact fails at once, and from
// an id that lived on the same connection the reason of that is kept.
func wireUnreachable(t *testing.T, open opener) {
	s := newSite(t, open, "", func(c *Config) { c.MaxConns = 1 })
	w := s.watch("A-1")
	create := func(id, endpoint string) error {
		_, err := s.CreateChannel(t.Context(), CreateChannel{ID: id, Endpoint: endpoint})
		return err
	}
	if err := create("A-1-agent", s.nobody); Status(err) != 500 || MaybeDone(err) {
		t.Errorf("without a contact: %v, maybe done %t", err, MaybeDone(err))
	}
	s.create(w, CreateChannel{ID: "A-1-taxpayer", Endpoint: "PJSIP/0811@" + s.trunk})
	if err := create("A-1-taxpayer", "PJSIP/0811@"+s.trunk); !IsConflict(err) {
		t.Errorf("twice: %v", err)
	}
	if err := create("A-1-agent", s.nobody); !IsConflict(err) {
		t.Errorf("without a contact, after an id that lived: %v; the comment on CreateChannel says 409", err)
	}
	if _, err := s.Client.Channel(t.Context(), "A-1-agent"); !IsNotFound(err) {
		t.Errorf("the channel that was never there: %v", err)
	}
	must(t, s.HangUpCause(t.Context(), "A-1-taxpayer", 17))
	if e := w.until("ChannelDestroyed"); e.Cause != 17 || e.SIPCode != 486 {
		t.Errorf("hung up with %d and %d", e.Cause, e.SIPCode)
	}
}
