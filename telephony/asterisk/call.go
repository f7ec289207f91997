package asterisk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// call is one call under way. All of it is owned by the goroutine that carries it.
type call struct {
	sw      *Switch
	request telephony.Request
	notes   *notes
	events  *ari.Subscription
	log     *slog.Logger

	agent, taxpayer, ringback leg
	agentSnoop, taxpayerSnoop leg
	all                       []*leg // that are watched
	tapes                     tapes
	prompts                   prompts

	keys     []byte // pressed by the agent since the answer, not looked at yet
	star     bool   // the last key was a star
	known    bool   // the outcome is known
	hangUp   bool   // somebody asked to end the call
	identity bool   // the taxpayer's identity is confirmed
	talking  bool
	ringSeen bool // TaxpayerRinging was reported

	gaps   int       // in the events, so far
	stale  bool      // events were lost: look before anything is decided
	lookAt time.Time // when to look, while stale
	lost   bool      // the switch is lost
}

func (s *Switch) newCall(r telephony.Request, observe telephony.Observer) *call {
	c := &call{
		sw: s, request: r, notes: newNotes(observe), events: s.stream.Subscribe(r.ID),
		log:           s.log.With("call", r.ID),
		agent:         leg{id: r.ID + "-agent"},
		taxpayer:      leg{id: r.ID + "-taxpayer"},
		ringback:      leg{id: r.ID + "-ringback"},
		agentSnoop:    leg{id: r.ID + "-agent-snoop"},
		taxpayerSnoop: leg{id: r.ID + "-taxpayer-snoop"},
		prompts:       prompts{prefix: r.ID + "-play-" + strconv.FormatInt(s.now().UnixMicro(), 36) + "-"},
	}
	c.all = []*leg{&c.agent, &c.taxpayer, &c.ringback, &c.agentSnoop, &c.taxpayerSnoop}
	return c
}

func (c *call) close() {
	c.sw.talks.end(c.request.ID)
	c.events.Close()
	c.notes.close()
}

// Call makes one call, see telephony.Dialer.
func (s *Switch) Call(ctx context.Context, r telephony.Request, observe telephony.Observer) (telephony.Result, error) {
	if callOf(r.ID) != r.ID {
		return telephony.Result{}, fmt.Errorf("call %q: want the name of a call, \"<ULID>-<attempt>\"", r.ID)
	}
	c := s.newCall(r, observe)
	defer c.close()
	return c.carry(ctx, c.procedure)
}

// procedure is the call from its beginning (SOP LIP20-0020, G.2).
func (c *call) procedure(ctx context.Context) error {
	for _, stage := range []func(context.Context) error{c.ringAgent, c.startRecording, c.ringTaxpayer} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return c.converse(ctx)
}

// carry runs the stages to their end and concludes. A call that is not ours to
// end, or not now, is left as it is.
func (c *call) carry(ctx context.Context, stages func(context.Context) error) (telephony.Result, error) {
	err := stages(ctx)
	var end *ended
	switch {
	case errors.As(err, &end):
		return c.conclude(ctx, end.result)
	case errors.Is(err, telephony.ErrSwitchLost), ctx.Err() != nil:
		return telephony.Result{}, err
	}
	// An intent was refused, and nobody is to be rung.
	c.log.Warn("the call is taken down", "error", err)
	return telephony.Result{}, errors.Join(err, c.clear(ctx))
}

// conclude ends what is left of the talk, reports the end, and asks for the
// outcome of an answered call. Afterwards the switch holds nothing of the call
// but its recordings.
func (c *call) conclude(ctx context.Context, r telephony.Result) (telephony.Result, error) {
	c.sw.talks.finish(c.request.ID)
	if err := c.takeDown(ctx, &c.taxpayer); err != nil {
		return r, err
	}
	if err := c.stopRecordings(ctx); err != nil {
		return r, err
	}
	c.talking = false
	c.note(telephony.Event{Kind: telephony.Ended, At: r.EndedAt, Tracks: r.Tracks, Result: &r})
	after := c.tellNotReached
	if r.Status == telephony.Answered {
		limit := c.sw.now().Add(c.request.WrapUp) // r.EndedAt is by the switch's clock, which may be another
		after = func(ctx context.Context) error { return c.wrapUp(ctx, limit) }
	}
	if err := after(ctx); err != nil {
		return r, err
	}
	return r, c.clear(ctx)
}

// clear takes down whatever is left of the call, and insists.
func (c *call) clear(ctx context.Context) error {
	c.sw.talks.end(c.request.ID)
	for wait := retryFirst; ; wait = min(2*wait, retryMost) {
		err := c.sw.discardLegs(ctx, c.request.ID, c.left())
		if err == nil {
			return nil
		}
		c.log.Warn("something of the call is left at the switch; trying again", "error", err)
		if _, err := c.wait(ctx, c.sw.now().Add(wait), never); err != nil {
			return err
		}
	}
}

// left are the legs that may be at the switch: all that it was ever asked for, but
// for those whose end it told. One that was only not found may come yet.
func (c *call) left() []*leg {
	return slices.DeleteFunc(slices.Clone(c.legs()), func(l *leg) bool { return !l.made || l.isGone() && !l.vanished })
}

// tellNotReached lets the agent hear that the call ended without a talk.
func (c *call) tellNotReached(ctx context.Context) error {
	if !c.agent.isUp() {
		return nil
	}
	return c.sayAndHangUp(ctx, c.sw.config.Media.NotReached, &c.agent)
}

// note reports an observation.
func (c *call) note(e telephony.Event) {
	if e.At.IsZero() {
		e.At = c.sw.now()
	}
	c.notes.note(e)
}

// intend reports an intent, when everything before it is written, with what was
// held for it. nil means that it is durable and that nothing has come meanwhile
// that forbids the act.
// stop ends the wait for the ledger early: then nothing was intended.
func (c *call) intend(ctx context.Context, kind telephony.Kind, channel string, stop func() error) error {
	written := c.notes.written()
	if _, err := c.waitOr(ctx, forever(c.sw.now()), written, func() bool { return closed(written) || stop() != nil }); err != nil {
		return err
	}
	for wait := retryFirst; ; wait = min(2*wait, retryMost) {
		if err := stop(); err != nil {
			return err
		}
		err := c.askLeave(ctx, kind, channel)
		if err == nil {
			break
		}
		if !errors.Is(err, telephony.ErrNotYet) {
			return fmt.Errorf("%s is not durable: %w", kind, err)
		}
		if _, err := c.wait(ctx, c.sw.now().Add(wait), func() bool { return stop() != nil }); err != nil {
			return err
		}
	}
	// It may have taken its time: the switch may be lost, a leg gone.
	if err := c.takeIn(ctx); err != nil {
		return err
	}
	return stop()
}

// askLeave asks the observer for an intent, and looks meanwhile whether the
// switch is still there.
func (c *call) askLeave(ctx context.Context, kind telephony.Kind, channel string) error {
	proof := c.proveConnection(ctx, channel)
	err := c.notes.intend(telephony.Event{Kind: kind, At: c.sw.now(), Channel: channel})
	<-proof
	return err
}

// proveConnection looks at the channel that is to be dialled next, beside the
// write of the intent: a connection that broke unnoticed would swallow the dial,
// and nobody could say what became of it. The returned channel is closed when
// the switch has answered.
func (c *call) proveConnection(ctx context.Context, channel string) <-chan struct{} {
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		if _, err := c.sw.client.Channel(ctx, channel); err != nil {
			c.log.Warn("a leg was not found when it was to be dialled", "channel", channel, "error", err)
		}
	}()
	return answered
}
