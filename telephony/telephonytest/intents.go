package telephonytest

import (
	"errors"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// intents are about what must be durable before an act, and what must not wait.
func intents() []script {
	return []script{
		{"AgentRingingRefused", agentRingingRefused},
		{"TaxpayerDialingRefused", taxpayerDialingRefused},
		{"RingbackRefused", ringbackRefused},
		{"NobodyIsRungBeforeTheIntent", nobodyIsRungBeforeTheIntent},
		{"AgentLeavesDuringTheIntent", agentLeavesDuringTheIntent},
		{"SwitchLostDuringTheIntent", switchLostDuringTheIntent},
		{"LeftDuringTheIntent", leftDuringTheIntent},
		{"SlowLedgerDelaysNoSound", slowLedgerDelaysNoSound},
		{"LostObservationCutsNothing", lostObservationCutsNothing},
	}
}

var errNotDurable = errors.New("not durable")

// refusing refuses one kind of event.
func refusing(k telephony.Kind) func(telephony.Event) error {
	return func(e telephony.Event) error {
		if e.Kind == k {
			return errNotDurable
		}
		return nil
	}
}

func agentRingingRefused(s *scene) {
	s.ledger.before(refusing(telephony.AgentRinging))
	s.begin().fails(errNotDurable)
	s.agentRung(0)
	s.rung(0)
}

func taxpayerDialingRefused(s *scene) {
	s.ledger.before(refusing(telephony.TaxpayerDialing))
	s.begin().fails(errNotDurable)
	s.rung(0)
	s.agentRung(1)
	s.over(s.agent(0))
	s.never(telephony.TaxpayerDialing, telephony.TaxpayerRinging)
}

// ringbackRefused: the agent is not rung; the outcome may still come otherwise.
func ringbackRefused(s *scene) {
	s.request.WrapUp = 4 * time.Second
	s.ledger.before(refusing(telephony.OutcomeRingback))
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.agent(0))
	call.returned()
	if call.err != nil && !errors.Is(call.err, errNotDurable) {
		s.Errorf("the call: %v", call.err)
	}
	s.await(telephony.Ended)
	s.agentRung(1)
}

// nobodyIsRungBeforeTheIntent: however long the ledger takes, no telephone
// rings before the intent to ring it is durable.
func nobodyIsRungBeforeTheIntent(s *scene) {
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).HangingUp(time.Second))
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	s.ledger.before(func(e telephony.Event) error {
		switch e.Kind {
		case telephony.AgentRinging:
			passing(500 * time.Millisecond)
			s.agentRung(0)
		case telephony.TaxpayerDialing:
			passing(500 * time.Millisecond)
			s.rung(0)
		}
		return nil
	})
	s.begin().ends(telephony.Answered)
	s.agentRung(1)
	s.rung(1)
}

// slowly lets one intent take as long as do does.
func slowly(k telephony.Kind, do func()) func(telephony.Event) error {
	return func(e telephony.Event) error {
		if e.Kind == k {
			do()
		}
		return nil
	}
}

func agentLeavesDuringTheIntent(s *scene) {
	left := make(chan struct{})
	s.ledger.before(slowly(telephony.TaxpayerDialing, func() { <-left; passing(300 * time.Millisecond) }))
	call := s.begin()
	s.await(telephony.RecordingStarted)
	s.hangUp(s.agent(0))
	close(left)
	if result := call.ends(telephony.Interrupted); result.EndedBy != telephony.PartyAgent {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.rung(0)
}

func switchLostDuringTheIntent(s *scene) {
	entered, taken := make(chan struct{}), make(chan struct{})
	s.ledger.before(slowly(telephony.TaxpayerDialing, func() { close(entered); <-taken; passing(300 * time.Millisecond) }))
	call := s.begin()
	<-entered
	s.connect()
	close(taken)
	call.fails(telephony.ErrSwitchLost)
	s.rung(0)
	if s.agent(0).Record().Ended() {
		s.Error("the old owner hung up a telephone that is the new owner's")
	}
	s.resume().ends(telephony.Unknown) // the intent is durable: nobody can know
	s.rung(0)
}

// leftDuringTheIntent: the owner leaves while the intent is being written; it
// becomes durable, and the act does not follow.
func leftDuringTheIntent(s *scene) {
	entered, left := make(chan struct{}), make(chan struct{})
	s.ledger.before(slowly(telephony.TaxpayerDialing, func() { close(entered); <-left }))
	call := s.begin()
	<-entered
	call.cancel()
	close(left)
	call.leave()
	s.rung(0)
	s.await(telephony.TaxpayerDialing)
	s.resume().ends(telephony.Unknown) // nobody can know
	s.rung(0)
}

// slowLedgerDelaysNoSound: what is only observed is written beside the talk.
func slowLedgerDelaysNoSound(s *scene) {
	s.site.Agent(softphone.Answer().Playing(agentVoice()))
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).Playing(taxpayerVoice()).HangingUp(5 * time.Second))
	s.request.WrapUp = 20 * time.Second
	s.ledger.before(func(e telephony.Event) error {
		if e.Kind == telephony.TaxpayerAnswered {
			passing(4 * time.Second)
		}
		return nil
	})
	call := s.begin()
	there := s.taxpayer()
	if err := there.Wait(s.within(), func(r softphone.CallRecord) bool { return r.Answered() }); err != nil {
		s.Fatal(err)
	}
	passing(1500 * time.Millisecond)
	s.commands <- telephony.Mute
	passing(time.Second)
	s.commands <- telephony.Unmute
	if n := len(s.ledger.all(telephony.TaxpayerAnswered)); n != 0 {
		s.Error("the ledger was not slow")
	}
	answered := there.Record().AnsweredAt
	// The agent is heard, and so is the announcement on top of it.
	heard := there.Heard().Since(answered)
	loudest := tone.Floor
	for i := 0; i+800 <= len(heard); i += 800 {
		loudest = max(loudest, tone.Level(heard[i:i+800]))
	}
	if first := tone.FirstSound(heard, -30); first < 0 {
		s.Error("the agent is not heard")
	} else {
		s.near("the agent is heard after the answer", tone.Duration(first), 0, 300*time.Millisecond)
	}
	if loudest < -11.5 {
		s.Errorf("the announcement was not heard: the loudest tenth of a second is %.1f dB", loudest)
	}
	s.await(telephony.Ended)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.RecordingMuted, telephony.RecordingUnmuted,
		telephony.AnnouncementPlayed, telephony.Ended, telephony.OutcomeKeyed)
	s.near("talk", result.Talk(), there.Record().Talked(), 200*time.Millisecond)
}

// lostObservationCutsNothing: what the ledger will not take ends no talk.
func lostObservationCutsNothing(s *scene) {
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).HangingUp(2 * time.Second))
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	s.ledger.before(func(e telephony.Event) error {
		if !e.Kind.Intent() && e.Kind != telephony.Ended {
			return errNotDurable
		}
		return nil
	})
	result := s.begin().ends(telephony.Answered)
	s.near("talk", result.Talk(), s.taxpayer().Record().Talked(), 200*time.Millisecond)
	s.order(telephony.AgentRinging, telephony.TaxpayerDialing, telephony.Ended)
}
