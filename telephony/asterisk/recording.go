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

// record listens to each leg alone and records it. It returns when both
// recordings are being written: only then may anybody be rung.
func (c *call) record(ctx context.Context) error {
	if err := c.listen(ctx, &c.agent, &c.agentSnoop); err != nil {
		return err
	}
	if err := c.listen(ctx, &c.taxpayer, &c.taxpayerSnoop); err != nil {
		return err
	}
	t := &c.tapes
	t.agent.name, t.taxpayer.name = c.agent.id, c.taxpayer.id
	// One right after the other: the tracks begin together.
	if err := c.beginTape(ctx, &c.agentSnoop, t.agent.name); err != nil {
		return err
	}
	if err := c.beginTape(ctx, &c.taxpayerSnoop, t.taxpayer.name); err != nil {
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
	c.note(telephony.Event{Kind: telephony.RecordingStarted, At: later(t.agent.began, t.taxpayer.began), Tracks: t.tracks})
	return nil
}

// listen makes the channel that hears what comes in from a leg, and nothing else.
func (c *call) listen(ctx context.Context, l, snoop *leg) error {
	return c.snoop(ctx, l, snoop, ari.SnoopOptions{Spy: "in"})
}

// snoop attaches a channel to a leg, and waits until it is in the application.
func (c *call) snoop(ctx context.Context, l, snoop *leg, o ari.SnoopOptions) error {
	o.ID = snoop.id
	snoop.made = true
	err := c.ask(ctx, func(ctx context.Context) error {
		_, err := c.sw.client.SnoopWith(ctx, l.id, o)
		return err
	}, func(err error) bool { // one that exists is refused like one that cannot be made
		if ari.Status(err) != 500 {
			return false
		}
		_, err = c.sw.client.Channel(ctx, snoop.id)
		return err == nil
	})
	if err != nil {
		return err
	}
	return c.entered(ctx, snoop)
}

func (c *call) beginTape(ctx context.Context, snoop *leg, name string) error {
	return c.ask(ctx, func(ctx context.Context) error { return c.sw.client.Record(ctx, snoop.id, name) }, ari.IsConflict)
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
