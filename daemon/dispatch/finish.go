package dispatch

import (
	"context"
	"errors"

	"sambung/queue"
	"sambung/telephony"
)

// finish settles the attempt that run has ended, or leaves it to the next
// owner of the switch.
func (c *liveCall) finish(ctx context.Context, result telephony.Result, err error) {
	log := c.d.Log.With("follow_up", c.id, "attempt", c.attempt)
	closed := errors.Is(err, errClosed)
	switch {
	case errors.Is(err, telephony.ErrSwitchLost), errors.Is(err, queue.ErrFenced):
		log.Warn("the call belongs to another owner now")
		return
	case ctx.Err() != nil:
		log.Warn("the call is left as it is")
		return
	case c.caughtUp(ctx) != nil:
		log.Warn("what was seen of the call is in the journal; its switch has another owner, or the calls are cut")
		return
	case err != nil:
		log.Warn("the call was not carried on", "error", err)
		result = telephony.Result{Status: telephony.Interrupted, EndedAt: c.d.Now(), Reason: err.Error(), EndedBy: telephony.PartySystem}
	}
	s, err := c.settle(ctx, result)
	if err != nil {
		log.Error("the attempt was not settled", "error", err)
		return
	}
	if !closed { // that the office closed says nothing about the trunk
		c.d.breaker.report(c.d.Now(), c.began, s)
	}
	c.d.Metrics.settled(s)
	log.Info("attempt settled", "result", s.Call.Result, "sip", s.Call.SIPCode, "outcome", s.Call.Outcome, "status", s.Status)
}

// settle writes the end of the attempt and what comes next, in one write.
func (c *liveCall) settle(ctx context.Context, result telephony.Result) (queue.State, error) {
	change := queue.Change{Decide: func(s queue.State) ([]queue.Entry, error) {
		return c.settlement(s, result)
	}}
	if rule, ok := queue.RuleFor(queue.Result(result.Status), ""); ok && rule.PauseAgent {
		change.Agent = &queue.AgentChange{Presence: queue.PresencePaused, PauseReason: rule.Label}
	}
	return c.write(ctx, change, c.d.persist)
}

// settlement decides on the closing activities of the attempt.
func (c *liveCall) settlement(s queue.State, result telephony.Result) ([]queue.Entry, error) {
	if s.Attempt != c.attempt || !s.Status.Reserved() {
		return nil, nil // settled already
	}
	now := c.d.Now()
	var entries []queue.Entry
	if s.Status != queue.StatusWrapUp { // its end was never observed
		e, err := entry(telephony.Event{Kind: telephony.Ended, At: result.EndedAt, Result: &result}, c.attempt, c.agent, c.sw)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
		s.Status, s.Call.Result, s.Call.EndedAt = queue.StatusWrapUp, queue.Result(result.Status), result.EndedAt
	}
	if s.Call.Result == queue.ResultAnswered && s.Call.Outcome == "" {
		entries = append(entries, queue.Entry{
			At: now, Actor: queue.ActorSystem, Kind: queue.KindWrapUpExpired, Details: queue.Details{Attempt: c.attempt},
		})
		s.Call.Outcome = queue.OutcomeUnconfirmed
	}
	settle := queue.Settle
	if c.d.breaker.carriesOthersThan(s.FollowUp.Taxpayer.Phone) {
		settle = queue.SettleBesideOthers
	}
	next, err := settle(s, c.d.Policy, c.d.Calendar, now, queue.ActorSystem)
	if err != nil {
		return nil, err
	}
	return append(entries, next), nil
}
