package dispatch

import (
	"context"
	"fmt"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// intentLimit bounds how long a telephone waits for its intent to be durable.
const intentLimit = 5 * time.Second

// observe makes an event of the call durable, see telephony.Observer.
func (c *liveCall) observe(e telephony.Event) error {
	activity, err := entry(e, c.attempt, c.agent, c.sw)
	if err != nil {
		return err
	}
	if e.Kind.Intent() {
		return c.intend(activity)
	}
	if err = c.tell(activity); err != nil {
		c.d.Log.Error("an observation was not written", "follow_up", c.id, "attempt", c.attempt, "kind", activity.Kind, "error", err)
	}
	return err
}

// intend makes an intent durable, or says why the act must not follow.
func (c *liveCall) intend(activity queue.Entry) error {
	if !c.backlog.empty() {
		return fmt.Errorf("%s is not announced: %w", activity.Kind, telephony.ErrNotYet)
	}
	ctx, cancel := context.WithTimeout(c.d.callCtx, intentLimit)
	defer cancel()
	_, err := c.write(ctx, queue.Change{Decide: func(queue.State) ([]queue.Entry, error) {
		if activity.Kind == queue.KindTaxpayerDialing && !c.d.Calendar.Open(c.d.Now()) {
			return nil, errClosed
		}
		return []queue.Entry{activity}, nil
	}}, c.d.append)
	if err != nil {
		return fmt.Errorf("%s is not announced, so it is not done: %w", activity.Kind, err)
	}
	return nil
}
