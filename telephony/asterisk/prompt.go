package asterisk

import (
	"context"
	"strconv"
	"time"

	"sambung/telephony/ari"
)

// sayLimit is how long a short prompt may take.
const sayLimit = 5 * time.Second

// prompt is one thing said to whoever is on the line.
type prompt struct {
	id     string
	over   bool
	failed bool // over, and not heard, or not to its end
	lost   bool // its end may have come while events were lost
}

// done reports whether there is nothing more to wait for.
func (p *prompt) done() bool { return p.over || p.lost }

// prompts are all that was said in a call; one at a time.
type prompts struct {
	prefix  string // of their names; it differs from every other run's
	count   int
	current *prompt // nil before the first
}

func (p *prompts) see(e ari.Event) {
	if p.current != nil && p.current.id == e.Playback {
		p.current.over, p.current.failed = true, e.Failed
	}
}

// forget says that events were lost.
func (p *prompts) forget() {
	if p.current != nil && !p.current.over {
		p.current.lost = true
	}
}

// say begins to say something, in place of what is being said. One that cannot
// be said is a prompt that failed; the error is that of a call that must not go on.
func (c *call) say(ctx context.Context, media string) (*prompt, error) {
	if err := c.hush(ctx); err != nil {
		return &prompt{over: true, failed: true}, err
	}
	p := &prompt{id: c.prompts.prefix + strconv.Itoa(c.prompts.count)}
	c.prompts.count++
	c.prompts.current = p
	// Asked once: the switch takes a name it knows already, and plays all of them.
	err := c.sw.client.PlayToBridge(ctx, c.request.ID, p.id, media)
	if err == nil {
		return p, nil
	}
	if !replied(err) { // it may be playing; whoever must have it said ends it and says it anew
		c.log.Warn("no reply to a prompt", "media", media, "error", err)
		p.lost = true
		_, err := c.wait(ctx, c.sw.now().Add(retryFirst), never)
		return p, err
	}
	if lost := c.takeIn(ctx); lost != nil {
		return p, lost
	}
	c.log.Error("a prompt was not said", "media", media, "error", err)
	p.over, p.failed = true, true
	return p, nil
}

const (
	hushTries = 6
	hushPause = 50 * time.Millisecond
)

// hush ends what is being said: what comes next would wait for its end. Right
// after a prompt has begun the switch can fail to end it (tried: 500), so it is
// asked again. The error is that of a call that must not go on.
func (c *call) hush(ctx context.Context) error {
	p := c.prompts.current
	if p == nil || p.over {
		return nil
	}
	var err error
	for range hushTries {
		err = c.sw.client.StopPlayback(ctx, p.id)
		if err == nil || ari.IsNotFound(err) {
			return nil
		}
		if _, err := c.wait(ctx, c.sw.now().Add(hushPause), func() bool { return p.over }); err != nil {
			return err
		}
	}
	c.log.Warn("a prompt was not ended", "error", err)
	return nil
}

// sayAndHangUp says something short to its end, and hangs up.
func (c *call) sayAndHangUp(ctx context.Context, media string, l *leg) error {
	p, err := c.say(ctx, media)
	if err != nil {
		return err
	}
	if _, err := c.wait(ctx, c.sw.now().Add(sayLimit), func() bool { return p.done() || l.isGone() }); err != nil {
		return err
	}
	return c.takeDown(ctx, l)
}
