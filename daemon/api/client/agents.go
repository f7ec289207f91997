package client

import (
	"context"
	"net/http"
	"net/url"

	"sambung/queue"
)

func agentPath(id, rest string) string { return "/v1/agents/" + url.PathEscape(id) + rest }

// Agents lists the agents, the one free the longest first.
func (c *Client) Agents(ctx context.Context) ([]queue.Agent, error) {
	var list struct {
		Agents []queue.Agent `json:"agents"`
	}
	_, err := c.ask(ctx, http.MethodGet, "/v1/agents", nil, &list)
	return list.Agents, err
}

// Agent is where an agent is reached.
type Agent struct {
	Endpoint       string `json:"endpoint"`
	Switch         string `json:"switch"`
	Specialisation string `json:"specialisation,omitempty"`
}

// PutAgent adds an agent or changes one.
func (c *Client) PutAgent(ctx context.Context, id string, a Agent) (agent queue.Agent, err error) {
	_, err = c.ask(ctx, http.MethodPut, agentPath(id, ""), a, &agent)
	return agent, err
}

// RemoveAgent removes one who has no follow-up in hand.
func (c *Client) RemoveAgent(ctx context.Context, id string) error {
	_, err := c.ask(ctx, http.MethodDelete, agentPath(id, ""), nil, nil)
	return err
}

// SetPresence says whether an agent takes calls; the reason goes with paused.
func (c *Client) SetPresence(ctx context.Context, id string, p queue.Presence, reason string) (agent queue.Agent, err error) {
	body := map[string]string{"presence": string(p)}
	if reason != "" {
		body["reason"] = reason
	}
	_, err = c.ask(ctx, http.MethodPost, agentPath(id, "/presence"), body, &agent)
	return agent, err
}
