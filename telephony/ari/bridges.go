package ari

import (
	"context"
	"net/http"
	"net/url"
)

// Bridge joins channels (ARI model Bridge).
type Bridge struct {
	ID       string   `json:"id"`
	Channels []string `json:"channels"`
}

// CreateBridge makes a mixing bridge with that id (POST /bridges/{id}); one that
// exists answers 409.
func (c *Client) CreateBridge(ctx context.Context, id string) error {
	q := url.Values{"type": {"mixing,dtmf_events"}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("bridges", id), query: q})
}

// Bridge describes a bridge (GET /bridges/{id}).
func (c *Client) Bridge(ctx context.Context, id string) (Bridge, error) {
	var b Bridge
	err := c.do(ctx, request{method: http.MethodGet, resource: path("bridges", id), result: &b})
	return b, err
}

// Bridges lists all bridges of the Asterisk (GET /bridges).
func (c *Client) Bridges(ctx context.Context) ([]Bridge, error) {
	var all []Bridge
	err := c.do(ctx, request{method: http.MethodGet, resource: path("bridges"), result: &all})
	return all, err
}

// AddToBridge puts a channel into a bridge (POST /bridges/{id}/addChannel). A
// channel that does not exist answers 400, one outside Stasis 422.
func (c *Client) AddToBridge(ctx context.Context, bridge, channel string) error {
	q := url.Values{"channel": {channel}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("bridges", bridge, "addChannel"), query: q})
}

// RemoveFromBridge takes a channel out of a bridge
// (POST /bridges/{id}/removeChannel); one that is not in it answers 422.
func (c *Client) RemoveFromBridge(ctx context.Context, bridge, channel string) error {
	q := url.Values{"channel": {channel}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("bridges", bridge, "removeChannel"), query: q})
}

// DestroyBridge removes a bridge (DELETE /bridges/{id}); the channels in it stay
// in the application. One that is being removed answers 409, then 404.
func (c *Client) DestroyBridge(ctx context.Context, id string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("bridges", id)})
}
