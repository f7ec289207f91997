package asterisk

import (
	"context"
	"time"

	"sambung/telephony/ari"
)

// How a switch that gives no reply is asked again.
const (
	retryFirst = 50 * time.Millisecond
	retryMost  = time.Second
	retryLimit = 10 * time.Second
)

// ask makes a request that does no harm when it is carried out twice, until the
// switch has replied. done judges the reply to a repetition: true means that
// the request before it was carried out after all. It may be nil.
func (c *call) ask(ctx context.Context, request func(context.Context) error, done func(error) bool) error {
	limit := c.sw.now().Add(retryLimit)
	for wait, again := retryFirst, false; ; wait, again = min(2*wait, retryMost), true {
		err := request(ctx)
		switch {
		case err == nil, again && done != nil && done(err):
			return nil
		case replied(err), ctx.Err() != nil:
			return err
		case !c.sw.now().Before(limit):
			return err
		}
		c.log.Warn("no reply; asking again", "error", err, "in", wait)
		if _, err := c.wait(ctx, c.sw.now().Add(wait), never); err != nil {
			return err
		}
	}
}

// replied reports whether the switch itself said no.
func replied(err error) bool { return ari.Status(err) != 0 && !ari.MaybeDone(err) }
