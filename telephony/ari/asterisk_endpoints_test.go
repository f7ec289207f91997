package ari

import (
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/telephony/softphone"
)

// TestAsteriskEndpoints: what the switch tells of its telephones and its trunk.
func TestAsteriskEndpoints(t *testing.T) {
	t.Parallel()
	server := realservers.Asterisk(t, realservers.AsteriskOptions{Agents: 2, Trunk: "127.0.0.1:9"})
	c := connect(t, &exchange{url: server.ARIURL, user: server.User, password: server.Password})
	phone, err := softphone.Listen(softphone.Config{User: server.Agents[0].User})
	must(t, err)
	defer phone.Close()
	a := server.Agents[0]
	must(t, phone.Register(t.Context(), softphone.Account{Registrar: server.SIPAddr, User: a.User, Password: a.Password}))

	for _, tt := range []struct{ name, state, contact string }{
		{server.Trunk, EndpointOnline, "sip:127.0.0.1:9"}, // nobody asks it
		{a.Endpoint, EndpointOnline, "sip:agent-1@" + phone.Addr().String()},
		{server.Agents[1].Endpoint, EndpointOffline, ""},
	} {
		e, err := c.Endpoint(t.Context(), tt.name)
		if err != nil || e != (Endpoint{"PJSIP", tt.name, tt.state}) {
			t.Errorf("%s: %+v, %v", tt.name, e, err)
		}
		aor, err := c.Setting(t.Context(), ObjectEndpoint, tt.name, "aors")
		must(t, err)
		contact, err := c.Setting(t.Context(), ObjectAOR, aor, "contact")
		if err != nil || !strings.HasPrefix(contact, tt.contact) || (tt.contact == "") != (contact == "") {
			t.Errorf("%s: contact %q, %v", tt.name, contact, err)
		}
	}
	if _, err := c.Endpoint(t.Context(), "no-such"); !IsNotFound(err) {
		t.Errorf("an endpoint that is not there: %v", err)
	}
	if _, err := c.Setting(t.Context(), ObjectAOR, "no-such", "contact"); !IsNotFound(err) {
		t.Errorf("an aor that is not there: %v", err)
	}
	if none, err := c.Setting(t.Context(), ObjectAOR, server.Trunk, "no-such"); err != nil || none != "" {
		t.Errorf("a value that is not there: %q, %v", none, err)
	}
	before := time.Now()
	if at, err := c.Clock(t.Context()); err != nil || at.Before(before.Add(-time.Millisecond)) || at.After(time.Now()) {
		t.Errorf("the clock: %s, %v, asked at %s", at, err, before)
	}
}
