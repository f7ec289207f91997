package telephonytest

import (
	"context"
	"errors"
	"sync"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// supervisorHz is what a supervisor in the talk says; no mixture of the others' tones has it.
const supervisorHz = 1200

// monitors are about a supervisor in the talk.
func monitors() []script {
	return []script{
		{"MonitorListens", monitorListens},
		{"MonitorWhispers", monitorWhispers},
		{"MonitorIsStopped", monitorIsStopped},
		{"MonitorNotDurable", monitorNotDurable},
		{"MonitorIsRefused", monitorIsRefused},
		{"MonitorAfterATakeover", monitorAfterATakeover},
		{"MonitorSurvivesACut", monitorSurvivesACut},
		{"WhisperRequestLost", func(s *scene) { whisperLost(s, Harm{LoseRequest: true}) }},
		{"WhisperReplyLost", func(s *scene) { whisperLost(s, Harm{LoseReply: true}) }},
	}
}

// watching is a monitor under way.
type watching struct {
	s    *scene
	mode telephony.MonitorMode
	stop context.CancelFunc
	done chan struct{}
	err  error // set when done is closed

	mu     sync.Mutex
	events []telephony.Event // mu
	refuse bool              // set before it begins
}

// monitor lets the supervisor into the scene's call.
func (s *scene) monitor(mode telephony.MonitorMode, refuse ...bool) *watching {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watching{s: s, mode: mode, stop: cancel, done: make(chan struct{}), refuse: len(refuse) > 0}
	sw, r := s.sw, telephony.MonitorRequest{CallID: s.request.ID, Endpoint: s.site.SupervisorEndpoint(), Mode: mode, Ring: 3 * time.Second}
	go func() {
		defer close(w.done)
		w.err = sw.Monitor(ctx, r, telephony.Each(w.observe))
	}()
	s.Cleanup(func() { cancel(); <-w.done })
	return w
}

func (w *watching) observe(e telephony.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse && e.Kind.Intent() {
		return errNotDurable
	}
	w.events = append(w.events, e)
	return nil
}

func (w *watching) kinds() []telephony.Kind {
	w.mu.Lock()
	defer w.mu.Unlock()
	var kinds []telephony.Kind
	for _, e := range w.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// joined waits until the supervisor, whose telephone's n-th call it is, is in the
// talk: that it began is on record before anything is heard.
func (w *watching) joined(n int) Line {
	w.s.Helper()
	w.s.eventually("the supervisor is in the talk", func() bool { return w.inTheTalk(n) })
	return w.s.supervisor(n)
}

// inTheTalk reports whether the supervisor hears the talk, and the agent a whisper.
func (w *watching) inTheTalk(n int) bool {
	w.s.Helper()
	if len(w.kinds()) < 2 || tone.Level(w.s.supervisor(n).Heard().Samples) <= -45 {
		return false
	}
	heard := w.s.agent(0).Heard().Samples
	now := heard[max(0, len(heard)-tone.Samples(100*time.Millisecond)):]
	return w.mode != telephony.Whisper || tone.Power(now, supervisorHz) > -25
}

// ended waits for the end, as it is wanted; without an error it was reported.
func (w *watching) ended(want error) {
	w.s.Helper()
	select {
	case <-w.done:
	case <-time.After(patience):
		w.s.Fatalf("the monitor does not end; events %v", w.kinds())
	}
	if !errors.Is(w.err, want) {
		w.s.Errorf("the monitor returned %v, want %v", w.err, want)
	}
	if want != nil {
		return
	}
	got := w.kinds()
	if len(got) != 3 || got[0] != telephony.MonitorRinging || got[1] != telephony.MonitorStarted || got[2] != telephony.MonitorEnded {
		w.s.Errorf("events of the monitor: %v", got)
	} else if last := w.events[2]; last.Reason == "" || last.Mode == "" || last.At.IsZero() {
		w.s.Errorf("the end was reported as %+v", last)
	}
}

// supervisor is the n-th call at the supervisor's telephone.
func (s *scene) supervisor(n int) Line {
	s.Helper()
	line, err := s.site.SupervisorLine(s.within(), n)
	if err != nil {
		s.Fatalf("call %d at the supervisor's telephone: %v", n, err)
	}
	return line
}

// talked begins a talk in which everybody says a tone, and waits until the announcement is over.
func (s *scene) talked() *running {
	s.Helper()
	s.request.WrapUp, s.request.RingbackAfter = time.Second, 0
	s.site.Agent(softphone.Answer().Playing(agentVoice()))
	s.site.Taxpayer(softphone.AnswerAfter(200 * time.Millisecond).Playing(taxpayerVoice()))
	s.site.Supervisor(softphone.Answer().Playing(tone.Sine(supervisorHz, -12)))
	call := s.begin()
	s.await(telephony.AnnouncementPlayed)
	return call
}

// second is what a line heard in the second that began a while ago.
func second(l Line, from time.Time) []int16 {
	heard := l.Heard().Since(from)
	return heard[:min(len(heard), tone.Samples(time.Second))]
}

// inTheTalk is heard, and said, while the supervisor is in the talk.
func (s *scene) inTheTalk(mode telephony.MonitorMode) (from time.Time) {
	s.Helper()
	from = time.Now().Add(400 * time.Millisecond) // what was on its way before
	passing(1600 * time.Millisecond)
	there := second(s.supervisor(0), from)
	s.hears("the supervisor", there, agentHz, supervisorHz)
	s.hears("the supervisor", there, taxpayerHz, supervisorHz)
	s.hears("the taxpayer", second(s.taxpayer(), from), agentHz, supervisorHz)
	agent := second(s.agent(0), from)
	s.hears("the agent", agent, taxpayerHz, agentHz)
	if mode == telephony.Whisper {
		s.hears("the agent", agent, supervisorHz, agentHz)
	} else {
		s.hears("the agent", agent, taxpayerHz, supervisorHz)
	}
	return from
}

// unheard checks that the supervisor is on neither track, and the others unbroken.
func (s *scene) unheard(r telephony.Result, from time.Time) {
	s.Helper()
	agent, taxpayer := s.tracks(r)
	to := s.taxpayer().Record().EndedAt.Add(-200 * time.Millisecond)
	s.hears("the agent's track", agent.between(from, to), agentHz, supervisorHz)
	s.hears("the taxpayer's track", taxpayer.between(from, to), taxpayerHz, supervisorHz)
	s.unbroken("the agent's track", agent.between(from, to))
	s.unbroken("the taxpayer's track", taxpayer.between(from, to))
}

// monitorListens: nobody hears the supervisor, whose leaving changes nothing.
func monitorListens(s *scene) {
	call := s.talked()
	w := s.monitor(telephony.Listen)
	line := w.joined(0)
	from := s.inTheTalk(telephony.Listen)
	s.hangUp(line)
	w.ended(nil)
	passing(500 * time.Millisecond)
	if s.taxpayer().Record().Ended() || s.agent(0).Record().Ended() {
		s.Error("the talk ended with the monitor")
	}
	s.hangUp(s.taxpayer())
	s.unheard(call.ends(telephony.Answered), from)
}

// monitorWhispers: the agent alone hears the supervisor; the end of the talk is the monitor's.
func monitorWhispers(s *scene) {
	call := s.talked()
	w := s.monitor(telephony.Whisper)
	line := w.joined(0)
	from := s.inTheTalk(telephony.Whisper)
	left := s.hangUp(s.taxpayer())
	s.near("the supervisor is released after the talk", s.over(line).EndedAt.Sub(left), 0, 500*time.Millisecond)
	w.ended(nil)
	s.unheard(call.ends(telephony.Answered), from)
}

// monitorIsStopped: by whoever asked for it; another can come after.
func monitorIsStopped(s *scene) {
	call := s.talked()
	w := s.monitor(telephony.Listen)
	line := w.joined(0)
	w.stop()
	s.over(line)
	w.ended(nil)
	again := s.monitor(telephony.Whisper)
	again.joined(1)
	passing(300 * time.Millisecond)
	s.hangUp(s.taxpayer())
	again.ended(nil)
	s.over(s.supervisor(1))
	call.ends(telephony.Answered)
}

// monitorNotDurable: nothing is heard that is not on record.
func monitorNotDurable(s *scene) {
	call := s.talked()
	w := s.monitor(telephony.Listen, true)
	line := s.supervisor(0)
	s.over(line)
	w.ended(errNotDurable)
	if heard := line.Heard().Samples; tone.Level(heard) > -45 {
		s.Errorf("the supervisor heard something all the same, %.1f dB", tone.Level(heard))
	}
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
}

// monitorIsRefused: without a talk, beside another, and where nobody answers.
func monitorIsRefused(s *scene) {
	s.monitor(telephony.Listen).ended(telephony.ErrNoTalk)
	call := s.talked()
	s.site.Supervisor(softphone.Reject(486), softphone.Answer())
	s.monitor(telephony.Listen).ended(telephony.ErrNotReached)
	bad := telephony.MonitorRequest{CallID: s.request.ID, Endpoint: s.site.SupervisorEndpoint() + "/sip:mallory@127.0.0.1", Mode: telephony.Listen, Ring: time.Second}
	if err := s.sw.Monitor(s.within(), bad, func(...telephony.Event) error { return nil }); !errors.Is(err, telephony.ErrNotReached) {
		s.Errorf("what is no endpoint: %v", err)
	}
	first := s.monitor(telephony.Listen)
	first.joined(1)
	s.monitor(telephony.Whisper).ended(telephony.ErrMonitored)
	s.hangUp(s.taxpayer())
	first.ended(nil)
	call.ends(telephony.Answered)
	s.monitor(telephony.Listen).ended(telephony.ErrNoTalk)
}

// monitorAfterATakeover: the new owner of the switch takes the supervisor out,
// and may let one in again; the talk goes on.
func monitorAfterATakeover(s *scene) {
	call := s.talked()
	w := s.monitor(telephony.Listen)
	line := w.joined(0)
	next := s.resume()
	w.ended(telephony.ErrSwitchLost)
	call.fails(telephony.ErrSwitchLost)
	s.over(line)
	s.eventually("the new owner carries the talk", func() bool {
		again := s.monitor(telephony.Whisper)
		refused := false
		s.eventually("the supervisor is let in again, or is not yet", func() bool {
			select {
			case <-again.done:
				refused = true
			default:
			}
			return refused || again.inTheTalk(1)
		})
		if refused {
			return false
		}
		again.stop()
		again.ended(nil)
		return true
	})
	s.hangUp(s.taxpayer())
	next.ends(telephony.Answered)
}

// whisperLost: what lets the supervisor speak is asked for again.
func whisperLost(s *scene, h Harm) {
	call := s.talked()
	struck := s.site.Harm("/snoop/"+s.request.ID+"-monitor-whisper", h)
	w := s.monitor(telephony.Whisper)
	line := w.joined(0)
	<-struck
	passing(time.Second)
	s.inTheTalk(telephony.Whisper)
	s.hangUp(line)
	w.ended(nil)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
}

// monitorSurvivesACut: events are lost, and neither talk nor monitor is.
func monitorSurvivesACut(s *scene) {
	call := s.talked()
	w := s.monitor(telephony.Whisper)
	line := w.joined(0)
	s.inTheTalk(telephony.Whisper)
	s.site.Cut()
	passing(time.Second)
	s.inTheTalk(telephony.Whisper)
	s.hangUp(line)
	w.ended(nil)
	s.hangUp(s.taxpayer())
	call.ends(telephony.Answered)
}
