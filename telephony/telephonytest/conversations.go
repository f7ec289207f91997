package telephonytest

import (
	"slices"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// What agent and taxpayer say.
const (
	agentHz    = 440
	taxpayerHz = 880
)

func agentVoice() tone.Source    { return tone.Sine(agentHz, -12) }
func taxpayerVoice() tone.Source { return tone.Sine(taxpayerHz, -12) }

// conversations are the calls in which somebody talks.
func conversations() []script {
	return []script{
		{"Conversation", conversation},
		{"TaxpayerHangsUpAtOnce", taxpayerHangsUpAtOnce},
		{"AgentHangsUpFirst", agentHangsUpFirst},
		{"EarlyMediaThenAnswer", earlyMediaThenAnswer},
		{"TracksStayAligned", tracksStayAligned},
		{"SilenceOnTheNetwork", silenceOnTheNetwork},
		{"WhatTelephonesAreShown", whatTelephonesAreShown},
	}
}

// conversation is the whole procedure, as it goes when it goes well.
func conversation(s *scene) {
	s.site.Agent(softphone.AnswerAfter(200 * time.Millisecond).Playing(agentVoice()))
	s.site.Taxpayer(softphone.AnswerAfter(500 * time.Millisecond).Playing(taxpayerVoice()).HangingUp(6 * time.Second))
	call := s.begin()
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)

	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.RecordingStarted, telephony.TaxpayerDialing,
		telephony.TaxpayerRinging, telephony.TaxpayerAnswered, telephony.AnnouncementPlayed, telephony.Ended, telephony.OutcomeKeyed)
	s.keyed("1", "keypad")
	s.rung(1)
	s.agentRung(1)
	if result.EndedBy != telephony.PartyTaxpayer {
		s.Errorf("ended by %s", result.EndedBy)
	}
	if e := s.await(telephony.AnnouncementPlayed); e.Media == "" {
		s.Error("what was announced is not said")
	}
	there := s.taxpayer().Record()
	s.near("answered", result.AnsweredAt.Sub(there.AnsweredAt), 0, 100*time.Millisecond)
	s.near("talk", result.Talk(), there.Talked(), 200*time.Millisecond)
	s.Logf("answer %s after the telephone's, talk %s longer than the telephone's %s",
		result.AnsweredAt.Sub(there.AnsweredAt), result.Talk()-there.Talked(), there.Talked())

	agent, taxpayer := s.tracks(result)
	from, to := there.AnsweredAt.Add(4*time.Second), there.EndedAt.Add(-200*time.Millisecond)
	s.hears("the agent's track", agent.between(from, to), agentHz, taxpayerHz)
	s.hears("the taxpayer's track", taxpayer.between(from, to), taxpayerHz, agentHz)
	s.near("taxpayer's track, from the answer on", taxpayer.end().Sub(there.AnsweredAt), there.Talked(), 200*time.Millisecond)
	s.near("agent's track, from the answer on", agent.end().Sub(there.AnsweredAt), there.Talked(), 200*time.Millisecond)
	s.unbroken("the taxpayer's track", taxpayer.between(there.AnsweredAt.Add(100*time.Millisecond), to))
	s.unbroken("the agent's track", agent.between(there.AnsweredAt, to))
	before := there.AnsweredAt.Add(-300 * time.Millisecond)
	first := taxpayer.at(taxpayer.index(before) + tone.FirstSound(taxpayer.between(before, to), -20)).Sub(there.AnsweredAt)
	s.Logf("the taxpayer's first sound is on the track %s after the answer", first)
	s.near("the taxpayer's first sound on the track, after the answer", first, 0, 150*time.Millisecond)
	// Both heard the other, and the announcement before.
	heard := s.taxpayer().Heard().Since(there.AnsweredAt.Add(4 * time.Second))
	s.hears("the taxpayer", heard[:min(len(heard), tone.Samples(time.Second))], agentHz, taxpayerHz)
	heard = s.agent(0).Heard().Since(there.AnsweredAt.Add(4 * time.Second))
	s.hears("the agent", heard[:min(len(heard), tone.Samples(time.Second))], taxpayerHz, agentHz)
}

// taxpayerHangsUpAtOnce: it was answered all the same.
func taxpayerHangsUpAtOnce(s *scene) {
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).HangingUp(300 * time.Millisecond))
	call := s.begin()
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "6")
	result := call.ends(telephony.Answered)
	s.near("talk", result.Talk(), s.taxpayer().Record().Talked(), 200*time.Millisecond)
	if result.EndedBy != telephony.PartyTaxpayer {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.never(telephony.AnnouncementPlayed) // not to its end
	s.keyed("6", "keypad")
}

// agentHangsUpFirst: the taxpayer is released at once.
func agentHangsUpFirst(s *scene) {
	s.request.RingbackAfter = 0
	s.request.WrapUp = 2 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(2 * time.Second)
	left := s.hangUp(s.agent(0))
	there := s.over(s.taxpayer())
	result := call.ends(telephony.Answered)
	if result.EndedBy != telephony.PartyAgent {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.near("the taxpayer is released after the agent", there.EndedAt.Sub(left), 0, 300*time.Millisecond)
	s.near("talk", result.Talk(), left.Sub(there.AnsweredAt), 200*time.Millisecond)
	s.agentRung(1) // never rung back
}

// earlyMediaThenAnswer: the agent hears what the network says before the answer.
func earlyMediaThenAnswer(s *scene) {
	s.site.Agent(softphone.Answer())
	s.site.Taxpayer(softphone.AnswerAfter(1500 * time.Millisecond).WithEarlyMedia(tone.Sine(425, -12)).
		Playing(taxpayerVoice()).HangingUp(time.Second))
	call := s.begin()
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	there := s.taxpayer().Record()
	heard := s.agent(0).Heard()
	from := there.EarlyMediaAt.Add(500 * time.Millisecond)
	network := heard.Since(from)
	s.hears("the agent", network[:min(len(network), tone.Samples(700*time.Millisecond))], 425, taxpayerHz)
	_, taxpayer := s.tracks(result)
	s.hears("the taxpayer's track before the answer", taxpayer.between(from, from.Add(700*time.Millisecond)), 425, taxpayerHz)
	if len(s.ledger.all(telephony.TaxpayerRinging)) != 1 {
		s.Error("early media is ringing, and was not reported")
	}
}

// tracksStayAligned: after a minute, in which one leg sent nothing for 10 s,
// what was said at one moment lies at one place of both tracks.
func tracksStayAligned(s *scene) {
	const late, clicks, apart = time.Minute, 5, 600 * time.Millisecond
	s.request.WrapUp = 2 * time.Second
	s.request.RingbackAfter = 0
	lateClicks := func() tone.Source { // more than one: a packet may be lost
		var all []tone.Source
		for i := range clicks {
			all = append(all, tone.Click(late+time.Duration(i)*apart))
		}
		return tone.Mix(all...)
	}
	s.site.Agent(softphone.Answer().Playing(lateClicks()))
	s.site.Taxpayer(softphone.AnswerAfter(300*time.Millisecond).
		Playing(tone.Mix(tone.Click(50*time.Millisecond), lateClicks())).
		Pausing(20*time.Second, 10*time.Second).HangingUp(late + 4*time.Second))
	call := s.begin()
	select {
	case <-call.done:
	case <-time.After(late + patience):
	}
	result := call.ends(telephony.Answered)
	agent, taxpayer := s.tracks(result)
	here, there := s.agent(0).Record(), s.taxpayer().Record()

	// offset is by how much a click lies behind the moment it was said at.
	offset := func(t track, said time.Time) (time.Duration, bool) {
		from := said.Add(-apart / 2)
		i := tone.ClickOnset(t.between(from, said.Add(apart/2)))
		return t.at(t.index(from) + i).Sub(said), i >= 0
	}
	median := func(t track, answered time.Time) time.Duration {
		var found []time.Duration
		for i := range clicks {
			if d, ok := offset(t, answered.Add(late+time.Duration(i)*apart)); ok {
				found = append(found, d)
			}
		}
		if len(found) <= clicks/2 {
			s.Fatalf("of %d clicks %d are on the track", clicks, len(found))
		}
		slices.Sort(found)
		return found[len(found)/2]
	}
	first, ok := offset(taxpayer, there.AnsweredAt.Add(50*time.Millisecond))
	if !ok {
		s.Error("the click 50 ms after the answer is not on the track")
	}
	a, b := median(agent, here.AnsweredAt), median(taxpayer, there.AnsweredAt)
	s.Logf("clicks on the tracks after they were said: taxpayer %s at the answer; after %s agent %s, taxpayer %s, %s apart; the machine was late by %s",
		first, late, a, b, a-b, s.lag.sum())
	s.near("the tracks apart from each other", a-b, 0, 40*time.Millisecond)
	s.near("drift of the taxpayer's track", b-first, 0, 40*time.Millisecond)
	s.near("length", taxpayer.end().Sub(there.AnsweredAt), there.Talked(), 200*time.Millisecond)
	s.near("length of one track less the other's", taxpayer.end().Sub(agent.end()), 0, 200*time.Millisecond)
	s.near("talk", result.Talk(), there.Talked(), 200*time.Millisecond)
}

// silenceOnTheNetwork: a line that sends nothing for a while is not dead.
func silenceOnTheNetwork(s *scene) {
	s.request.WrapUp = time.Second
	s.request.RingbackAfter = 0
	s.site.Taxpayer(softphone.AnswerAfter(300*time.Millisecond).Playing(taxpayerVoice()).
		Pausing(time.Second, 10*time.Second).HangingUp(13 * time.Second))
	result := s.begin().ends(telephony.Answered)
	there := s.taxpayer().Record()
	s.near("talk", result.Talk(), there.Talked(), 200*time.Millisecond)
	_, taxpayer := s.tracks(result)
	found := s.gaps(taxpayer.between(there.AnsweredAt.Add(200*time.Millisecond), there.EndedAt.Add(-200*time.Millisecond)), 100*time.Millisecond)
	if len(found) != 1 {
		s.Fatalf("gaps %v, want one of 10 s", found)
	}
	s.near("the pause on the track", found[0], 10*time.Second, 150*time.Millisecond)
}

// whatTelephonesAreShown: the caller's number to the taxpayer, the header that
// makes it answer by itself to the agent's telephone, and to it alone.
func whatTelephonesAreShown(s *scene) {
	s.site.Agent(softphone.Answer().HangingUp(2*time.Second), softphone.Answer().Pressing(time.Second, "1"))
	call := s.begin()
	call.ends(telephony.Answered)
	name, value := s.site.AutoAnswer()
	for n := range 2 {
		if got := s.agent(n).Invite().Header(name); got != value {
			s.Errorf("call %d at the agent's telephone came with %s: %q, want %q", n, name, got, value)
		}
	}
	if got := s.taxpayer().Invite().Header(name); got != "" {
		s.Errorf("the taxpayer's call came with %s: %q", name, got)
	}
	if got := s.taxpayer().Record().Caller; got != s.site.CallerID() {
		s.Errorf("the taxpayer sees %q, want %q", got, s.site.CallerID())
	}
}
