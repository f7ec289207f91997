package asterisk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"sambung/telephony/ari"
)

const (
	// enterLimit is how long a channel may take into the application.
	enterLimit = 5 * time.Second
	// echoLimit is how long the echo of a dial without a reply is waited for. It
	// comes within milliseconds, or after a gap with the first look.
	echoLimit = 3 * time.Second
	// orphanRing is how much longer the switch lets a leg ring that nobody
	// watches. We end the ringing ourselves: the switch's own time-out cannot be
	// told from a 480 of the network.
	orphanRing = 10 * time.Second
)

// create makes a channel, which rings nobody, and waits until it is in the application.
func (c *call) create(ctx context.Context, l *leg, endpoint string, variables map[string]string) error {
	channel := ari.CreateChannel{ID: l.id, Endpoint: endpoint, Variables: variables}
	if limit := c.sw.config.MaxDuration; limit > 0 {
		variables["TIMEOUT(absolute)"] = strconv.Itoa(int(limit / time.Second))
	}
	if number := c.sw.config.CallerID; number != "" {
		// What a leg shows of the other side, and what the bridge tells the other side of it.
		variables["CONNECTEDLINE(all,i)"] = "<" + number + ">"
		variables["CALLERID(all)"] = "<" + number + ">"
	}
	l.made = true // if only perhaps: it is to be looked for, and taken down
	err := c.ask(ctx, func(ctx context.Context) error {
		_, err := c.sw.client.CreateChannel(ctx, channel)
		return err
	}, ari.IsConflict)
	if err != nil {
		return err
	}
	return c.entered(ctx, l)
}

func (c *call) entered(ctx context.Context, l *leg) error {
	_, err := c.wait(ctx, c.sw.now().Add(enterLimit), func() bool { return l.entered || l.isGone() })
	if err == nil && (!l.entered || l.isGone()) {
		err = fmt.Errorf("channel %s did not come into the application within %s", l.id, enterLimit)
	}
	return err
}

// toBridge puts a leg into a bridge.
func (c *call) toBridge(ctx context.Context, id string, l *leg) error {
	return c.askAll(ctx, c.joining(id, l))
}

// joining puts a leg into a bridge.
func (c *call) joining(id string, l *leg) demand {
	return demand{send: func(ctx context.Context) error { return c.sw.client.AddToBridge(ctx, id, l.id) }}
}

// dialError is a dial that was not, or not certainly, carried out. The leg is
// taken down: it will ring nobody any more.
type dialError struct {
	err error
	// sure says that nobody was rung.
	sure bool
}

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// dial rings a leg whose intent is durable. It is carried out once at most: a request that may have
// reached the switch is never repeated.
func (c *call) dial(ctx context.Context, l *leg, ring time.Duration) error {
	gaps, limit := c.gaps, c.sw.now().Add(retryLimit)
	for {
		err := c.sw.client.Dial(ctx, l.id, "", ring+orphanRing)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case ari.MaybeDone(err):
			return c.echo(ctx, l, gaps, err)
		case replied(err) && !ari.IsConflict(err), !c.sw.now().Before(limit):
			return c.undialled(ctx, l, gaps, err)
		}
		// It never left, or the channel was found before it was in the application.
		if _, err := c.wait(ctx, c.sw.now().Add(retryFirst), l.isGone); err != nil {
			return err
		}
	}
}

// echo finds out whether a dial without a reply was carried out.
func (c *call) echo(ctx context.Context, l *leg, gaps int, cause error) error {
	c.log.Warn("no reply to a dial; it is not repeated", "channel", l.id, "error", cause)
	heard := func() bool { return (l.dialled || l.isGone()) && !c.stale }
	for {
		if _, err := c.wait(ctx, c.sw.now().Add(echoLimit), heard); err != nil {
			return err
		}
		if l.dialled {
			return nil
		}
		if l.isGone() || (c.sw.stream.Up() && !c.stale) {
			break
		}
	}
	return c.undialled(ctx, l, gaps, fmt.Errorf("nothing came of a dial without a reply: %w", cause))
}

// undialled takes a leg down that was not dialled for all we know. Without a
// gap in the events its echo cannot have been missed.
func (c *call) undialled(ctx context.Context, l *leg, gaps int, cause error) error {
	if err := c.takeDown(ctx, l); err != nil {
		return err
	}
	return &dialError{err: cause, sure: !l.dialled && !l.vanished && c.gaps == gaps}
}

// takeDown hangs a leg up and returns when it is gone; as long as the switch
// does not say so, it insists.
func (c *call) takeDown(ctx context.Context, l *leg) error {
	for wait := retryFirst; l.there(); wait = min(2*wait, retryMost) {
		err := c.sw.client.HangUp(ctx, l.id)
		if err != nil && !ari.IsNotFound(err) {
			c.log.Warn("a leg was not hung up; trying again", "channel", l.id, "error", err)
		}
		if err == nil {
			wait = retryMost // its end comes as an event
		}
		if _, waited := c.wait(ctx, c.sw.now().Add(wait), l.isGone); waited != nil {
			return waited
		}
		if ari.IsNotFound(err) && !l.isGone() {
			l.look(ari.Channel{}, false, c.sw.now())
		}
	}
	return nil
}

// asDialError returns the dialError in err, if there is one.
func asDialError(err error) (*dialError, bool) {
	var d *dialError
	ok := errors.As(err, &d)
	return d, ok
}
