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

// Ping asks Asterisk whether it answers (GET /asterisk/ping).
func (c *Client) Ping(ctx context.Context) error {
	return c.do(ctx, request{method: http.MethodGet, resource: path("asterisk", "ping")})
}

// Application is what a Stasis application is subscribed to (ARI model
// Application).
type Application struct {
	Name     string   `json:"name"`
	Channels []string `json:"channel_ids"`
	Bridges  []string `json:"bridge_ids"`
}

// Application describes the client's own (GET /applications/{app}). Asterisk
// knows it from the first connection of a stream on: 404 before.
func (c *Client) Application(ctx context.Context) (Application, error) {
	var a Application
	err := c.do(ctx, request{method: http.MethodGet, resource: path("applications", c.config.Application), result: &a})
	return a, err
}

// Watch has the events of an object that another application made sent to this
// one (POST /applications/{app}/subscription). source is "channel:<id>" or
// "bridge:<id>"; one that does not exist answers 422.
func (c *Client) Watch(ctx context.Context, source string) error {
	q := url.Values{"eventSource": {source}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("applications", c.config.Application, "subscription"), query: q})
}

// FilterEvents has only these types of events sent to the application
// (PUT /applications/{app}/eventFilter). The stream does it on every connection.
func (c *Client) FilterEvents(ctx context.Context, types []string) error {
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

// SendUserEvent sends an event to the application itself (POST /events/user/{name}).
// With a source, "channel:<id>" or "bridge:<id>", the event is about that object
// and reaches the subscription of its key.
func (c *Client) SendUserEvent(ctx context.Context, name, source string, variables map[string]string) error {
	q := url.Values{"application": {c.config.Application}}
	set(q, "source", source)
	r := request{method: http.MethodPost, resource: path("events", "user", name), query: q}
	if len(variables) > 0 {
		r.body = map[string]any{"variables": variables}
	}
	return c.do(ctx, r)
}
