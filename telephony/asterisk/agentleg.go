package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// upLimit is how long the event stream may take to come up before a call.
const upLimit = 10 * time.Second

// ringAgent rings the agent until the call is answered. While the telephone
// rings, the taxpayer's leg is prepared.
func (c *call) ringAgent(ctx context.Context) error {
	if _, err := c.sw.config.taxpayerEndpoint(c.request.Number); err != nil { // before an agent is rung for nothing
		return c.end(telephony.InvalidNumber, telephony.PartySystem, err.Error())
	}
	if !agentEndpoint.MatchString(c.request.Agent) {
		return c.end(telephony.AgentNoAnswer, telephony.PartySystem, "the agent's endpoint is not of the form PJSIP/name")
	}
	if err := c.connected(ctx); err != nil {
		return c.broken(ctx, "the switch is not connected", err)
	}
	if err := c.create(ctx, &c.agent, c.request.Agent, c.autoAnswer()); err != nil {
		return c.refused(ctx, telephony.AgentNoAnswer, "the agent's telephone is not registered", err)
	}
	if err := c.intend(ctx, telephony.AgentRinging, c.agent.id, c.agentLeft); err != nil {
		return err
	}
	until, err := c.dialAgent(ctx)
	if err != nil {
		return err
	}
	if err := c.prepareTaxpayer(ctx); err != nil {
		return err
	}
	if err := c.agentAnswers(ctx, &c.agent, until, func() bool { return c.hangUp }); err != nil {
		return err
	}
	switch {
	case !c.agent.up.IsZero(): // and may have left again: that is told later
		c.note(telephony.Event{Kind: telephony.AgentAnswered, At: c.agent.up})
		return nil
	case c.agent.isGone():
		return c.agentRefused()
	}
	return c.agentDidNotPickUp(ctx)
}

// agentRefused ends a call whose agent's leg was dialled and ended unanswered.
func (c *call) agentRefused() error {
	if c.agent.vanished {
		return c.endOf(&c.agent, telephony.Interrupted, "the agent's leg ended while the switch was not connected")
	}
	return c.endOf(&c.agent, telephony.AgentNoAnswer, "the agent's telephone refused the call")
}

// connected waits until events come in.
func (c *call) connected(ctx context.Context) error {
	up, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	return c.sw.stream.WaitUp(up)
}

// bridge makes a bridge, or finds it there.
func (c *call) bridge(ctx context.Context, id string) error { return c.askAll(ctx, c.bridging(id)) }

// bridging makes a bridge, or finds it there.
func (c *call) bridging(id string) demand {
	return demand{send: func(ctx context.Context) error {
		if err := c.sw.client.CreateBridge(ctx, id); !ari.IsConflict(err) {
			return err
		}
		return nil
	}}
}

// autoAnswer asks the agent's telephone to answer by itself.
func (c *call) autoAnswer() map[string]string {
	variables := make(map[string]string)
	if name, value := c.sw.config.autoAnswer(); name != "" {
		variables["PJSIP_HEADER(add,"+name+")"] = value
	}
	return variables
}

// dialAgent dials the agent's leg, and says until when it may ring.
func (c *call) dialAgent(ctx context.Context) (until time.Time, err error) {
	err = c.dial(ctx, &c.agent, c.request.AgentRing)
	if failed, ok := asDialError(err); ok {
		err = c.refused(ctx, telephony.AgentNoAnswer, "the agent's telephone cannot be rung", failed.err)
	}
	return c.sw.now().Add(c.request.AgentRing), err
}

// agentAnswers waits until a leg of the agent's is up, gone, or time is out.
func (c *call) agentAnswers(ctx context.Context, l *leg, until time.Time, enough func() bool) error {
	decided, err := c.wait(ctx, until, func() bool { return l.isUp() || l.isGone() || enough() })
	if err == nil && !decided {
		err = c.lookNow(ctx)
	}
	return err
}

// agentDidNotPickUp stops the ringing.
func (c *call) agentDidNotPickUp(ctx context.Context) error {
	if c.hangUp {
		return c.agentLeft()
	}
	if err := c.takeDown(ctx, &c.agent); err != nil {
		return err
	}
	return c.end(telephony.AgentNoAnswer, telephony.PartySystem, "the agent did not pick up")
}
