package ari

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Channel is a leg, as Asterisk describes it (ARI model Channel).
type Channel struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // Down, Ring, Ringing, Up ...
}

// Up reports whether the channel is answered.
func (c Channel) Up() bool { return c.State == "Up" }

// CreateChannel asks for a channel that rings nobody yet (POST /channels/create).
type CreateChannel struct {
	ID         string
	Endpoint   string // PJSIP/...
	AppArgs    string
	Originator string // channel whose codecs are taken over
	Formats    string
	// Variables are set on the channel. PJSIP_HEADER cannot be set here.
	Variables map[string]string
}

// CreateChannel creates a channel; it enters the application at once.
func (c *Client) CreateChannel(ctx context.Context, r CreateChannel) (Channel, error) {
	q := url.Values{"endpoint": {r.Endpoint}, "app": {c.config.Application}, "channelId": {r.ID}}
	set(q, "appArgs", r.AppArgs)
	set(q, "originator", r.Originator)
	set(q, "formats", r.Formats)
	var body any
	if len(r.Variables) > 0 {
		body = map[string]any{"variables": r.Variables}
	}
	var ch Channel
	err := c.do(ctx, request{http.MethodPost, path("channels", "create"), q, body, &ch})
	return ch, err
}

// Dial rings a created channel (POST /channels/{id}/dial). timeout, in whole
// seconds, is how long it rings. Before the channel's StasisStart it answers 409.
func (c *Client) Dial(ctx context.Context, id, caller string, timeout time.Duration) error {
	q := url.Values{"timeout": {strconv.Itoa(int(timeout.Round(time.Second) / time.Second))}}
	set(q, "caller", caller)
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "dial"), query: q})
}

// Channel describes a channel (GET /channels/{id}).
func (c *Client) Channel(ctx context.Context, id string) (Channel, error) {
	var ch Channel
	err := c.do(ctx, request{method: http.MethodGet, resource: path("channels", id), result: &ch})
	return ch, err
}

// Channels lists all channels of the Asterisk (GET /channels).
func (c *Client) Channels(ctx context.Context) ([]Channel, error) {
	var all []Channel
	err := c.do(ctx, request{method: http.MethodGet, resource: path("channels"), result: &all})
	return all, err
}

// HangUp deletes a channel (DELETE /channels/{id}).
func (c *Client) HangUp(ctx context.Context, id string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("channels", id), query: url.Values{"reason": {"normal"}}})
}

// SetVariable sets a channel variable or function (POST /channels/{id}/variable).
func (c *Client) SetVariable(ctx context.Context, id, name, value string) error {
	q := url.Values{"variable": {name}, "value": {value}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "variable"), query: q})
}

// Snoop begins to listen to what comes in from a channel, under a channel of
// its own (POST /channels/{id}/snoop/{snoopId}, spy=in).
func (c *Client) Snoop(ctx context.Context, id, snoopID string) (Channel, error) {
	q := url.Values{"app": {c.config.Application}, "spy": {"in"}}
	var ch Channel
	err := c.do(ctx, request{http.MethodPost, path("channels", id, "snoop", snoopID), q, nil, &ch})
	return ch, err
}

// Play plays media to one channel (POST /channels/{id}/play/{playbackId}).
func (c *Client) Play(ctx context.Context, id, playbackID, media string) error {
	q := url.Values{"media": {media}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "play", playbackID), query: q})
}

func set(q url.Values, key, value string) {
	if value != "" {
		q.Set(key, value)
	}
}
