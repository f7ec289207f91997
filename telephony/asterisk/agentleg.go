package asterisk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// Limits of what the switch does by itself, without people.
const (
	enterLimit  = 3 * time.Second // a created channel enters the application
	recordLimit = 3 * time.Second // a recording begins, or ends
	graceLimit  = 3 * time.Second // an event that must come after a time-out of Asterisk's own
)

// ringAgent rings the agent and puts the leg into the bridge.
func (c *call) ringAgent(ctx context.Context) error {
	if !agentLeg.MatchString(c.request.Agent) {
		return c.fail(telephony.AgentNoAnswer, telephony.PartySystem, "the agent's endpoint is not of the form PJSIP/name")
	}
	if err := c.bridge(ctx); err != nil {
		return c.fault(ctx, telephony.Interrupted, "the bridge cannot be made", err)
	}
	if err := c.create(ctx, &c.agent, c.request.Agent, ""); err != nil {
		return c.fault(ctx, telephony.AgentNoAnswer, "the agent's telephone cannot be rung", err)
	}
	if err := c.autoAnswer(ctx); err != nil {
		return c.fault(ctx, telephony.Interrupted, "the auto-answer header cannot be set", err)
	}
	if err := c.intend(ctx, telephony.AgentRinging, c.agent.id); err != nil {
		return err
	}
	if err := c.dialAgent(ctx, &c.agent, c.request.AgentRing); err != nil {
		return err
	}
	if !c.agent.isUp() {
		return &ended{telephony.Result{
			Status: telephony.AgentNoAnswer, SIPCode: c.agent.sip, Cause: c.agent.cause, EndedAt: c.sw.now(),
			Reason: "the agent did not pick up",
		}}
	}
	c.notes.note(telephony.Event{Kind: telephony.AgentAnswered, At: c.agent.up})
	if err := c.sw.client.AddToBridge(ctx, c.request.ID, c.agent.id); err != nil {
		return c.fault(ctx, telephony.Interrupted, "the agent cannot be put into the bridge", err)
	}
	return nil
}

// dialAgent rings a leg of the agent's until it is up, gone, or the time is out.
func (c *call) dialAgent(ctx context.Context, l *leg, ring time.Duration) error {
	until := c.sw.now().Add(ring)
	if err := c.sw.client.Dial(ctx, l.id, c.sw.config.CallerID, ring+orphanRing); err != nil && !ari.MaybeDone(err) {
		return c.fault(ctx, telephony.AgentNoAnswer, "the agent's telephone cannot be dialled", err)
	}
	settled := func() bool { return l.isUp() || l.isGone() }
	if ok, err := c.wait(ctx, until, settled); err != nil || ok {
		return err
	}
	return c.takeDown(ctx, l)
}

// create makes a channel, which rings nobody, and waits until it is in the application.
func (c *call) create(ctx context.Context, l *leg, endpoint, originator string) error {
	_, err := c.sw.client.CreateChannel(ctx, ari.CreateChannel{
		ID: l.id, Endpoint: endpoint, Originator: originator, Variables: c.orphanLimit(),
	})
	// A lost reply is as good as none: the name is ours alone, and so is the channel.
	if err != nil && !ari.MaybeDone(err) {
		return err
	}
	return c.entered(ctx, l)
}

func (c *call) entered(ctx context.Context, l *leg) error {
	in, err := c.wait(ctx, c.sw.now().Add(enterLimit), func() bool { return l.entered || l.isGone() })
	switch {
	case err != nil:
		return err
	case !in || l.isGone():
		return fmt.Errorf("channel %s did not enter the application within %s", l.id, enterLimit)
	}
	return nil
}

// orphanLimit hangs a channel up that nobody watches any more.
func (c *call) orphanLimit() map[string]string {
	if c.sw.config.MaxDuration <= 0 {
		return nil
	}
	return map[string]string{"TIMEOUT(absolute)": strconv.Itoa(int(c.sw.config.MaxDuration / time.Second))}
}

// autoAnswer asks the agent's telephone to answer by itself.
func (c *call) autoAnswer(ctx context.Context) error {
	name, value, ok := strings.Cut(c.sw.config.AutoAnswerHeader, ":")
	if !ok {
		return nil
	}
	return c.sw.client.SetVariable(ctx, c.agent.id, "PJSIP_HEADER(add,"+name+")", strings.TrimSpace(value))
}

// fault ends the call for something that failed at the switch. What is not a
// failure of the switch (the switch lost, the time to leave) goes through.
func (c *call) fault(ctx context.Context, status telephony.Status, what string, err error) error {
	if ctx.Err() != nil || c.replaced || c.sw.stream.Err() != nil {
		return lost(ctx, err)
	}
	return c.fail(status, telephony.PartySystem, "%s: %v", what, err)
}

func lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", telephony.ErrSwitchLost, err)
}
