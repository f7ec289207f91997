package asterisk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	sub     *ari.Subscription
	log     *slog.Logger

	agent, taxpayer, ringback leg
	agentSnoop, taxpayerSnoop leg
	tracks                    *telephony.Tracks
	started                   map[string]time.Time // recordings, by name
	finished                  map[string]bool      // recordings
	played                    map[string]bool      // playbacks that ended
	unheard                   map[string]bool      // and those of them that failed
	plays                     int
	nonce                     string // makes playback names of this run its own

	keys     []byte // pressed by the agent, not looked at yet
	star     bool   // the last key was a star
	known    bool   // the outcome is known
	hangUp   bool   // somebody asked to end the talk
	identity bool
	muted    time.Time // since when the recording writes silence; zero if it does not
	ringSeen bool      // TaxpayerRinging was reported
	talking  bool
	stale    bool // events may have been lost: look before going on
	replaced bool // the switch is lost
}

// ended unwinds a call to its one end. It is an error so that a stage returns
// either nothing or the reason why there is no next stage.
type ended struct{ result telephony.Result }

func (e *ended) Error() string { return "the call ended: " + string(e.result.Status) }

func (s *Switch) newCall(r telephony.Request, observe telephony.Observer) *call {
	return &call{
		sw: s, request: r, notes: newNotes(observe), sub: s.stream.Subscribe(r.ID),
		log:           s.log.With("call", r.ID),
		agent:         leg{id: r.ID + "-agent"},
		taxpayer:      leg{id: r.ID + "-taxpayer"},
		ringback:      leg{id: r.ID + "-ringback"},
		agentSnoop:    leg{id: r.ID + "-agent-snoop"},
		taxpayerSnoop: leg{id: r.ID + "-taxpayer-snoop"},
		started:       make(map[string]time.Time),
		finished:      make(map[string]bool),
		played:        make(map[string]bool),
		unheard:       make(map[string]bool),
		nonce:         strconv.FormatInt(s.now().UnixMilli(), 36),
	}
}

// Call makes one call, see telephony.Dialer.
func (s *Switch) Call(ctx context.Context, r telephony.Request, observe telephony.Observer) (telephony.Result, error) {
	c := s.newCall(r, observe)
	defer c.sub.Close()
	return c.carry(ctx, c.procedure)
}

// procedure is the call from its beginning: the SOP's step 2.
func (c *call) procedure(ctx context.Context) error {
	if err := c.ringAgent(ctx); err != nil {
		return err
	}
	if err := c.prepareTaxpayer(ctx); err != nil {
		return err
	}
	if err := c.ringTaxpayer(ctx); err != nil {
		return err
	}
	return c.converse(ctx)
}

// carry runs the stages to their end, concludes, and lets the observations be
// written. A call that is not ours to end is left as it is.
func (c *call) carry(ctx context.Context, stages func(context.Context) error) (telephony.Result, error) {
	noting := c.notes.start()
	defer noting.stop()
	err := stages(ctx)
	var end *ended
	switch {
	case errors.As(err, &end):
		err = c.conclude(ctx, end.result)
		if err == nil {
			err = c.notes.flush(ctx)
		}
		return end.result, err
	case errors.Is(err, telephony.ErrSwitchLost), ctx.Err() != nil:
		return telephony.Result{}, err
	default: // an intent was refused: nobody is to be rung
		c.log.Warn("the call is taken down", "error", err)
		c.removeEverything(ctx)
		return telephony.Result{}, errors.Join(err, c.notes.flush(ctx))
	}
}

// wait lets the world go on until the condition holds or the time has come;
// then it reports whether the condition holds. It looks after everything that
// can happen meanwhile: events, commands, the end of a mute.
func (c *call) wait(ctx context.Context, until time.Time, holds func() bool) (bool, error) {
	limit := time.NewTimer(until.Sub(c.sw.now()))
	defer limit.Stop()
	for {
		if err := c.takeIn(ctx); err != nil {
			return false, err
		}
		if holds() {
			return true, nil
		}
		unmute, stop := c.muteTimer()
		select {
		case <-ctx.Done():
			stop()
			return false, ctx.Err()
		case <-limit.C:
			stop()
			return false, nil
		case <-c.sub.Ready():
		case command := <-c.request.Commands:
			c.obey(ctx, command)
		case <-unmute:
			c.unmute(ctx)
		}
		stop()
	}
}

// takeIn looks at every event that has come.
func (c *call) takeIn(ctx context.Context) error {
	for _, e := range c.sub.Take() {
		c.see(e)
	}
	if c.replaced {
		return telephony.ErrSwitchLost
	}
	if c.stale {
		return c.look(ctx)
	}
	return nil
}

// see takes one event in.
func (c *call) see(e ari.Event) {
	at := e.At
	if at.IsZero() {
		at = c.sw.now()
	}
	switch e.Type {
	case ari.Gap:
		c.stale = true
	case ari.Replaced:
		c.replaced = true
	case ari.RecordingStarted:
		c.started[e.Recording.Name] = at
	case ari.RecordingFinished, ari.RecordingFailed:
		c.finished[e.Recording.Name] = true
	case ari.PlaybackFinished:
		c.played[e.Playback] = true
		c.unheard[e.Playback] = e.Failed
	case ari.ChannelDtmfReceived:
		if e.Channel.ID == c.agent.id || e.Channel.ID == c.ringback.id {
			c.keys = append(c.keys, e.Digit...)
		}
	default:
		if l := c.leg(e.Channel.ID); l != nil {
			l.see(e, at)
		}
	}
}

func (c *call) leg(id string) *leg {
	for _, l := range c.legs() {
		if l.id == id {
			return l
		}
	}
	return nil
}

func (c *call) legs() []*leg {
	return []*leg{&c.agent, &c.taxpayer, &c.ringback, &c.agentSnoop, &c.taxpayerSnoop}
}

// look finds out what became of the call's channels and recordings while events
// may have been lost.
func (c *call) look(ctx context.Context) error {
	now := c.sw.now()
	for _, l := range c.legs() {
		if !l.entered || l.isGone() {
			continue
		}
		ch, err := c.sw.client.Channel(ctx, l.id)
		if err != nil && !ari.IsNotFound(err) {
			return c.lookAgain(ctx, err)
		}
		l.look(ch, err == nil, now)
	}
	for name := range c.started {
		if _, err := c.sw.client.LiveRecording(ctx, name); ari.IsNotFound(err) {
			c.finished[name] = true
		} else if err != nil {
			return c.lookAgain(ctx, err)
		}
	}
	for i := range c.plays {
		c.played[c.playback(i)] = true // at worst a prompt is taken for played
	}
	c.stale = false
	return nil
}

// lookAgain waits a little before the next look: the switch may be coming up.
func (c *call) lookAgain(ctx context.Context, cause error) error {
	c.log.Warn("the switch cannot be asked; trying again", "error", cause)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(200 * time.Millisecond):
		return c.look(ctx)
	}
}

// intend reports an intent when everything before it is written; nil means go.
func (c *call) intend(ctx context.Context, kind telephony.Kind, channel string) error {
	if err := c.notes.flush(ctx); err != nil {
		return err
	}
	return c.notes.observe(telephony.Event{Kind: kind, At: c.sw.now(), Channel: channel})
}

// fail ends the call before the talk.
func (c *call) fail(status telephony.Status, by telephony.Party, format string, args ...any) error {
	return &ended{telephony.Result{
		Status: status, EndedBy: by, Reason: fmt.Sprintf(format, args...), EndedAt: c.sw.now(), Tracks: c.tracks,
	}}
}

func (c *call) playback(i int) string {
	return c.request.ID + "-play-" + c.nonce + "-" + strconv.Itoa(i)
}

// bridge makes the call's bridge, or finds it there.
func (c *call) bridge(ctx context.Context) error {
	if err := c.sw.client.CreateBridge(ctx, c.request.ID); !ari.IsConflict(err) {
		return err
	}
	return nil
}

// play plays media to everyone on the line and returns the playback's name.
func (c *call) play(ctx context.Context, media string) (string, error) {
	name := c.playback(c.plays)
	c.plays++
	return name, c.sw.client.PlayToBridge(ctx, c.request.ID, name, media)
}
