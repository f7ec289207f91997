package telephonytest

import (
	"slices"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// faults are calls during which the connection to the switch fails.
func faults() []script {
	scripts := []script{
		{"AnsweredWhileCutOff", answeredWhileCutOff},
		{"EndedWhileCutOff", endedWhileCutOff},
		{"BusyWhileCutOff", busyWhileCutOff},
		{"DialReplyLost", dialReplyLost},
		{"DialRequestLost", dialRequestLost},
		{"DialDelayedForLong", dialDelayedForLong},
		{"SleepersDialFindsNothing", sleepersDialFindsNothing},
		{"LeftRightBeforeTheDial", leftRightBeforeTheDial},
	}
	for _, k := range []telephony.Kind{
		telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.AnnouncementPlayed, telephony.Ended,
	} {
		scripts = append(scripts, script{"CutAt_" + string(k), func(s *scene) { cutAt(s, k) }})
	}
	return append(scripts, script{"CutAt_outcome_ringback", cutAtRingback})
}

// cutAt cuts every connection at a stage; the call goes on as if nothing were,
// or, before the taxpayer was dialled, is interrupted without ringing anybody.
func cutAt(s *scene, k telephony.Kind) {
	s.site.Agent(softphone.AnswerAfter(700 * time.Millisecond))
	s.site.Taxpayer(softphone.AnswerAfter(700 * time.Millisecond).HangingUp(5 * time.Second))
	s.request.WrapUp = 15 * time.Second
	s.ledger.before(func(e telephony.Event) error {
		if e.Kind == k {
			s.site.Cut()
		}
		return nil
	})
	call := s.begin()
	s.await(telephony.Ended)
	if !slices.Contains(s.ledger.kinds(), telephony.TaxpayerAnswered) {
		result := call.end()
		dialled := len(s.ledger.all(telephony.TaxpayerDialing)) > 0
		if dialled || result.Status != telephony.Interrupted {
			s.Errorf("the call ended as %s (%s), dialled: %t", result.Status, result.Reason, dialled)
		}
		s.Logf("interrupted: %s", result.Reason)
		return
	}
	passing(time.Second)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	s.keyed("1", "keypad")
	s.rung(1)
	s.near("talk", result.Talk(), s.taxpayer().Record().Talked(), 200*time.Millisecond)
	s.near("answered", result.AnsweredAt.Sub(s.taxpayer().Record().AnsweredAt), 0, 200*time.Millisecond)
	s.await(telephony.AnnouncementPlayed)
}

func cutAtRingback(s *scene) {
	s.request.WrapUp = 15 * time.Second
	s.ledger.before(func(e telephony.Event) error {
		if e.Kind == telephony.OutcomeRingback {
			s.site.Cut()
		}
		return nil
	})
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.agent(0))
	again := s.agent(1)
	passing(time.Second)
	s.press(again, "2")
	call.ends(telephony.Answered)
	s.keyed("2", "ringback")
	s.agentRung(2)
}

func answeredWhileCutOff(s *scene) {
	s.request.WrapUp = 15 * time.Second
	s.site.Taxpayer(softphone.AnswerAfter(time.Second).Playing(taxpayerVoice()))
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	s.site.SetDown(true)
	there := s.taxpayer()
	if err := there.Wait(s.within(), func(r softphone.CallRecord) bool { return r.Answered() }); err != nil {
		s.Fatal(err)
	}
	passing(time.Second)
	s.site.SetDown(false)
	s.await(telephony.TaxpayerAnswered)
	s.await(telephony.AnnouncementPlayed)
	s.hangUp(there)
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	call.ends(telephony.Answered)
	s.rung(1)
}

// endedWhileCutOff: the track tells when.
func endedWhileCutOff(s *scene) {
	s.request.WrapUp = 20 * time.Second
	call := s.begin()
	s.await(telephony.AnnouncementPlayed)
	s.site.SetDown(true)
	passing(time.Second)
	s.hangUp(s.taxpayer())
	passing(2 * time.Second)
	s.site.SetDown(false)
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	if result.EndedBy != telephony.PartyTaxpayer {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.near("talk", result.Talk(), s.taxpayer().Record().Talked(), 300*time.Millisecond)
}

// busyWhileCutOff: what the network said was lost; that is what is reported.
func busyWhileCutOff(s *scene) {
	s.site.Taxpayer(softphone.Busy().After(time.Second))
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	s.site.SetDown(true)
	s.over(s.taxpayer())
	passing(300 * time.Millisecond)
	s.site.SetDown(false)
	call.ends(telephony.Unknown)
	s.rung(1)
}

// taxpayerDial is in the address of the request that dials the taxpayer.
const taxpayerDial = "-taxpayer/dial"

// dialReplyLost: the channel tells that the dial was carried out.
func dialReplyLost(s *scene) {
	s.site.Taxpayer(softphone.AnswerAfter(500 * time.Millisecond))
	struck := s.site.Harm(taxpayerDial, Harm{LoseReply: true})
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	<-struck
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "*1")
	s.await(telephony.OutcomeKeyed)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
	s.rung(1)
}

// dialRequestLost: nobody is rung, and it is not tried again.
func dialRequestLost(s *scene) {
	s.request.TaxpayerRing, s.request.WrapUp = 15*time.Second, time.Second
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).HangingUp(time.Second)) // if it rang all the same
	struck := s.site.Harm(taxpayerDial, Harm{LoseRequest: true})
	call := s.begin()
	<-struck
	lost := time.Now()
	result := call.end()
	if result.Status != telephony.Unknown && result.Status != telephony.Interrupted {
		s.Errorf("ended as %s (%s)", result.Status, result.Reason)
	}
	s.near("the agent waits", time.Since(lost), 0, 10*time.Second)
	s.rung(0)
	s.over(s.agent(0))
}

// dialDelayedForLong: the request comes after everybody gave it up, and rings nobody.
func dialDelayedForLong(s *scene) {
	s.request.TaxpayerRing = 4 * time.Second
	struck := s.site.Harm(taxpayerDial, Harm{Delay: 15 * time.Second})
	result := s.begin().end()
	if result.Status != telephony.Unknown && result.Status != telephony.Interrupted {
		s.Errorf("ended as %s (%s)", result.Status, result.Reason)
	}
	s.over(s.agent(0))
	select {
	case <-struck:
	case <-time.After(patience):
		s.Fatal("the request never came")
	}
	passing(time.Second)
	s.rung(0)
}

// sleepersDialFindsNothing: an owner falls asleep over its dial, a new one
// resumes the call; the dial then comes too late.
func sleepersDialFindsNothing(s *scene) {
	inFlight, taken := make(chan struct{}), make(chan struct{})
	struck := s.site.Harm(taxpayerDial, Harm{Before: func() { close(inFlight); <-taken }})
	sleeper := s.begin()
	<-inFlight
	s.resume().ends(telephony.Unknown)
	close(taken)
	<-struck
	sleeper.fails(telephony.ErrSwitchLost)
	passing(500 * time.Millisecond)
	s.rung(0)
	s.over(s.agent(0))
}

// leftRightBeforeTheDial: the intent is durable, the owner dies, the request is lost with it.
func leftRightBeforeTheDial(s *scene) {
	inFlight, left := make(chan struct{}), make(chan struct{})
	struck := s.site.Harm(taxpayerDial, Harm{Before: func() { close(inFlight); <-left }, LoseRequest: true})
	call := s.begin()
	<-inFlight
	call.leave()
	close(left)
	<-struck
	s.resume().ends(telephony.Unknown)
	s.rung(0)
	s.over(s.agent(0))
}
