package redisqueue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sambung/queue"
)

// PutAgent adds an agent or changes one, see queue.Agents.
func (q *Queue) PutAgent(ctx context.Context, a queue.Agent) error {
	_, err := q.agent(ctx, "put", a.ID, a.Since, a.Endpoint, a.Switch, a.Specialisation)
	return err
}

// SetPresence changes whether an agent takes calls.
func (q *Queue) SetPresence(ctx context.Context, id queue.AgentID, p queue.Presence, reason string, now time.Time) (queue.Agent, error) {
	if p != queue.PresencePaused {
		reason = ""
	}
	if _, err := q.agent(ctx, "presence", id, now, string(p), reason); err != nil {
		return queue.Agent{}, err
	}
	return q.Agent(ctx, id)
}

// RemoveAgent removes an agent without work in hand.
func (q *Queue) RemoveAgent(ctx context.Context, id queue.AgentID) error {
	reply, err := q.agent(ctx, "remove", id, time.Time{})
	if err == nil && reply[0] == "BUSY" {
		err = fmt.Errorf("agent %s has follow-up %s in hand: %w", id, reply[1], queue.ErrRefused)
	}
	return err
}

func (q *Queue) agent(ctx context.Context, what string, id queue.AgentID, at time.Time, args ...any) ([]string, error) {
	keys := []string{q.operationKey(), q.key("agent:" + string(id)), q.key("agents"), q.key("events")}
	all := append([]any{what, string(id), millis(at), replySeconds}, args...)
	reply, err := q.run(ctx, q.agents, keys, all...)
	if err == nil && reply[0] == "NOTFOUND" {
		err = fmt.Errorf("agent %s: %w", id, queue.ErrNotFound)
	}
	return reply, err
}

// Agent returns one agent.
func (q *Queue) Agent(ctx context.Context, id queue.AgentID) (queue.Agent, error) {
	fields, err := q.record(ctx, "agent", string(id))
	if err != nil {
		return queue.Agent{}, err
	}
	return agentFrom(id, fields), nil
}

// Agents lists all agents, the one free the longest first.
func (q *Queue) Agents(ctx context.Context) ([]queue.Agent, error) {
	records, err := q.records(ctx, "agent")
	if err != nil {
		return nil, err
	}
	var all []queue.Agent
	for id, fields := range records {
		all = append(all, agentFrom(queue.AgentID(id), fields))
	}
	slices.SortFunc(all, func(a, b queue.Agent) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return all, nil
}

func agentFrom(id queue.AgentID, f map[string]string) queue.Agent {
	since, _ := strconv.ParseInt(f["since"], 10, 64) // written by us alone
	return queue.Agent{
		ID: id, Endpoint: f["endpoint"], Switch: f["switch"], Specialisation: f["specialisation"],
		Presence: queue.Presence(f["presence"]), PauseReason: f["pause_reason"],
		Since: time.UnixMilli(since).UTC(), Reserved: queue.ID(f["reserved"]),
	}
}
