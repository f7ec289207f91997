package telephonytest

import (
	"fmt"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// failures are the calls in which nobody talks.
func failures() []script {
	scripts := []script{
		{"RingsOut", ringsOut},
		{"EarlyMediaThenRingsOut", earlyMediaThenRingsOut},
		{"AgentHangsUpWhileItRings", agentHangsUpWhileItRings},
		{"AgentDoesNotPickUp", agentDoesNotPickUp},
		{"AgentIsAway", agentIsAway},
		{"AgentIsNoTelephone", agentIsNoTelephone},
		{"NumberIsNone", numberIsNone},
	}
	for _, f := range []struct {
		code   int
		status telephony.Status
	}{
		{486, telephony.Busy}, {600, telephony.Busy},
		{603, telephony.Rejected}, {607, telephony.Rejected},
		{404, telephony.InvalidNumber}, {484, telephony.InvalidNumber}, {604, telephony.InvalidNumber},
		{480, telephony.Unreachable}, {410, telephony.Unreachable},
		{408, telephony.NoAnswer},
		{401, telephony.TrunkFailure}, {403, telephony.TrunkFailure}, {407, telephony.TrunkFailure},
		{500, telephony.TrunkFailure}, {502, telephony.TrunkFailure}, {503, telephony.TrunkFailure},
	} {
		scripts = append(scripts, script{fmt.Sprintf("NetworkSays%d", f.code), func(s *scene) { networkSays(s, f.code, f.status) }})
	}
	for _, code := range []int{486, 480, 603, 503} {
		scripts = append(scripts, script{fmt.Sprintf("AgentsTelephoneSays%d", code), func(s *scene) { agentsTelephoneSays(s, code) }})
	}
	return scripts
}

// networkSays: what the trunk answers decides, and is kept.
func networkSays(s *scene, code int, want telephony.Status) {
	s.site.Taxpayer(softphone.Reject(code))
	result := s.begin().ends(want)
	if result.SIPCode != code {
		s.Errorf("SIP status %d, want %d", result.SIPCode, code)
	}
	if result.Tracks == nil {
		s.Error("what was recorded until then is not told")
	}
	s.rung(1)
	s.agentRung(1)
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing, telephony.Ended)
	s.over(s.agent(0)) // released
}

func ringsOut(s *scene) {
	s.site.Taxpayer(softphone.RingOut())
	result := s.begin().ends(telephony.NoAnswer)
	s.rung(1)
	there := s.over(s.taxpayer())
	if there.Status != 487 || there.EndedBy != softphone.Remote {
		s.Errorf("the call at the taxpayer's ended with %d by %s, want a CANCEL", there.Status, there.EndedBy)
	}
	s.near("how long it rang", there.EndedAt.Sub(there.RingingAt), s.request.TaxpayerRing, 500*time.Millisecond)
	s.near("ended", result.EndedAt.Sub(there.EndedAt), 0, 500*time.Millisecond)
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.Ended)
}

func earlyMediaThenRingsOut(s *scene) {
	s.site.Agent(softphone.Answer())
	s.site.Taxpayer(softphone.RingOut().WithEarlyMedia(tone.Sine(425, -12)))
	s.begin().ends(telephony.NoAnswer)
	s.rung(1)
	if there := s.over(s.taxpayer()); there.Status != 487 {
		s.Errorf("the call at the taxpayer's ended with %d, want a CANCEL", there.Status)
	}
	heard := s.agent(0).Heard().Since(s.taxpayer().Record().EarlyMediaAt.Add(300 * time.Millisecond))
	s.hears("the agent", heard[:min(len(heard), tone.Samples(time.Second))], 425, taxpayerHz)
}

func agentHangsUpWhileItRings(s *scene) {
	s.site.Taxpayer(softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	left := s.hangUp(s.agent(0))
	result := call.ends(telephony.Interrupted)
	if result.EndedBy != telephony.PartyAgent {
		s.Errorf("ended by %s", result.EndedBy)
	}
	there := s.over(s.taxpayer())
	s.near("the taxpayer's telephone rings on after the agent left", there.EndedAt.Sub(left), 0, 300*time.Millisecond)
	s.never(telephony.TaxpayerAnswered, telephony.OutcomeRingback)
}

func agentDoesNotPickUp(s *scene) {
	s.request.AgentRing = 2 * time.Second
	s.site.Agent(softphone.RingOut())
	s.begin().ends(telephony.AgentNoAnswer)
	s.rung(0)
	here := s.over(s.agent(0))
	s.near("how long it rang", here.EndedAt.Sub(here.RingingAt), s.request.AgentRing, 500*time.Millisecond)
	s.order(telephony.AgentRinging, telephony.Ended)
}

func agentsTelephoneSays(s *scene, code int) {
	s.site.Agent(softphone.Reject(code))
	if result := s.begin().ends(telephony.AgentNoAnswer); result.SIPCode != code {
		s.Errorf("SIP status %d, want %d", result.SIPCode, code)
	}
	s.rung(0)
	s.agentRung(1)
	s.order(telephony.AgentRinging, telephony.Ended)
}

func agentIsAway(s *scene) {
	if err := s.site.Unplug(s.within()); err != nil {
		s.Fatal(err)
	}
	if result := s.begin().ends(telephony.AgentNoAnswer); result.Reason == "" {
		s.Error("no reason is given")
	}
	s.rung(0)
	s.order(telephony.Ended)
}

// agentIsNoTelephone: what is not an agent's endpoint is not dialled.
func agentIsNoTelephone(s *scene) {
	s.request.Agent = s.site.Endpoint() + "/sip:mallory@127.0.0.1"
	s.begin().ends(telephony.AgentNoAnswer)
	s.agentRung(0)
	s.rung(0)
}

// numberIsNone: what is not a number is not dialled, and no agent waits for it.
func numberIsNone(s *scene) {
	s.request.Number = "+62812x@127.0.0.1"
	s.begin().ends(telephony.InvalidNumber)
	s.rung(0)
	s.agentRung(0)
}
