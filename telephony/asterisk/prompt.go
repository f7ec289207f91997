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
	c.hush(ctx)
	p := &prompt{id: c.prompts.prefix + strconv.Itoa(c.prompts.count)}
	c.prompts.count++
	c.prompts.current = p
	err := c.ask(ctx, func(ctx context.Context) error {
		return c.sw.client.PlayToBridge(ctx, c.request.ID, p.id, media)
	}, ari.IsConflict)
	if err == nil {
		return p, nil
	}
	if lost := c.takeIn(ctx); lost != nil {
		return p, lost
	}
	c.log.Error("a prompt was not said", "media", media, "error", err)
	p.over, p.failed = true, true
	return p, nil
}

// hush ends what is being said.
func (c *call) hush(ctx context.Context) {
	p := c.prompts.current
	if p == nil || p.over {
		return
	}
	if err := c.sw.client.StopPlayback(ctx, p.id); err != nil && !ari.IsNotFound(err) {
		c.log.Warn("a prompt was not ended", "error", err)
	}
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
