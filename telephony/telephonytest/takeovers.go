package telephonytest

import (
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// takeovers are calls whose owner dies, and which a new owner resumes.
func takeovers() []script {
	return []script{
		{"ResumeWhileTheAgentRings", resumeWhileTheAgentRings},
		{"ResumeWhileTheTaxpayerRings", resumeWhileTheTaxpayerRings},
		{"ResumeAndItRingsOut", resumeAndItRingsOut},
		{"ResumeAnsweredMeanwhile", resumeAnsweredMeanwhile},
		{"ResumeAgentLeftWhileItRang", resumeAgentLeftWhileItRang},
		{"ResumeGoneMeanwhile", resumeGoneMeanwhile},
		{"ResumeDialledWithoutAnEcho", resumeDialledWithoutAnEcho},
		{"ResumeTalk", resumeTalk},
		{"ResumeTalkThatEnded", resumeTalkThatEnded},
		{"ResumeTalkThatTheAgentEnded", resumeTalkThatTheAgentEnded},
		{"ResumeMutedTalk", resumeMutedTalk},
		{"ResumeMenu", resumeMenu},
		{"ResumeBeforeRingback", resumeBeforeRingback},
		{"ResumeRingback", resumeRingback},
		{"ResumeAfterRingback", resumeAfterRingback},
		{"ResumeWithOutcomeKnown", resumeWithOutcomeKnown},
		{"ReplacedTouchesNothing", replacedTouchesNothing},
	}
}

func resumeWhileTheAgentRings(s *scene) {
	s.site.Agent(softphone.RingOut())
	call := s.begin()
	line := s.agent(0)
	s.await(telephony.AgentRinging)
	passing(300 * time.Millisecond)
	call.leave()
	s.resume().ends(telephony.Interrupted)
	s.over(line)
	s.rung(0)
	s.agentRung(1)
}

func resumeWhileTheTaxpayerRings(s *scene) {
	s.request.TaxpayerRing = 6 * time.Second
	s.site.Agent(softphone.Answer().Playing(agentVoice()))
	s.site.Taxpayer(softphone.AnswerAfter(3 * time.Second).Playing(taxpayerVoice()).HangingUp(5 * time.Second))
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	call.leave()
	passing(500 * time.Millisecond)
	call = s.resume()
	s.await(telephony.Ended)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	s.keyed("1", "keypad")
	s.await(telephony.AnnouncementPlayed)
	s.rung(1)
	there := s.taxpayer().Record()
	s.near("talk", result.Talk(), there.Talked(), 200*time.Millisecond)
	_, taxpayer := s.tracks(result)
	s.unbroken("the track", taxpayer.between(there.AnsweredAt.Add(100*time.Millisecond), there.EndedAt.Add(-100*time.Millisecond)))
}

func resumeAndItRingsOut(s *scene) {
	s.site.Taxpayer(softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	call.leave()
	passing(300 * time.Millisecond)
	s.resume().ends(telephony.NoAnswer)
	s.rung(1)
	if there := s.over(s.taxpayer()); there.Status != 487 {
		s.Errorf("the call at the taxpayer's ended with %d, want a CANCEL", there.Status)
	}
}

func resumeAnsweredMeanwhile(s *scene) {
	s.site.Taxpayer(softphone.AnswerAfter(1500 * time.Millisecond).Playing(taxpayerVoice()))
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	call.leave()
	passing(2500 * time.Millisecond)
	there := s.taxpayer()
	if !there.Record().Answered() || there.Record().Ended() {
		s.Fatalf("the conversation did not go on without its owner: %+v", there.Record())
	}
	call = s.resume()
	s.await(telephony.TaxpayerAnswered)
	s.await(telephony.AnnouncementPlayed)
	s.hangUp(there)
	s.await(telephony.Ended)
	passing(200 * time.Millisecond)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	_, taxpayer := s.tracks(result)
	answered := there.Record().AnsweredAt
	s.hears("the time without an owner, on the track", taxpayer.between(answered.Add(200*time.Millisecond), answered.Add(900*time.Millisecond)), taxpayerHz, agentHz)
	s.rung(1)
}

func resumeAgentLeftWhileItRang(s *scene) {
	s.request.TaxpayerRing = 10 * time.Second
	s.site.Taxpayer(softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	call.leave()
	s.hangUp(s.agent(0))
	call = s.resume()
	owned := time.Now()
	call.ends(telephony.Interrupted)
	s.near("the taxpayer's telephone rings on", s.over(s.taxpayer()).EndedAt.Sub(owned), 0, time.Second)
	s.rung(1)
}

// resumeGoneMeanwhile: nobody knows what became of it, and nobody is rung again.
func resumeGoneMeanwhile(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	call.leave()
	passing(300 * time.Millisecond)
	s.hangUp(s.taxpayer())
	passing(300 * time.Millisecond)
	result := s.resume().ends(telephony.Unknown)
	if result.Tracks == nil {
		s.Error("the tracks, which could tell more, are not told")
	}
	s.rung(1)
	s.over(s.agent(0))
}

// resumeDialledWithoutAnEcho: the network has said nothing yet; it could be a
// dial that never happened. It is taken down for good.
func resumeDialledWithoutAnEcho(s *scene) {
	silent := softphone.RingOut()
	silent.Ring = false
	s.site.Taxpayer(silent)
	call := s.begin()
	line := s.taxpayer()
	s.await(telephony.TaxpayerDialing)
	call.leave()
	s.resume().ends(telephony.Unknown)
	s.rung(1)
	if there := s.over(line); there.Status != 487 {
		s.Errorf("the call at the taxpayer's ended with %d, want a CANCEL", there.Status)
	}
}

func resumeTalk(s *scene) {
	s.site.Agent(softphone.Answer().Playing(agentVoice()))
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).Playing(taxpayerVoice()))
	call := s.begin()
	s.await(telephony.AnnouncementPlayed)
	call.leave()
	passing(time.Second)
	call = s.resume()
	passing(time.Second)
	s.press(s.agent(0), "*9*4")
	s.await(telephony.OutcomeKeyed)
	s.commands <- telephony.Mute
	s.await(telephony.RecordingMuted)
	s.commands <- telephony.Unmute
	s.await(telephony.RecordingUnmuted)
	passing(time.Second)
	s.hangUp(s.taxpayer())
	result := call.ends(telephony.Answered)
	if result.EndedBy != telephony.PartyTaxpayer {
		s.Errorf("ended by %s", result.EndedBy)
	}
	s.keyed("4", "in_talk")
	there := s.taxpayer().Record()
	s.near("talk", result.Talk(), there.Talked(), 200*time.Millisecond)
	agent, taxpayer := s.tracks(result)
	s.near("length", taxpayer.end().Sub(there.AnsweredAt), there.Talked(), 200*time.Millisecond)
	s.near("length of one track less the other's", taxpayer.end().Sub(agent.end()), 0, 200*time.Millisecond)
	from := there.AnsweredAt.Add(200 * time.Millisecond)
	heard := s.agent(0).Heard().Since(from)
	s.unbroken("what the agent heard", heard[:min(len(heard), tone.Samples(there.EndedAt.Sub(from)-200*time.Millisecond))])
}

// resumeTalkThatEnded: the track says when it ended.
func resumeTalkThatEnded(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(time.Second)
	call.leave()
	passing(time.Second)
	s.hangUp(s.taxpayer())
	passing(2 * time.Second)
	call = s.resume()
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	s.near("talk", result.Talk(), s.taxpayer().Record().Talked(), 300*time.Millisecond)
	s.keyed("1", "keypad")
	s.rung(1)
}

func resumeTalkThatTheAgentEnded(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(time.Second)
	call.leave()
	left := s.hangUp(s.agent(0))
	passing(2 * time.Second)
	call = s.resume()
	result := func() telephony.Result {
		s.await(telephony.Ended)
		s.press(s.agent(1), "1")
		return call.ends(telephony.Answered)
	}()
	s.keyed("1", "ringback")
	s.near("talk", result.Talk(), left.Sub(s.taxpayer().Record().AnsweredAt), 300*time.Millisecond)
	if result.EndedBy != telephony.PartyAgent {
		s.Errorf("ended by %s", result.EndedBy)
	}
}

// resumeMutedTalk: the mute and its limit go on under the new owner, and the gap
// has an event at both ends. An owner who comes only after the limit ends it at once.
func resumeMutedTalk(s *scene) {
	s.site.Taxpayer(softphone.AnswerAfter(300 * time.Millisecond).Playing(taxpayerVoice()))
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(500 * time.Millisecond)
	s.commands <- telephony.Mute
	s.await(telephony.RecordingMuted)
	call.leave()
	call = s.resume()
	owned := time.Now()
	passing(s.request.MuteLimit + 1500*time.Millisecond)
	s.press(s.agent(0), "*1")
	s.await(telephony.OutcomeKeyed)
	s.hangUp(s.taxpayer())
	result := call.ends(telephony.Answered)
	_, taxpayer := s.tracks(result)
	there := s.taxpayer().Record()
	end := there.EndedAt
	for _, kind := range []telephony.Kind{telephony.RecordingMuted, telephony.RecordingUnmuted} {
		if n := len(s.ledger.all(kind)); n != 1 {
			s.Errorf("%d times %s, want once", n, kind)
		}
	}
	muted := s.await(telephony.RecordingMuted).At
	s.near("mute", s.await(telephony.RecordingUnmuted).At.Sub(muted), max(s.request.MuteLimit, owned.Sub(muted)), 500*time.Millisecond)
	from, to := there.AnsweredAt.Add(200*time.Millisecond), end.Add(-200*time.Millisecond)
	s.silences(s.gaps(taxpayer.between(from, to), 100*time.Millisecond))
	s.hears("the end of the track", taxpayer.between(end.Add(-900*time.Millisecond), end.Add(-200*time.Millisecond)), taxpayerHz, agentHz)
}

func resumeMenu(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	passing(500 * time.Millisecond)
	call.leave()
	call = s.resume()
	passing(500 * time.Millisecond)
	s.press(s.agent(0), "3")
	result := call.ends(telephony.Answered)
	s.keyed("3", "keypad")
	s.near("talk", result.Talk(), s.taxpayer().Record().Talked(), 200*time.Millisecond)
	s.over(s.agent(0))
	s.agentRung(1)
}

func resumeBeforeRingback(s *scene) {
	s.request.RingbackAfter = 2 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.agent(0))
	s.await(telephony.Ended)
	call.leave()
	call = s.resume()
	s.press(s.agent(1), "2")
	call.ends(telephony.Answered)
	s.keyed("2", "ringback")
	s.agentRung(2)
}

// resumeRingback: the agent is on the line, waiting to be asked.
func resumeRingback(s *scene) {
	s.request.WrapUp = 15 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.agent(0))
	again := s.agent(1)
	if err := again.Wait(s.within(), func(r softphone.CallRecord) bool { return r.Answered() }); err != nil {
		s.Fatal(err)
	}
	passing(300 * time.Millisecond)
	call.leave()
	call = s.resume()
	passing(500 * time.Millisecond)
	s.press(again, "2")
	call.ends(telephony.Answered)
	s.keyed("2", "ringback")
	s.agentRung(2)
	s.over(again)
}

// resumeAfterRingback: once is once.
func resumeAfterRingback(s *scene) {
	s.request.WrapUp = 6 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.hangUp(s.agent(0))
	s.hangUp(s.agent(1))
	passing(200 * time.Millisecond)
	call.leave()
	s.resume().ends(telephony.Answered)
	s.keyed()
	s.agentRung(2)
}

func resumeWithOutcomeKnown(s *scene) {
	s.request.WrapUp = 20 * time.Second
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(200 * time.Millisecond)
	s.press(s.agent(0), "*1")
	s.await(telephony.OutcomeKeyed)
	call.leave()
	s.hangUp(s.taxpayer())
	call = s.resume()
	owned := time.Now()
	call.ends(telephony.Answered)
	s.near("the agent is free", time.Since(owned), 0, 3*time.Second)
	s.keyed("1", "in_talk")
	s.over(s.agent(0))
	s.agentRung(1)
}

// replacedTouchesNothing: whoever lost the switch leaves its calls alone.
func replacedTouchesNothing(s *scene) {
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(300 * time.Millisecond)
	s.connect()
	lost := time.Now()
	call.fails(telephony.ErrSwitchLost)
	s.near("noticed", time.Since(lost), 0, time.Second)
	passing(500 * time.Millisecond)
	if s.taxpayer().Record().Ended() || s.agent(0).Record().Ended() {
		s.Error("the conversation was cut")
	}
	call = s.resume()
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	call.ends(telephony.Answered)
}
