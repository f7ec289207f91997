package asterisk

import (
	"context"
	"fmt"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// recordLimit is how long a recording may take to begin, or to end.
const recordLimit = 5 * time.Second

// tape is the recording of one leg. It has the leg's name.
type tape struct {
	name     string
	began    time.Time // by the switch's clock
	finished bool
}

// tapes are the two recordings of a call.
type tapes struct {
	agent, taxpayer tape
	tracks          *telephony.Tracks // once both have begun
	muted           time.Time         // since when they write silence; zero if they do not
}

func (t *tapes) both() []*tape { return []*tape{&t.agent, &t.taxpayer} }

// running are the tapes that began and are not known to have ended.
func (t *tapes) running() []*tape {
	var running []*tape
	for _, tape := range t.both() {
		if !tape.began.IsZero() && !tape.finished {
			running = append(running, tape)
		}
	}
	return running
}

func (t *tapes) see(e ari.Event, at time.Time) {
	for _, tape := range t.both() {
		if tape.name != e.Recording.Name {
			continue
		}
		if e.Type == ari.RecordingStarted {
			tape.began = at
		} else {
			tape.finished = true
		}
	}
}

// startRecording records both legs, each by what its snoop hears, and puts the
// agent's into the bridge.
func (c *call) startRecording(ctx context.Context) error {
	err := c.snoop(ctx, &c.agent, &c.agentSnoop, hearing)
	if err == nil {
		err = c.record(ctx)
	}
	if err != nil {
		return c.broken(ctx, "the recording cannot be started, so nobody is rung", err)
	}
	return nil
}

// record returns when both recordings, which begin together, are being written:
// only then may the taxpayer be rung. That they are is written down with the intent
// to ring, which comes next.
func (c *call) record(ctx context.Context) error {
	t := &c.tapes
	t.agent.name, t.taxpayer.name = c.agent.id, c.taxpayer.id
	err := c.askAll(ctx,
		c.taping(&c.agentSnoop, t.agent.name), c.taping(&c.taxpayerSnoop, t.taxpayer.name), c.joining(c.request.ID, &c.agent))
	if err != nil {
		return err
	}
	begun, err := c.wait(ctx, c.sw.now().Add(recordLimit), func() bool { return len(t.running()) == 2 })
	if err != nil {
		return err
	}
	if !begun {
		return fmt.Errorf("no word within %s that both recordings are being written", recordLimit)
	}
	t.tracks = &telephony.Tracks{
		Agent: t.agent.name, Taxpayer: t.taxpayer.name,
		AgentStartedAt: t.agent.began, TaxpayerStartedAt: t.taxpayer.began,
	}
	c.notes.hold(telephony.Event{Kind: telephony.RecordingStarted, At: later(t.agent.began, t.taxpayer.began), Tracks: t.tracks})
	return nil
}

// hearing is what the snoop of a recording is for: what comes in from a leg, and
// nothing else.
var hearing = ari.SnoopOptions{Spy: "in"}

// snoop attaches a channel to a leg, and waits until it is in the application.
func (c *call) snoop(ctx context.Context, l, snoop *leg, o ari.SnoopOptions) error {
	if err := c.askAll(ctx, c.snooping(ctx, l, snoop, o)); err != nil {
		return err
	}
	return c.entered(ctx, snoop)
}

// snooping attaches a channel to a leg.
func (c *call) snooping(ctx context.Context, l, snoop *leg, o ari.SnoopOptions) demand {
	o.ID = snoop.id
	snoop.made = true
	send := func(ctx context.Context) error {
		_, err := c.sw.client.SnoopWith(ctx, l.id, o)
		return err
	}
	return demand{send, func(err error) bool { // one that exists is refused like one that cannot be made
		if ari.Status(err) != 500 {
			return false
		}
		_, err = c.sw.client.Channel(ctx, snoop.id)
		return err == nil
	}}
}

// taping begins a recording.
func (c *call) taping(snoop *leg, name string) demand {
	return demand{func(ctx context.Context) error { return c.sw.client.Record(ctx, snoop.id, name) }, ari.IsConflict}
}

// stopRecordings ends both and waits until the switch has put them down.
func (c *call) stopRecordings(ctx context.Context) error {
	c.unmute(ctx)
	for _, t := range c.tapes.running() {
		err := c.ask(ctx, func(ctx context.Context) error { return c.sw.client.StopRecording(ctx, t.name) }, nil)
		switch {
		case ari.IsNotFound(err): // it ended with its leg
			t.finished = true
		case err != nil:
			if lost := c.takeIn(ctx); lost != nil {
				return lost
			}
			c.log.Warn("a recording was not stopped; it ends with its channel", "recording", t.name, "error", err)
		}
	}
	_, err := c.wait(ctx, c.sw.now().Add(recordLimit), func() bool { return len(c.tapes.running()) == 0 })
	return err
}
