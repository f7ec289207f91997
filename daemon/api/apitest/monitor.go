package apitest

import (
	"context"
	"fmt"

	"sambung/daemon/dispatch"
	"sambung/queue"
	"sambung/telephony"
)

// Monitored is a supervisor whom the API let into a talk.
type Monitored struct {
	Actor    queue.Actor
	Endpoint string
	Mode     telephony.MonitorMode
}

// Monitored tells who is in the talk of a follow-up; zero if nobody is.
func (c *Commands) Monitored(id queue.ID) Monitored {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.monitors[id]
}

// Monitor implements api.Monitors.
func (c *Commands) Monitor(_ context.Context, id queue.ID, actor queue.Actor, endpoint string, mode telephony.MonitorMode) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch in := c.monitors[id]; {
	case !c.calls[id]:
		return fmt.Errorf("follow-up %s: %w", id, dispatch.ErrNoCall)
	case in.Actor != "" && in.Actor != actor:
		return fmt.Errorf("follow-up %s: %w", id, telephony.ErrMonitored)
	}
	if c.monitors == nil {
		c.monitors = make(map[queue.ID]Monitored)
	}
	c.monitors[id] = Monitored{actor, endpoint, mode}
	return nil
}

// StopMonitor implements api.Monitors.
func (c *Commands) StopMonitor(_ context.Context, id queue.ID, by queue.Actor) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch in := c.monitors[id]; {
	case !c.calls[id]:
		return fmt.Errorf("follow-up %s: %w", id, dispatch.ErrNoCall)
	case in.Actor == "" || by != "" && by != in.Actor:
		return fmt.Errorf("follow-up %s: %w", id, dispatch.ErrNoMonitor)
	}
	delete(c.monitors, id)
	return nil
}
