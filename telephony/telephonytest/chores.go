package telephonytest

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// chores are what the daemon asks of a switch beside the calls.
func chores() []script {
	return []script{
		{"CallsAndDiscard", callsAndDiscard},
		{"DiscardNothing", discardNothing},
		{"FetchAndRemove", fetchAndRemove},
		{"FetchOnlyWhatIsFinished", fetchOnlyWhatIsFinished},
		{"Check", check},
		{"TryRecording", tryRecording},
	}
}

func callsAndDiscard(s *scene) {
	s.site.Taxpayer(softphone.RingOut())
	call := s.begin()
	s.await(telephony.TaxpayerRinging)
	calls, err := s.sw.Calls(s.within())
	if err != nil || !slices.Contains(calls, s.request.ID) {
		s.Errorf("the switch says it holds %v (%v), want %s", calls, err, s.request.ID)
	}
	call.leave()
	s.connect()
	if err := s.sw.Discard(s.within(), s.request.ID); err != nil {
		s.Fatal(err)
	}
	calls, err = s.sw.Calls(s.within())
	if err != nil || slices.Contains(calls, s.request.ID) {
		s.Errorf("after Discard the switch holds %v (%v)", calls, err)
	}
	s.over(s.agent(0))
	if there := s.over(s.taxpayer()); there.Status != 487 {
		s.Errorf("the call at the taxpayer's ended with %d, want a CANCEL", there.Status)
	}
}

func discardNothing(s *scene) {
	if err := s.sw.Discard(s.within(), s.request.ID); err != nil {
		s.Errorf("a call that is not there: %v", err)
	}
}

func fetchAndRemove(s *scene) {
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	s.site.Taxpayer(softphone.Answer().HangingUp(time.Second))
	result := s.begin().ends(telephony.Answered)
	s.tracks(result)
	for _, name := range []string{result.Tracks.Agent, result.Tracks.Taxpayer} {
		s.recorded(name, true)
		for range 2 { // the second time there is nothing to do
			if err := s.sw.Remove(s.within(), name); err != nil {
				s.Errorf("removing %s: %v", name, err)
			}
		}
		s.recorded(name, false)
		var file bytes.Buffer
		if _, err := s.sw.Fetch(s.within(), name, &file); !errors.Is(err, telephony.ErrNoRecording) || errors.Is(err, telephony.ErrBeingWritten) || file.Len() > 0 {
			s.Errorf("fetching what was removed: %v, %d bytes", err, file.Len())
		}
	}
}

// recorded checks whether a recording is among those that the switch has.
func (s *scene) recorded(name string, there bool) {
	s.Helper()
	names, err := s.sw.Recorded(s.within())
	if err != nil || slices.Contains(names, name) != there {
		s.Errorf("the switch has %v (%v); %s among them: want %v", names, err, name, there)
	}
}

// fetchOnlyWhatIsFinished: a file that still grows is no recording.
func fetchOnlyWhatIsFinished(s *scene) {
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	call := s.begin()
	s.await(telephony.TaxpayerAnswered)
	var file bytes.Buffer
	name := s.await(telephony.RecordingStarted).Tracks.Taxpayer
	if _, err := s.sw.Fetch(s.within(), name, &file); !errors.Is(err, telephony.ErrNoRecording) || !errors.Is(err, telephony.ErrBeingWritten) {
		s.Errorf("fetching what is still being written: %v", err)
	}
	s.recorded(name, true)
	s.hangUp(s.taxpayer())
	s.await(telephony.Ended)
	if _, err := s.sw.Fetch(s.within(), name, &file); err != nil {
		s.Errorf("fetching when the end was reported: %v", err)
	}
	call.ends(telephony.Answered)
}

// tryRecording: nobody is rung for it.
func tryRecording(s *scene) {
	for range 2 {
		if err := s.sw.TryRecording(s.within()); err != nil {
			s.Errorf("all is well: %v", err)
		}
	}
	s.rung(0)
	s.site.SetDown(true)
	if err := s.sw.TryRecording(s.within()); !errors.Is(err, telephony.ErrNotTried) {
		s.Errorf("of a switch that cannot be reached: %v", err)
	}
	s.site.SetDown(false)
}

func check(s *scene) {
	if err := s.sw.Check(s.within()); err != nil {
		s.Errorf("all is well: %v", err)
	}
	gaps := s.sw.Gaps()
	s.site.SetDown(true)
	passing(300 * time.Millisecond)
	s.eventually("a switch that cannot be reached is noticed", func() bool { return s.sw.Check(s.within()) != nil })
	s.site.SetDown(false)
	s.eventually("a switch that can be reached again is noticed", func() bool { return s.sw.Check(s.within()) == nil })
	if s.sw.Gaps() != gaps+1 {
		s.Errorf("it counts %d gaps after one, and had %d before", s.sw.Gaps(), gaps)
	}
	old := s.sw
	s.connect()
	s.eventually("a switch that was lost is noticed", func() bool { return errors.Is(old.Check(s.within()), telephony.ErrSwitchLost) })
}
