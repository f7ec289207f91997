package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// intentLimit bounds how long a telephone waits for its intent to be durable.
const intentLimit = 5 * time.Second

// observe makes events of the call durable, see telephony.Observer.
func (c *liveCall) observe(events ...telephony.Event) error {
	var seen []queue.Entry
	for _, e := range events {
		activity, err := entry(e, c.attempt, c.agent, c.sw)
		if err != nil {
			return err
		}
		if e.Kind.Intent() {
			return c.intend(seen, activity)
		}
		seen = append(seen, activity)
	}
	var failed error
	for _, activity := range seen {
		if err := c.tell(activity); err != nil {
			c.d.Log.Error("an observation was not written", "follow_up", c.id, "attempt", c.attempt, "kind", activity.Kind, "error", err)
			failed = err
		}
	}
	return failed
}

// intend makes an intent durable, and in the same write what was seen right before
// it, or says why the act must not follow. What was seen is told in any case.
func (c *liveCall) intend(seen []queue.Entry, activity queue.Entry) error {
	err := c.announce(seen, activity)
	if err != nil && !errors.Is(err, queue.ErrFenced) {
		c.keep(seen) // the write may have been carried out: whoever tells it looks first
	}
	return err
}

func (c *liveCall) announce(seen []queue.Entry, activity queue.Entry) error {
	if !c.backlog.empty() {
		return fmt.Errorf("%s is not announced: %w", activity.Kind, telephony.ErrNotYet)
	}
	ctx, cancel := context.WithTimeout(c.d.callCtx, intentLimit)
	defer cancel()
	_, err := c.write(ctx, queue.Change{Decide: func(queue.State) ([]queue.Entry, error) {
		if activity.Kind == queue.KindTaxpayerDialing && !c.d.Calendar.Open(c.d.Now()) {
			return nil, errClosed
		}
		return append(slices.Clone(seen), activity), nil
	}}, c.d.append)
	if err != nil {
		return fmt.Errorf("%s is not announced, so it is not done: %w", activity.Kind, err)
	}
	return nil
}
