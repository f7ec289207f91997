package ari

import (
	"context"
	"net/http"
	"net/url"
)

// Info is what Asterisk says of itself (GET /asterisk/info).
type Info struct {
	System struct {
		Version  string `json:"version"`
		EntityID string `json:"entity_id"`
	} `json:"system"`
}

// Info asks Asterisk about itself.
func (c *Client) Info(ctx context.Context) (Info, error) {
	var i Info
	err := c.do(ctx, request{method: http.MethodGet, resource: path("asterisk", "info"), result: &i})
	return i, err
}

// filterEvents has only the given types of events sent to the application
// (PUT /applications/{app}/eventFilter). It is forgotten with the connection.
func (c *Client) filterEvents(ctx context.Context, types []string) error {
	type allowed struct {
		Type string `json:"type"`
	}
	list := make([]allowed, len(types))
	for i, t := range types {
		list[i] = allowed{t}
	}
	body := map[string]any{"allowed": list}
	return c.do(ctx, request{method: http.MethodPut, resource: path("applications", c.config.Application, "eventFilter"), body: body})
}

// userEvent sends an event to the application itself (POST /events/user/{name}).
func (c *Client) userEvent(ctx context.Context, name string) error {
	q := url.Values{"application": {c.config.Application}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("events", "user", name), query: q})
}
