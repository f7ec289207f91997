package telephonytest

import (
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// outcomes are the ways in which an agent tells, or does not tell, how it went.
func outcomes() []script {
	return []script{
		{"OutcomeInTheTalk", outcomeInTheTalk},
		{"OutcomeInTheTalkCorrected", outcomeInTheTalkCorrected},
		{"KeysWithoutStarMeanNothing", keysWithoutStarMeanNothing},
		{"KeysBeforeTheAnswerMeanNothing", keysBeforeTheAnswerMeanNothing},
		{"OutcomeAfterInvalidKeys", outcomeAfterInvalidKeys},
		{"OutcomeByRingback", outcomeByRingback},
		{"RingbackIsNotAnswered", ringbackIsNotAnswered},
		{"AgentStaysAndSaysNothing", agentStaysAndSaysNothing},
		{"ConfirmedInTheTalk", confirmedInTheTalk},
		{"ConfirmedDuringTheMenu", confirmedDuringTheMenu},
		{"ConfirmedBeforeTheRingback", confirmedBeforeTheRingback},
		{"ConfirmedDuringTheRingback", confirmedDuringTheRingback},
		{"AgentHangsUpDuringTheMenu", agentHangsUpDuringTheMenu},
	}
}

func outcomeInTheTalk(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(500 * time.Millisecond)
	s.press(s.agent(0), "*9")
	s.await(telephony.IdentityConfirmed)
	s.press(s.agent(0), "*5")
	s.await(telephony.OutcomeKeyed)
	passing(time.Second)
	if s.taxpayer().Record().Ended() {
		s.Error("the outcome ended the talk")
	}
	s.hangUp(s.taxpayer())
	ended := time.Now()
	call.ends(telephony.Answered)
	s.keyed("5", "in_talk")
	s.near("the agent is free after the talk", time.Since(ended), 0, 2*time.Second)
	s.over(s.agent(0))
	s.agentRung(1)
}

// outcomeInTheTalkCorrected: each is told, the last one counts.
func outcomeInTheTalkCorrected(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "*2*1")
	s.await(telephony.OutcomeKeyed, 2)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
	s.keyed("2", "in_talk", "1", "in_talk")
}

// keysWithoutStarMeanNothing during the talk: they are for a machine at the
// other end.
func keysWithoutStarMeanNothing(s *scene) {
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "19*0#")
	s.press(s.agent(0), "*#1")
	passing(300 * time.Millisecond)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
	s.keyed()
	s.never(telephony.IdentityConfirmed)
}

// keysBeforeTheAnswerMeanNothing: nobody has talked yet, so nothing is confirmed.
func keysBeforeTheAnswerMeanNothing(s *scene) {
	s.request.WrapUp, s.request.RingbackAfter, s.request.TaxpayerRing = time.Second, 0, 15*time.Second
	s.site.Taxpayer(softphone.AnswerAfter(8 * time.Second))
	call := s.begin()
	s.await(telephony.TaxpayerDialing)
	s.press(s.agent(0), "*9*1")
	s.await(telephony.TaxpayerAnswered)
	passing(500 * time.Millisecond)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
	s.keyed()
	s.never(telephony.IdentityConfirmed)
}

func outcomeAfterInvalidKeys(s *scene) {
	s.request.WrapUp = 15 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(300 * time.Millisecond)
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "0")
	passing(time.Second)
	s.press(s.agent(0), "*")
	passing(time.Second)
	if s.agent(0).Record().Ended() {
		s.Error("an invalid key ended the call with the agent")
	}
	s.press(s.agent(0), "3")
	call.ends(telephony.Answered)
	s.keyed("3", "keypad")
}

func outcomeByRingback(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(time.Second)
	left := s.hangUp(s.agent(0))
	again := s.agent(1)
	s.near("rung back after", again.Record().InvitedAt.Sub(left), s.request.RingbackAfter, 700*time.Millisecond)
	s.await(telephony.OutcomeRingback)
	s.press(again, "2")
	result := call.ends(telephony.Answered)
	s.keyed("2", "ringback")
	s.agentRung(2)
	if result.EndedBy != telephony.PartyAgent {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.near("talk", result.Talk(), left.Sub(s.taxpayer().Record().AnsweredAt), 200*time.Millisecond)
	s.over(again)
}

func ringbackIsNotAnswered(s *scene) {
	s.request.WrapUp, s.request.AgentRing = 4*time.Second, 2*time.Second
	s.site.Agent(softphone.Answer(), softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	left := s.hangUp(s.agent(0))
	call.ends(telephony.Answered)
	s.near("the outcome is waited for", time.Since(left), s.request.WrapUp, time.Second)
	s.keyed()
	s.agentRung(2)
	s.over(s.agent(1))
}

func agentStaysAndSaysNothing(s *scene) {
	s.request.WrapUp = 3 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	ended := s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
	s.near("the outcome is waited for", time.Since(ended), s.request.WrapUp, time.Second)
	s.keyed()
	s.never(telephony.OutcomeRingback)
	s.over(s.agent(0))
	s.agentRung(1)
}

func confirmedInTheTalk(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.commands <- telephony.Confirmed
	passing(500 * time.Millisecond)
	if s.taxpayer().Record().Ended() {
		s.Error("the confirmation ended the talk")
	}
	ended := s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
	s.near("the agent is free after the talk", time.Since(ended), 0, 2*time.Second)
	s.keyed()
	s.agentRung(1)
	s.over(s.agent(0))
}

func confirmedDuringTheMenu(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	passing(time.Second)
	confirmed := time.Now()
	s.commands <- telephony.Confirmed
	call.ends(telephony.Answered)
	s.near("the agent is free after the confirmation", time.Since(confirmed), 0, 2500*time.Millisecond)
	s.keyed()
	s.never(telephony.OutcomeRingback)
	s.over(s.agent(0))
}

func confirmedBeforeTheRingback(s *scene) {
	s.request.RingbackAfter = 3 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	left := s.hangUp(s.agent(0))
	s.await(telephony.Ended)
	s.commands <- telephony.Confirmed
	call.ends(telephony.Answered)
	s.near("returned after the agent left", time.Since(left), 0, 2*time.Second)
	s.never(telephony.OutcomeRingback)
	s.agentRung(1)
}

func confirmedDuringTheRingback(s *scene) {
	s.request.AgentRing = 6 * time.Second
	s.site.Agent(softphone.Answer(), softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.agent(0))
	s.await(telephony.OutcomeRingback)
	s.agent(1)
	confirmed := time.Now()
	s.commands <- telephony.Confirmed
	call.ends(telephony.Answered)
	s.near("the agent's telephone rings on after the confirmation", s.over(s.agent(1)).EndedAt.Sub(confirmed), 0, time.Second)
}

func agentHangsUpDuringTheMenu(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	passing(500 * time.Millisecond)
	s.hangUp(s.agent(0))
	s.press(s.agent(1), "7")
	call.ends(telephony.Answered)
	s.keyed("7", "ringback")
}
