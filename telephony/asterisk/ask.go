package asterisk

import (
	"context"
	"sync"
	"time"

	"sambung/telephony/ari"
)

// How a switch that gives no reply is asked again.
const (
	retryFirst = 50 * time.Millisecond
	retryMost  = time.Second
	retryLimit = 10 * time.Second
)

// demand is a request that does no harm when it is carried out twice.
type demand struct {
	send func(context.Context) error
	// done judges the reply to a repetition: true means that the request before
	// it was carried out after all. It may be nil.
	done func(error) bool
}

// ask makes a request until the switch has replied, see demand.
func (c *call) ask(ctx context.Context, send func(context.Context) error, done func(error) bool) error {
	return c.askAll(ctx, demand{send, done})
}

// askAll makes requests beside each other, until the switch has replied to all of
// them, or refused one. None needs what another brings about, and no two are about
// the same channel. When it returns none is under way any more.
func (c *call) askAll(ctx context.Context, demands ...demand) error {
	limit := c.sw.now().Add(retryLimit)
	for wait, again := retryFirst, false; ; wait, again = min(2*wait, retryMost), true {
		left, err := sendAll(ctx, demands, again)
		switch {
		case err == nil, replied(err), ctx.Err() != nil:
			return err
		case !c.sw.now().Before(limit):
			return err
		}
		c.log.Warn("no reply; asking again", "error", err, "in", wait)
		if _, err := c.wait(ctx, c.sw.now().Add(wait), never); err != nil {
			return err
		}
		demands = left
	}
}

// sendAll makes each request once, and returns those without a reply. The error
// is the switch's refusal of one, or why there was no reply.
func sendAll(ctx context.Context, demands []demand, again bool) (left []demand, err error) {
	errs := make([]error, len(demands))
	var sending sync.WaitGroup
	for i, d := range demands[1:] {
		sending.Go(func() { errs[1+i] = d.send(ctx) })
	}
	errs[0] = demands[0].send(ctx)
	sending.Wait()
	for i, d := range demands {
		switch failed := errs[i]; {
		case failed == nil, again && d.done != nil && d.done(failed):
		case replied(failed):
			return nil, failed
		default:
			left, err = append(left, d), failed
		}
	}
	return left, err
}

// replied reports whether the switch itself said no.
func replied(err error) bool { return ari.Status(err) != 0 && !ari.MaybeDone(err) }
