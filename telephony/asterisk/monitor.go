package asterisk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// monitorClearLimit is how long a monitor may take to be gone.
const monitorClearLimit = 5 * time.Second

// monitorOf names a call's monitor: the supervisor's leg, and the bridge that
// joins it with a snoop on each leg of the talk.
func monitorOf(callID string) string { return callID + "-monitor" }

// whisperOf names the bridge that carries a supervisor's voice, and the snoop
// that speaks it into the talk.
func whisperOf(callID string) string { return monitorOf(callID) + "-whisper" }

// monitor is a supervisor in a talk. It has a call's ways with legs, and no
// state in common with the call: it can fail, and the call does not notice.
type monitor struct {
	call       // its agent and taxpayer are only watched: the monitor ends with them; the snoops are its own
	supervisor leg
	voice      leg // hears what the supervisor says
	whisper    leg // speaks that into the talk
	mode       telephony.MonitorMode
	endpoint   string
	observe    telephony.Observer
	started    bool // MonitorStarted is durable
}

func (s *Switch) newMonitor(r telephony.MonitorRequest, observe telephony.Observer) *monitor {
	name := monitorOf(r.CallID)
	m := &monitor{
		call: call{
			sw: s, request: telephony.Request{ID: r.CallID, AgentRing: r.Ring}, events: s.stream.Subscribe(r.CallID),
			log:   s.log.With("call", r.CallID, "monitor", r.Mode),
			agent: leg{id: r.CallID + "-agent", made: true}, taxpayer: leg{id: r.CallID + "-taxpayer", made: true},
			agentSnoop: leg{id: name + "-agent"}, taxpayerSnoop: leg{id: name + "-taxpayer"},
		},
		supervisor: leg{id: name}, voice: leg{id: name + "-voice"}, whisper: leg{id: whisperOf(r.CallID)},
		mode: r.Mode, endpoint: r.Endpoint, observe: observe,
	}
	m.all = []*leg{&m.agent, &m.taxpayer, &m.supervisor, &m.agentSnoop, &m.taxpayerSnoop, &m.voice, &m.whisper}
	return m
}

// Monitor lets a supervisor into a talk, see telephony.Monitors.
func (s *Switch) Monitor(ctx context.Context, r telephony.MonitorRequest, observe telephony.Observer) error {
	switch {
	case !agentEndpoint.MatchString(r.Endpoint):
		return fmt.Errorf("%w: its endpoint is not of the form PJSIP/name", telephony.ErrNotReached)
	case r.Mode != telephony.Listen && r.Mode != telephony.Whisper:
		return fmt.Errorf("mode %q: want %s or %s", r.Mode, telephony.Listen, telephony.Whisper)
	}
	ctx, leave, err := s.talks.enter(ctx, r.CallID)
	if err != nil {
		return err
	}
	defer leave()
	m := s.newMonitor(r, observe)
	defer m.events.Close()
	return m.carry(ctx)
}

// carry goes from the ringing to the end, and leaves nothing behind.
func (m *monitor) carry(ctx context.Context) error {
	err := m.reach(ctx)
	if err == nil {
		err = m.start()
	}
	if err == nil {
		err = m.join(ctx)
	}
	reason := ""
	if err == nil {
		reason, err = m.listening(ctx)
	}
	if errors.Is(err, telephony.ErrSwitchLost) || m.sw.stream.Err() != nil {
		return telephony.ErrSwitchLost // what is left is its next owner's to take out
	}
	clearing, cancel := context.WithTimeout(context.WithoutCancel(ctx), monitorClearLimit)
	defer cancel()
	if left := m.sw.discardMonitor(clearing, m.request.ID); left != nil {
		m.log.Warn("something of the monitor is left at the switch", "error", left)
	}
	if m.started {
		if err != nil {
			reason = err.Error()
		}
		// What cannot be written is told by the observer; the supervisor is out all the same.
		_ = m.observe(telephony.Event{Kind: telephony.MonitorEnded, At: m.sw.now(), Mode: m.mode, Reason: reason})
	}
	return err
}

// reach rings the supervisor's telephone until it is answered.
func (m *monitor) reach(ctx context.Context) error {
	// What an earlier monitor of this talk may have left would be taken for this one's.
	if err := m.sw.discardMonitor(ctx, m.request.ID); err != nil {
		return err
	}
	if err := m.create(ctx, &m.supervisor, m.endpoint, m.autoAnswer()); err != nil {
		return m.missed(ctx, "it is not registered", err)
	}
	if err := m.dial(ctx, &m.supervisor, m.request.AgentRing); err != nil {
		return m.missed(ctx, "it cannot be rung", err)
	}
	_ = m.observe(telephony.Event{Kind: telephony.MonitorRinging, At: m.sw.now()})
	err := m.agentAnswers(ctx, &m.supervisor, m.sw.now().Add(m.request.AgentRing), m.agent.isGone)
	switch {
	case err != nil:
		return m.missed(ctx, "the ringing was ended", err)
	case m.agent.isGone():
		return telephony.ErrNoTalk
	case !m.supervisor.isUp():
		return fmt.Errorf("%w: it was not answered", telephony.ErrNotReached)
	}
	return nil
}

// missed says why the supervisor's telephone was not reached, unless there is
// no talk any more, or no switch.
func (m *monitor) missed(ctx context.Context, what string, err error) error {
	if lost := m.takeIn(ctx); lost != nil {
		if why := cause(ctx, lost); !errors.Is(why, errTalkOver) {
			return why
		}
		return telephony.ErrNoTalk
	}
	return fmt.Errorf("%w: %s: %w", telephony.ErrNotReached, what, err)
}

// start makes durable that somebody is going to hear the talk.
func (m *monitor) start() error {
	err := m.observe(telephony.Event{Kind: telephony.MonitorStarted, At: m.sw.now(), Channel: m.supervisor.id, Mode: m.mode})
	if err != nil {
		return fmt.Errorf("%s is not durable, so nothing is heard: %w", telephony.MonitorStarted, err)
	}
	m.started = true
	return nil
}

// join lets the supervisor hear what agent and taxpayer say, and the agent hear
// the supervisor if that is wanted.
//
// All of it hangs on what comes in from a leg. What goes out to a leg passes by
// the hooks of snoops in some calls (Asterisk 22.10.1, in 3 of 21: tried),
// and whoever listens to or speaks into it there hears nothing and is not heard.
func (m *monitor) join(ctx context.Context) error {
	if err := m.overhear(ctx, &m.agent, &m.agentSnoop); err != nil {
		return err
	}
	if err := m.overhear(ctx, &m.taxpayer, &m.taxpayerSnoop); err != nil {
		return err
	}
	if err := m.connect(ctx, monitorOf(m.request.ID), &m.agentSnoop, &m.taxpayerSnoop, &m.supervisor); err != nil {
		return err
	}
	if m.mode != telephony.Whisper {
		return nil
	}
	return m.speak(ctx)
}

// speak lets the agent hear the supervisor as if it came from the taxpayer's
// line. The supervisor's voice has a bridge of its own, without the talk in it:
// the agent would hear that back. Neither the taxpayer nor the recording hears
// it: it goes only to who is bridged with that line, and to no other snoop.
func (m *monitor) speak(ctx context.Context) error {
	if err := m.overhear(ctx, &m.supervisor, &m.voice); err != nil {
		return err
	}
	if err := m.snoop(ctx, &m.taxpayer, &m.whisper, ari.SnoopOptions{Whisper: "in"}); err != nil {
		return fmt.Errorf("nothing can be whispered into the talk: %w", err)
	}
	return m.connect(ctx, whisperOf(m.request.ID), &m.voice, &m.whisper)
}

// overhear makes the snoop that hears what comes in from a leg.
func (m *monitor) overhear(ctx context.Context, l, snoop *leg) error {
	if err := m.snoop(ctx, l, snoop, hearing); err != nil {
		return fmt.Errorf("%s cannot be listened to: %w", l.id, err)
	}
	return nil
}

// connect puts legs into a bridge of the monitor's.
func (m *monitor) connect(ctx context.Context, bridge string, legs ...*leg) error {
	if err := m.bridge(ctx, bridge); err != nil {
		return fmt.Errorf("the supervisor's bridge %s cannot be made: %w", bridge, err)
	}
	for _, l := range legs {
		if err := m.toBridge(ctx, bridge, l); err != nil {
			return fmt.Errorf("%s cannot be put into the supervisor's bridge: %w", l.id, err)
		}
	}
	return nil
}

// listening lasts until somebody ends it, and says who.
func (m *monitor) listening(ctx context.Context) (reason string, err error) {
	_, err = m.wait(ctx, forever(m.sw.now()), m.over)
	switch {
	case errors.Is(err, telephony.ErrSwitchLost):
		return "", err
	case err != nil:
		return cause(ctx, err).Error(), nil
	case m.supervisor.isGone():
		return "the supervisor hung up", nil
	}
	return errTalkOver.Error(), nil
}

// over reports whether the talk, or the supervisor's part in it, has ended.
func (m *monitor) over() bool {
	for _, l := range m.all {
		if l.made && l.isGone() {
			return true
		}
	}
	return false
}

// cause is why a context ended, if that is what went wrong.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// discardMonitor takes a supervisor out of a talk, and returns when nothing of it is left.
func (s *Switch) discardMonitor(ctx context.Context, callID string) error {
	name, whisper := monitorOf(callID), whisperOf(callID)
	if err := s.discardNamed(ctx, whisper, []string{whisper, name + "-voice"}); err != nil {
		return err
	}
	return s.discardNamed(ctx, name, []string{name + "-agent", name + "-taxpayer", name})
}
