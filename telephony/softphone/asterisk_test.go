package softphone_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sambung/internal/realservers"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

func TestAsteriskRegistersAndQualifiesAnAgent(t *testing.T) {
	t.Parallel()
	s := realservers.Asterisk(t, realservers.AsteriskOptions{})
	agent := agentOf(t, s, softphone.RingOut())
	for e := range agent.Events(within(t)) {
		if e.Kind == softphone.Qualified {
			break
		}
	}
	until(t, "Asterisk says that the agent is there", func() bool {
		contacts := s.CLI("pjsip show contacts")
		return strings.Contains(contacts, "agent-1/"+agent.URI()) && strings.Contains(contacts, "Avail")
	})
	if err := agent.Unregister(within(t)); err != nil {
		t.Fatal(err)
	}
	if contacts := s.CLI("pjsip show contacts"); strings.Contains(contacts, "agent-1/") {
		t.Errorf("the agent unregistered, and Asterisk still says\n%s", contacts)
	}
	wrong := softphone.Account{Registrar: s.SIPAddr, User: s.Agents[0].User, Password: "wrong"}
	if err := plug(t, softphone.Config{}).Register(within(t), wrong); err == nil {
		t.Error("Asterisk took a wrong password")
	}
}

func TestAsteriskJoinsAgentAndTaxpayer(t *testing.T) {
	t.Parallel()
	carrier := answering(t, softphone.AnswerAfter(500*time.Millisecond).WithEarlyMedia(tone.Sine(425, -12)).
		Playing(tone.Sine(880, -12)).Pressing(time.Second, "7"))
	s := realservers.Asterisk(t, realservers.AsteriskOptions{Trunk: carrier.Addr().String()})
	agent := agentOf(t, s, softphone.Answer().Playing(tone.Sine(440, -12)))
	ari := connectARI(t, s)
	ari.post("/bridges?type=mixing&bridgeId=room")
	call := func(id, endpoint string) {
		ari.post("/channels/create?app=test&channelId=" + id + "&endpoint=" + endpoint)
		ari.wait("StasisStart", id)
		ari.post("/bridges/room/addChannel?channel=" + id)
		ari.post("/channels/" + id + "/dial?timeout=20")
	}
	call("agent", "PJSIP/agent-1")
	theAgent := first(t, agent, func(r softphone.CallRecord) bool { return !r.AcknowledgedAt.IsZero() })
	call("taxpayer", "PJSIP/081234567890@"+s.Trunk)
	taxpayer := first(t, carrier, func(r softphone.CallRecord) bool { return !r.AcknowledgedAt.IsZero() })
	if err := theAgent.SendDigits(within(t), "*1"); err != nil {
		t.Fatal(err)
	}
	ari.post("/channels/taxpayer/dtmf?dtmf=42")
	if err := taxpayer.Wait(within(t), func(r softphone.CallRecord) bool { return strings.Contains(r.Digits, "42") }); err != nil {
		t.Errorf("the taxpayer heard %q, want 42: %v", taxpayer.Record().Digits, err)
	}
	for _, digit := range []string{"*", "1"} {
		if got := ari.wait("ChannelDtmfReceived", "agent").Digit; got != digit {
			t.Errorf("Asterisk heard %q of the agent, want %q", got, digit)
		}
	}
	until(t, "a second of talk", func() bool {
		return len(theAgent.Heard().Since(taxpayer.Record().AnsweredAt)) > 2*8000 && len(taxpayer.Heard().Samples) > 2*8000
	})
	if err := taxpayer.HangUp(within(t)); err != nil {
		t.Fatal(err)
	}
	ari.wait("ChannelDestroyed", "taxpayer")
	ari.delete("/channels/agent")
	here, there := over(t, theAgent), over(t, taxpayer)

	if got := tone.Separation(lastSecond(theAgent), 880, 440); got < 40 {
		t.Errorf("the agent hears the taxpayer only %.1f dB above himself", got)
	}
	if got := tone.Separation(lastSecond(taxpayer), 440, 880); got < 40 {
		t.Errorf("the taxpayer hears the agent only %.1f dB above himself", got)
	}
	heardTheNetwork := false
	for part := range slices.Chunk(theAgent.Heard().Samples, 800) {
		heardTheNetwork = heardTheNetwork || tone.Power(part, 425) > -15 && tone.Separation(part, 425, 880) > 30
	}
	if !heardTheNetwork {
		t.Error("the agent did not hear the network's tone before the answer")
	}
	if there.Called != "081234567890" || there.Invites != 1 || there.Retransmissions != 0 || there.EndedBy != softphone.Local {
		t.Errorf("taxpayer: %+v", there)
	}
	if here.EndedBy != softphone.Remote || here.Called != "agent-1" || here.Problem+there.Problem != "" {
		t.Errorf("agent: %+v", here)
	}
}

func TestAsteriskUnderstandsEveryRefusal(t *testing.T) {
	t.Parallel()
	carrier := plug(t, softphone.Config{Behave: func(in softphone.Invite) softphone.Behaviour {
		var status int
		if fmt.Sscanf(in.Called, "08%d", &status); status == 487 {
			return softphone.RingOut()
		}
		return softphone.Reject(status)
	}})
	s := realservers.Asterisk(t, realservers.AsteriskOptions{Trunk: carrier.Addr().String()})
	ari := connectARI(t, s)
	for _, status := range []int{403, 404, 486, 487, 503, 603} {
		id := fmt.Sprint("leg-", status)
		ari.post(fmt.Sprintf("/channels/create?app=test&channelId=%s&endpoint=PJSIP/08%d@%s", id, status, s.Trunk))
		ari.wait("StasisStart", id)
		ari.post("/channels/" + id + "/dial?timeout=1")
		if got := ari.wait("ChannelDestroyed", id).TechCause; got != status && status != 487 {
			t.Errorf("the carrier said %d, Asterisk understood %d", status, got)
		}
		r := over(t, first(t, carrier, func(r softphone.CallRecord) bool { return r.Called == fmt.Sprint("08", status) }))
		if r.Status != status || r.Invites != 1 || (r.EndedBy == softphone.Remote) != (status == 487) {
			t.Errorf("%d: %+v", status, r)
		}
	}
}

// agentOf is agent-1's phone, registered.
func agentOf(t *testing.T, s *realservers.AsteriskServer, b softphone.Behaviour) *softphone.Phone {
	t.Helper()
	account := s.Agents[0]
	p := plug(t, softphone.Config{User: account.User, Behave: func(softphone.Invite) softphone.Behaviour { return b }})
	if err := p.Register(within(t), softphone.Account{Registrar: s.SIPAddr, User: account.User, Password: account.Password}); err != nil {
		t.Fatal(err)
	}
	return p
}

func lastSecond(c *softphone.Call) []int16 {
	heard := c.Heard().Samples
	return heard[max(0, len(heard)-8000):]
}

// ari is as much of Asterisk's REST interface as a conversation takes.
type ari struct {
	t      *testing.T
	s      *realservers.AsteriskServer
	events chan ariEvent
	kept   []ariEvent // read and not yet waited for
}

type ariEvent struct {
	Type      string
	Channel   struct{ ID string }
	Digit     string
	TechCause int `json:"tech_cause"`
}

func connectARI(t *testing.T, s *realservers.AsteriskServer) *ari {
	t.Helper()
	a := &ari{t: t, s: s, events: make(chan ariEvent, 1000)}
	url := fmt.Sprintf("%s/events?app=test&api_key=%s:%s", s.ARIURL, s.User, s.Password)
	conn, _, err := websocket.Dial(within(t), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			_, message, err := conn.Read(within(t))
			if err != nil {
				return
			}
			var e ariEvent
			if json.Unmarshal(message, &e) == nil {
				a.events <- e
			}
		}
	}()
	t.Cleanup(func() {
		conn.CloseNow()
		<-done
		http.DefaultClient.CloseIdleConnections()
	})
	return a
}

// wait is the first event of a type and channel that was not waited for yet.
func (a *ari) wait(kind, channel string) ariEvent {
	a.t.Helper()
	is := func(e ariEvent) bool { return e.Type == kind && e.Channel.ID == channel }
	for i, e := range a.kept {
		if is(e) {
			a.kept = append(a.kept[:i], a.kept[i+1:]...)
			return e
		}
	}
	for late := time.After(patience); ; {
		select {
		case e := <-a.events:
			if is(e) {
				return e
			}
			a.kept = append(a.kept, e)
		case <-late:
			a.t.Fatalf("no %s of %s", kind, channel)
		}
	}
}

func (a *ari) post(path string)   { a.t.Helper(); a.do(http.MethodPost, path) }
func (a *ari) delete(path string) { a.t.Helper(); a.do(http.MethodDelete, path) }

func (a *ari) do(method, path string) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(within(a.t), method, a.s.ARIURL+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	req.SetBasicAuth(a.s.User, a.s.Password)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode >= 300 {
		a.t.Fatalf("%s %s: %s", method, path, res.Status)
	}
}
