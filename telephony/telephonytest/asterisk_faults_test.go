package telephonytest

import (
	"os"
	"sync"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/telephony"
	"sambung/telephony/softphone"
)

// on gives a test an Asterisk of its own.
func on(t *testing.T) (*office, *scene) {
	t.Parallel()
	o := newOffice(t, 1)
	return o, newScene(t, o.open(t))
}

// TestAsteriskCrashesInTheTalk: the talk is over; what was recorded until then
// is there, and says when.
func TestAsteriskCrashesInTheTalk(t *testing.T) {
	o, s := on(t)
	s.request.WrapUp = 30 * time.Second
	s.site.Agent(softphone.Answer().Playing(agentVoice()))
	s.site.Taxpayer(softphone.Answer().Playing(taxpayerVoice()))
	call := s.begin()
	s.await(telephony.AnnouncementPlayed)
	passing(time.Second)
	crashed := time.Now()
	o.server.Restart()
	// Nobody tells the telephones; the people hang up.
	s.hangUp(s.taxpayer())
	s.hangUp(s.agent(0))
	s.await(telephony.Ended)
	s.press(s.agent(1), "6")
	result := call.ends(telephony.Answered)
	if result.EndedBy != telephony.PartySystem {
		s.Errorf("ended by %s", result.EndedBy)
	}
	// What waited to be written, up to 32 KiB, is lost with the switch.
	s.near("ended", result.EndedAt.Sub(crashed), -time.Second, 1500*time.Millisecond)
	s.keyed("6", "ringback")
	s.rung(1)
	name := result.Tracks.Taxpayer
	if info, err := os.Stat(o.server.RecordingDir + "/" + name + ".wav"); err != nil || info.Size() < 16000 {
		s.Errorf("the recording: %v, %v", info, err)
	}
	s.checkAtTheEnd()
}

// TestAsteriskCrashesWhileItRings: whether it was answered, nobody can tell.
func TestAsteriskCrashesWhileItRings(t *testing.T) {
	o, s := on(t)
	s.site.Taxpayer(softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	o.server.Restart()
	call.ends(telephony.Unknown)
	s.hangUp(s.taxpayer())
	s.hangUp(s.agent(0))
	s.checkAtTheEnd()
}

// TestNothingIsSaidUnrecorded: where nothing can be recorded, nobody is rung.
func TestNothingIsSaidUnrecorded(t *testing.T) {
	o, s := on(t)
	if err := os.RemoveAll(o.server.RecordingDir); err != nil {
		t.Fatal(err)
	}
	s.begin().ends(telephony.Interrupted)
	s.rung(0)
	s.order(telephony.AgentRinging, telephony.AgentAnswered, telephony.Ended)
	s.over(s.agent(0))
	s.checkAtTheEnd()
}

// TestTrunkWithoutContact fails while the agent's telephone rings, and ends that.
func TestTrunkWithoutContact(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	o.server = realservers.Asterisk(t, realservers.AsteriskOptions{})
	s := newScene(t, o.open(t))
	if result := s.begin().ends(telephony.TrunkFailure); result.Reason == "" {
		s.Error("no reason is given")
	}
	s.rung(0)
	s.order(telephony.AgentRinging, telephony.Ended)
	s.over(s.agent(0))
	s.checkAtTheEnd()
}

// TestOrphansEnd: a talk that no owner comes back to does not last for ever.
func TestOrphansEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	o.maxDuration = 4 * time.Second
	s := newScene(t, o.open(t))
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	call.leave()
	there, here := s.over(s.taxpayer()), s.over(s.agent(0))
	s.near("the agent's leg lasted", here.Talked(), o.maxDuration, time.Second)
	s.request.WrapUp = 0
	result := s.resume().ends(telephony.Answered)
	s.near("talk", result.Talk(), min(there.Talked(), here.EndedAt.Sub(there.AnsweredAt)), 300*time.Millisecond)
	s.checkAtTheEnd()
}

// TestLeaseLostWhileCutOff: whoever may not connect again has lost the switch.
func TestLeaseLostWhileCutOff(t *testing.T) {
	_, s := on(t)
	own := s.site.(*site)
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	own.lost.Store(true)
	s.site.Cut()
	call.fails(telephony.ErrSwitchLost)
	if s.taxpayer().Record().Ended() {
		s.Error("the conversation was cut")
	}
	own.lost.Store(false)
	call = s.resume()
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	passing(300 * time.Millisecond)
	s.press(s.agent(0), "1")
	call.ends(telephony.Answered)
	s.checkAtTheEnd()
}

// TestManyCallsOverOneConnection keeps each to its own.
func TestManyCallsOverOneConnection(t *testing.T) {
	t.Parallel()
	const calls = 12
	o := newOffice(t, calls)
	var all sync.WaitGroup
	first := o.open(t)
	scenes := make([]*scene, calls)
	for i := range scenes {
		where := first
		if i > 0 {
			where = o.open(t)
		}
		scenes[i] = newScene(t, where)
		scenes[i].sw = scenes[0].sw
	}
	keys := "123456781234"
	for i, s := range scenes {
		all.Go(func() {
			s.site.Agent(softphone.Answer().Pressing(2*time.Second+time.Duration(i)*50*time.Millisecond, "*"+keys[i:i+1]))
			s.site.Taxpayer(softphone.AnswerAfter(time.Duration(i) * 70 * time.Millisecond).HangingUp(5 * time.Second))
			call := s.begin()
			<-call.done
		})
	}
	all.Wait()
	for i, s := range scenes {
		s.await(telephony.Ended)
		s.keyed(keys[i:i+1], "in_talk")
		s.near("talk", s.await(telephony.Ended).Result.Talk(), s.taxpayer().Record().Talked(), 200*time.Millisecond)
		s.checkAtTheEnd()
	}
}
