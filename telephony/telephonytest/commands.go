package telephonytest

import (
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// commands are what the page, the API or the daemon ask of a call under way.
func commands() []script {
	return []script{
		{"MuteEndsByItself", muteEndsByItself},
		{"MuteAndUnmute", muteAndUnmute},
		{"HangUpInTheTalk", hangUpInTheTalk},
		{"HangUpWhileItRings", hangUpWhileItRings},
		{"IdentityByThePage", identityByThePage},
	}
}

// muted makes a call of 7 s in which do mutes the recording, and returns the
// silences on both tracks.
func muted(s *scene, do func()) (agent, taxpayer []time.Duration) {
	s.site.Agent(softphone.Answer().Playing(agentVoice()))
	s.site.Taxpayer(softphone.Answer().Playing(taxpayerVoice()).HangingUp(7 * time.Second))
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(time.Second)
	do()
	result := call.ends(telephony.Answered)
	a, b := s.tracks(result)
	there := s.taxpayer().Record()
	from, to := there.AnsweredAt.Add(200*time.Millisecond), there.EndedAt.Add(-200*time.Millisecond)
	s.near("length of the muted track", b.end().Sub(there.AnsweredAt), there.Talked(), 200*time.Millisecond)
	s.hears("the taxpayer's track after the mute", b.between(to.Add(-time.Second), to), taxpayerHz, agentHz)
	return s.gaps(a.between(from, to), 100*time.Millisecond), s.gaps(b.between(from, to), 100*time.Millisecond)
}

// silences checks that each track has one silence, as long as the events say.
func (s *scene) silences(tracks ...[]time.Duration) {
	s.Helper()
	long := s.await(telephony.RecordingUnmuted).At.Sub(s.await(telephony.RecordingMuted).At)
	for _, found := range tracks {
		if len(found) != 1 {
			s.Errorf("silences %v, want one of %s", found, long)
			continue
		}
		s.near("the silence", found[0], long, 150*time.Millisecond)
	}
}

func muteEndsByItself(s *scene) {
	a, b := muted(s, func() { s.commands <- telephony.Mute })
	s.near("mute", s.await(telephony.RecordingUnmuted).At.Sub(s.await(telephony.RecordingMuted).At), s.request.MuteLimit, 200*time.Millisecond)
	s.silences(a, b)
}

func muteAndUnmute(s *scene) {
	s.request.MuteLimit = time.Minute
	a, b := muted(s, func() {
		s.commands <- telephony.Mute
		s.commands <- telephony.Mute // again changes nothing
		s.await(telephony.RecordingMuted)
		passing(1500 * time.Millisecond)
		s.commands <- telephony.Unmute
		s.commands <- telephony.Unmute
	})
	s.silences(a, b)
	if n := len(s.ledger.all(telephony.RecordingMuted)); n != 1 {
		s.Errorf("muted %d times", n)
	}
}

func hangUpInTheTalk(s *scene) {
	s.request.WrapUp, s.request.RingbackAfter = 3*time.Second, 0
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	passing(time.Second)
	asked := time.Now()
	s.commands <- telephony.HangUp
	there := s.over(s.taxpayer())
	s.near("the talk goes on after it was to end", there.EndedAt.Sub(asked), 0, 300*time.Millisecond)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	result := call.ends(telephony.Answered)
	s.near("talk", result.Talk(), there.Talked(), 200*time.Millisecond)
	s.keyed("1", "keypad")
}

func hangUpWhileItRings(s *scene) {
	s.site.Taxpayer(softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	s.commands <- telephony.HangUp
	call.ends(telephony.Interrupted)
	if there := s.over(s.taxpayer()); there.Status != 487 {
		s.Errorf("the call at the taxpayer's ended with %d, want a CANCEL", there.Status)
	}
}

func identityByThePage(s *scene) {
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	s.commands <- telephony.ConfirmIdentity
	s.await(telephony.IdentityConfirmed)
	s.commands <- telephony.ConfirmIdentity // once is enough
	passing(300 * time.Millisecond)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
}
