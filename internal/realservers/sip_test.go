package realservers

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

func TestAgentRegisters(t *testing.T) {
	t.Parallel()
	s := Asterisk(t, AsteriskOptions{Agents: 2})
	phone := newPhone(t)
	agent := s.Agents[1]
	if got := phone.request(t, sip.REGISTER, s.SIPAddr, agent.User, agent.Password); got != sip.StatusOK {
		t.Fatalf("REGISTER was answered %d", got)
	}
	if got := phone.request(t, sip.REGISTER, s.SIPAddr, agent.User, "wrong"); got != sip.StatusUnauthorized {
		t.Errorf("REGISTER with a wrong password was answered %d, want 401", got)
	}
	s.Stop()
	s.Restart()
	if got := s.CLI("pjsip show contacts"); !strings.Contains(got, agent.User+"/sip:"+agent.User+"@127.0.0.1") {
		t.Errorf("the registration did not outlive a restart:\n%s", got)
	}
}

func TestInboundCallIsRefused(t *testing.T) {
	t.Parallel()
	s := Asterisk(t, AsteriskOptions{})
	phone := newPhone(t)
	agent := s.Agents[0]
	if got := phone.request(t, sip.INVITE, s.SIPAddr, agent.User, agent.Password); got != sip.StatusNotFound {
		t.Errorf("an agent's call was answered %d, want 404", got)
	}
	if got := phone.request(t, sip.INVITE, s.SIPAddr, "stranger", ""); got != sip.StatusUnauthorized {
		t.Errorf("a stranger's call was answered %d, want 401", got)
	}
}

func TestTrunkIsDialled(t *testing.T) {
	t.Parallel()
	carrier, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer carrier.Close()
	s := Asterisk(t, AsteriskOptions{Trunk: carrier.LocalAddr().String()})
	events := s.connect(t)
	s.call(t, http.MethodPost, "/channels/create?app=test&channelId=leg&endpoint=PJSIP/081234567@"+s.Trunk, nil)
	events.wait("StasisStart", "leg")
	s.call(t, http.MethodPost, "/channels/leg/dial?timeout=30", nil)

	if err := carrier.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	packet := make([]byte, 64<<10)
	n, _, err := carrier.ReadFrom(packet)
	if err != nil {
		t.Fatal(err)
	}
	invite := string(packet[:n])
	for _, want := range []string{
		"INVITE sip:081234567@" + carrier.LocalAddr().String() + " SIP/2.0\r\n",
		"c=IN IP4 127.0.0.1\r\n",
		"a=rtpmap:8 PCMA/8000\r\n",
		"telephone-event/8000\r\n",
	} {
		if !strings.Contains(invite, want) {
			t.Errorf("the INVITE lacks %q:\n%s", want, invite)
		}
	}
}

type phone struct{ client *sipgo.Client }

func newPhone(t *testing.T) phone {
	t.Helper()
	ua, err := sipgo.NewUA()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ua.Close() })
	client, err := sipgo.NewClient(ua, sipgo.WithClientHostname("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	return phone{client}
}

// request sends a request, answers a challenge, and returns the final status.
func (p phone) request(t *testing.T, method sip.RequestMethod, addr, user, password string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var target, aor sip.Uri
	for uri, text := range map[*sip.Uri]string{&target: "sip:" + addr, &aor: "sip:" + user + "@" + addr} {
		if err := sip.ParseUri(text, uri); err != nil {
			t.Fatal(err)
		}
	}
	if method == sip.INVITE {
		target.User = "100"
	}
	req := sip.NewRequest(method, target)
	params := sip.NewParams()
	params.Add("tag", sip.GenerateTagN(8))
	req.AppendHeader(&sip.FromHeader{Address: aor, Params: params})
	req.AppendHeader(&sip.ToHeader{Address: aor, Params: sip.NewParams()})
	req.AppendHeader(&sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: user, Host: "127.0.0.1", Port: 9}})
	res, err := p.client.Do(ctx, req)
	if err == nil && res.StatusCode == sip.StatusUnauthorized && password != "" {
		res, err = p.client.DoDigestAuth(ctx, req, res, sipgo.DigestAuth{Username: user, Password: password})
	}
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return res.StatusCode
}
