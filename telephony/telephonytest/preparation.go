package telephonytest

import (
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// preparation is about what is made ready for the taxpayer's call while the
// agent's telephone rings, and beside each other once it is answered.
func preparation() []script {
	scripts := []script{
		{"AgentRefusesDuringThePreparation", agentRefusesDuringThePreparation},
		{"AgentLeavesDuringThePreparation", agentLeavesDuringThePreparation},
		{"LeftDuringThePreparation", leftDuringThePreparation},
		{"RecordingIsToldThoughTheIntentIsRefused", recordingIsToldThoughTheIntentIsRefused},
	}
	for name, address := range map[string]func(id string) string{
		"Bridge":    func(id string) string { return "/bridges/" + id },
		"Snoop":     func(id string) string { return "/snoop/" + id + "-taxpayer-snoop" },
		"Joining":   func(id string) string { return "/bridges/" + id + "/addChannel" },
		"OwnSnoop":  func(id string) string { return "/snoop/" + id + "-agent-snoop" },
		"Recording": func(id string) string { return "/" + id + "-taxpayer-snoop/record" },
	} {
		scripts = append(scripts,
			script{name + "RequestLost", func(s *scene) { preparationLost(s, address(s.request.ID), Harm{LoseRequest: true}) }},
			script{name + "ReplyLost", func(s *scene) { preparationLost(s, address(s.request.ID), Harm{LoseReply: true}) }})
	}
	return scripts
}

// duringThePreparation lets something happen while the taxpayer's leg is being
// made ready. The agent's telephone rings then, or was answered just now.
func (s *scene) duringThePreparation(do func()) {
	s.site.Harm("/snoop/"+s.request.ID+"-taxpayer-snoop", Harm{Before: do})
}

// agentRefusesDuringThePreparation: that is why the call ends, and nothing of it is left.
func agentRefusesDuringThePreparation(s *scene) {
	s.site.Agent(softphone.Reject(486))
	s.duringThePreparation(func() { s.over(s.agent(0)); passing(100 * time.Millisecond) })
	if result := s.begin().ends(telephony.AgentNoAnswer); result.SIPCode != 486 {
		s.Errorf("SIP status %d, want 486", result.SIPCode)
	}
	s.rung(0)
	s.order(telephony.AgentRinging, telephony.Ended)
}

// agentLeavesDuringThePreparation: who answered, and left before anybody noticed.
func agentLeavesDuringThePreparation(s *scene) {
	s.site.Agent(softphone.Answer().HangingUp(100 * time.Millisecond))
	s.duringThePreparation(func() { s.over(s.agent(0)); passing(100 * time.Millisecond) })
	if result := s.begin().ends(telephony.Interrupted); result.EndedBy != telephony.PartyAgent {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.rung(0)
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.Ended)
}

// leftDuringThePreparation: the taxpayer's leg is there, and was never to be
// dialled: its next owner removes it.
func leftDuringThePreparation(s *scene) {
	s.site.Agent(softphone.RingOut())
	made, left := make(chan struct{}), make(chan struct{})
	s.duringThePreparation(func() { close(made); <-left })
	call := s.begin()
	<-made
	call.leave()
	close(left)
	s.resume().ends(telephony.Interrupted)
	s.over(s.agent(0))
	s.rung(0)
	s.never(telephony.TaxpayerDialing)
}

// recordingIsToldThoughTheIntentIsRefused: one write was to hold both, and what was
// seen stands whatever becomes of the other.
func recordingIsToldThoughTheIntentIsRefused(s *scene) {
	s.ledger.before(refusing(telephony.TaxpayerDialing))
	s.begin().fails(errNotDurable)
	s.rung(0)
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted)
}

// preparationLost: what is not replied to is asked for again, and the call goes on.
func preparationLost(s *scene, address string, h Harm) {
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	s.site.Agent(softphone.AnswerAfter(100 * time.Millisecond).Playing(agentVoice()))
	s.site.Taxpayer(softphone.AnswerAfter(100 * time.Millisecond).Playing(taxpayerVoice()).HangingUp(1500 * time.Millisecond))
	struck := s.site.Harm(address, h)
	result := s.begin().ends(telephony.Answered)
	<-struck
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.Ended)
	s.rung(1)
	there := s.taxpayer().Record()
	agent, taxpayer := s.tracks(result)
	from, to := there.AnsweredAt.Add(200*time.Millisecond), there.EndedAt.Add(-200*time.Millisecond)
	s.hears("the agent's track", agent.between(from, to), agentHz, taxpayerHz)
	s.hears("the taxpayer's track", taxpayer.between(from, to), taxpayerHz, agentHz)
}
