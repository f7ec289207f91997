package softphone_test

import (
	"strings"
	"testing"
	"time"

	"sambung/telephony/softphone"
)

func TestARepeatedINVITEIsNoSecondCall(t *testing.T) {
	t.Parallel()
	p := answering(t, softphone.RingOut())
	raw := newRawPeer(t, p)
	invite := request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")}
	raw.send(invite)
	ringing := raw.receive("SIP/2.0 180")
	raw.send(invite)
	again := raw.receive("SIP/2.0 180")
	if toTag(t, ringing) == "" || toTag(t, ringing) != toTag(t, again) {
		t.Errorf("tags %q and %q", toTag(t, ringing), toTag(t, again))
	}
	other := invite
	other.branch = "two"
	raw.send(other)
	raw.receive("SIP/2.0 482")

	calls := p.Calls()
	if len(calls) != 1 || calls[0].Retransmissions != 1 || calls[0].Invites != 2 {
		t.Errorf("want one call, one retransmission, a second INVITE: %+v", calls)
	}
	second := invite
	second.callID, second.branch = "call-2", "three"
	raw.send(second)
	raw.receive("SIP/2.0 180")
	if calls := p.Calls(); len(calls) != 2 || calls[1].Invites != 1 {
		t.Errorf("another Call-ID is another call: %+v", calls)
	}
}

func TestCancelIsAnsweredAndAcknowledged(t *testing.T) {
	t.Parallel()
	p := answering(t, softphone.RingOut())
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")})
	tag := toTag(t, raw.receive("SIP/2.0 180"))
	raw.send(request{"CANCEL", "one", "1 CANCEL", "call-1", "", ""})
	raw.receive("SIP/2.0 200")
	if got := toTag(t, raw.receive("SIP/2.0 487")); got != tag {
		t.Errorf("the 487 has tag %q, the 180 had %q", got, tag)
	}
	raw.send(request{"ACK", "one", "1 ACK", "call-1", tag, ""})
	over(t, first(t, p, any1))
}

func TestThe200IsRepeatedUntilItsACK(t *testing.T) {
	t.Parallel()
	p := plug(t, softphone.WithT1(softphone.Config{Behave: func(softphone.Invite) softphone.Behaviour {
		return softphone.Answer().HangingUp(0)
	}}, 20*time.Millisecond))
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")})
	var tag string
	for range 3 {
		tag = toTag(t, raw.receive("SIP/2.0 200"))
	}
	if r := p.Calls()[0]; !r.AcknowledgedAt.IsZero() || r.Ended() {
		t.Errorf("acknowledged or hung up without an ACK: %+v", r)
	}
	raw.send(request{"ACK", "two", "1 ACK", "call-1", tag, ""})
	bye := raw.receive("BYE sip:raw@")
	if !strings.Contains(bye, "\r\nFrom: <"+p.URI()+">;tag="+tag) || !strings.Contains(bye, "\r\nTo: <sip:raw@") {
		t.Errorf("the BYE is\n%s", bye)
	}
	raw.answer(bye, "")
	if r := over(t, first(t, p, any1)); r.EndedBy != softphone.Local || r.Problem != "" || r.AcknowledgedAt.Before(r.AnsweredAt) {
		t.Errorf("%+v", r)
	}
}

func TestA200WithoutACKIsGivenUp(t *testing.T) {
	t.Parallel()
	p := plug(t, softphone.WithT1(softphone.Config{}, time.Millisecond)) // given up after 64 ms
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")})
	raw.answer(raw.receive("BYE sip:raw@"), "")
	if r := over(t, first(t, p, any1)); r.EndedBy != softphone.Local || !strings.Contains(r.Problem, "never acknowledged") {
		t.Errorf("%+v", r)
	}
}

func TestHoldAndResume(t *testing.T) {
	t.Parallel()
	p := answering(t, softphone.Answer())
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")})
	ok := raw.receive("SIP/2.0 200")
	tag := toTag(t, ok)
	raw.send(request{"ACK", "two", "1 ACK", "call-1", tag, ""})
	until(t, "sound is sent", func() bool { return p.Calls()[0].PacketsSent > 2 })

	raw.send(request{"INVITE", "three", "2 INVITE", "call-1", tag, sound(9, "sendonly")})
	held := raw.receive("SIP/2.0 200")
	if !strings.Contains(held, "a=recvonly") || origin(held) == origin(ok) {
		t.Errorf("a hold is answered with\n%s", held)
	}
	raw.send(request{"ACK", "four", "2 ACK", "call-1", tag, ""})
	sent := p.Calls()[0].PacketsSent
	raw.send(request{"INVITE", "five", "3 INVITE", "call-1", tag, ""}) // a refresh asks for our side
	if fresh := raw.receive("SIP/2.0 200"); !strings.Contains(fresh, "a=recvonly") || origin(fresh) != origin(held) {
		t.Errorf("a refresh is answered with\n%s", fresh)
	}
	raw.send(request{"ACK", "six", "3 ACK", "call-1", tag, sound(9, "sendonly")})
	if now := p.Calls()[0].PacketsSent; now > sent+1 {
		t.Errorf("%d packets were sent on hold", now-sent)
	}
	raw.send(request{"INVITE", "seven", "4 INVITE", "call-1", tag, sound(9, "sendrecv")})
	if resumed := raw.receive("SIP/2.0 200"); !strings.Contains(resumed, "a=sendrecv") {
		t.Errorf("a resume is answered with\n%s", resumed)
	}
	raw.send(request{"ACK", "eight", "4 ACK", "call-1", tag, ""})
	until(t, "sound is sent again", func() bool { return p.Calls()[0].PacketsSent > sent+2 })

	raw.send(request{"BYE", "nine", "5 BYE", "call-1", tag, ""})
	raw.receive("SIP/2.0 200")
	if r := over(t, first(t, p, any1)); r.ReInvites != 3 || r.Invites != 1 || r.EndedBy != softphone.Remote {
		t.Errorf("%+v", r)
	}
}

// origin is the o= line of a message's SDP: another description has another.
func origin(message string) string {
	_, rest, _ := strings.Cut(message, "\r\no=")
	line, _, _ := strings.Cut(rest, "\r\n")
	return line
}

// A caller who gives up while it is still being decided what to do with him.
func TestCancelBeforeTheBehaviourIsChosen(t *testing.T) {
	t.Parallel()
	decide := make(chan softphone.Behaviour)
	p := plug(t, softphone.Config{Behave: func(softphone.Invite) softphone.Behaviour { return <-decide }})
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")})
	raw.receive("SIP/2.0 100")
	raw.send(request{"CANCEL", "one", "1 CANCEL", "call-1", "", ""})
	tag := toTag(t, raw.receive("SIP/2.0 487"))
	decide <- softphone.Answer()
	if r := over(t, first(t, p, any1)); r.Status != 487 || r.EndedBy != softphone.Remote || r.Answered() {
		t.Errorf("%+v", r)
	}
	raw.send(request{"ACK", "one", "1 ACK", "call-1", tag, ""})
}

func TestARepeated200IsAcknowledgedAgain(t *testing.T) {
	t.Parallel()
	p := plug(t, softphone.Config{})
	raw := newRawPeer(t, p)
	answered := make(chan *softphone.Call, 1)
	go func() {
		c, err := p.Dial(within(t), "sip:100@"+raw.conn.LocalAddr().String(), softphone.Answer())
		if err != nil {
			t.Error(err)
		}
		answered <- c
	}()
	invite := raw.receive("INVITE sip:100@")
	for range 3 {
		raw.answer(invite, sound(9, "sendrecv"))
		raw.receive("ACK sip:raw@")
	}
	go func() { raw.answer(raw.receive("BYE sip:raw@"), "") }()
	c := <-answered
	if err := c.HangUp(within(t)); err != nil {
		t.Fatal(err)
	}
	if r := c.Record(); r.Problem != "" || r.Invites != 1 {
		t.Errorf("%+v", r)
	}
}

func TestAnAnswerWithoutACommonCodecIsHungUp(t *testing.T) {
	t.Parallel()
	p := plug(t, softphone.Config{})
	raw := newRawPeer(t, p)
	go func() {
		raw.answer(raw.receive("INVITE sip:100@"), strings.Replace(sound(9, "sendrecv"), "8 101", "18 101", 1))
		raw.answer(raw.receive("BYE sip:raw@"), "")
	}()
	if _, err := p.Dial(within(t), "sip:100@"+raw.conn.LocalAddr().String(), softphone.Answer()); err == nil {
		t.Error("a call without a common codec is taken for answered")
	}
	if r := over(t, first(t, p, any1)); r.EndedBy != softphone.Local || !strings.Contains(r.Problem, "PCMU") {
		t.Errorf("%+v", r)
	}
}

func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	p := answering(t, softphone.Answer())
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "a", "1 INVITE", "no-sound", "", ""})
	raw.receive("SIP/2.0 488")
	raw.send(request{"INVITE", "b", "1 INVITE", "elsewhere", "foreign", sound(9, "sendrecv")})
	raw.receive("SIP/2.0 481")
	raw.send(request{"BYE", "c", "2 BYE", "elsewhere", "foreign", ""})
	raw.receive("SIP/2.0 481")
	raw.send(request{"CANCEL", "d", "1 CANCEL", "elsewhere", "", ""})
	raw.receive("SIP/2.0 481")
	raw.send(request{"REFER", "e", "1 REFER", "elsewhere", "", ""})
	if m := raw.receive("SIP/2.0 405"); !strings.Contains(m, "Allow: INVITE, ACK") {
		t.Errorf("a 405 without Allow:\n%s", m)
	}
	raw.send(request{"OPTIONS", "f", "1 OPTIONS", "ping", "", ""})
	raw.receive("SIP/2.0 200")
	if r := over(t, first(t, p, any1)); len(p.Calls()) != 1 || r.Status != 488 || r.Problem == "" {
		t.Errorf("%+v", p.Calls())
	}
}

func TestBehaveIsToldWhoCalls(t *testing.T) {
	t.Parallel()
	told := make(chan softphone.Invite, 1)
	p := plug(t, softphone.Config{User: "081234567890", Behave: func(in softphone.Invite) softphone.Behaviour {
		told <- in
		return softphone.Busy()
	}})
	raw := newRawPeer(t, p)
	raw.send(request{"INVITE", "one", "1 INVITE", "call-1", "", sound(9, "sendrecv")})
	raw.receive("SIP/2.0 486")
	in := <-told
	if in.Called != "081234567890" || in.Caller != "raw" || in.CallID != "call-1" || in.Header("x-ticket") != "T-7" || in.Header("X-None") != "" {
		t.Errorf("%+v", in)
	}
}
