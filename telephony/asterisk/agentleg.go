package asterisk

import (
	"context"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// upLimit is how long the event stream may take to come up before a call.
const upLimit = 10 * time.Second

// ringAgent rings the agent and puts the leg into the bridge.
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
	if err := c.dialAgent(ctx, &c.agent); err != nil {
		return err
	}
	switch {
	case c.agent.isGone() && c.agent.vanished:
		return c.endOf(&c.agent, telephony.Interrupted, "the agent's leg ended while the switch was not connected")
	case c.agent.isGone():
		return c.endOf(&c.agent, telephony.AgentNoAnswer, "the agent's telephone refused the call")
	case !c.agent.isUp():
		return c.agentDidNotPickUp(ctx)
	}
	c.note(telephony.Event{Kind: telephony.AgentAnswered, At: c.agent.up})
	if err := c.toBridge(ctx, c.request.ID, &c.agent); err != nil {
		return c.broken(ctx, "the agent cannot be put into the bridge", err)
	}
	return nil
}

// connected waits until events come in.
func (c *call) connected(ctx context.Context) error {
	up, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	return c.sw.stream.WaitUp(up)
}

// bridge makes a bridge, or finds it there.
func (c *call) bridge(ctx context.Context, id string) error {
	err := c.ask(ctx, func(ctx context.Context) error { return c.sw.client.CreateBridge(ctx, id) }, nil)
	if ari.IsConflict(err) {
		return nil
	}
	return err
}

// autoAnswer asks the agent's telephone to answer by itself.
func (c *call) autoAnswer() map[string]string {
	variables := make(map[string]string)
	if name, value := c.sw.config.autoAnswer(); name != "" {
		variables["PJSIP_HEADER(add,"+name+")"] = value
	}
	return variables
}

// dialAgent rings a leg of the agent's until it is up, gone, or time is out.
// While it rings, the bridge is made.
func (c *call) dialAgent(ctx context.Context, l *leg) error {
	err := c.dial(ctx, l, c.request.AgentRing)
	if failed, ok := asDialError(err); ok {
		return c.refused(ctx, telephony.AgentNoAnswer, "the agent's telephone cannot be rung", failed.err)
	}
	if err != nil {
		return err
	}
	until := c.sw.now().Add(c.request.AgentRing)
	if err := c.bridge(ctx, c.request.ID); err != nil {
		return c.broken(ctx, "the bridge cannot be made", err)
	}
	return c.agentAnswers(ctx, l, until, func() bool { return c.hangUp })
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
