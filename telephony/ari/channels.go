package ari

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Channel is a leg, as Asterisk describes it (ARI model Channel). Of the model's
// fields it has those without personal data.
type Channel struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // Down, Ring, Ringing, Up ...
}

// Up reports whether the channel is answered.
func (c Channel) Up() bool { return c.State == "Up" }

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

// Answer answers an incoming channel (POST /channels/{id}/answer).
func (c *Client) Answer(ctx context.Context, id string) error {
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "answer")})
}

// Ring lets an incoming channel hear that it rings (POST /channels/{id}/ring);
// StopRinging ends that.
func (c *Client) Ring(ctx context.Context, id string) error {
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "ring")})
}

// StopRinging ends what Ring began (DELETE /channels/{id}/ring).
func (c *Client) StopRinging(ctx context.Context, id string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("channels", id, "ring")})
}

// HangUp deletes a channel (DELETE /channels/{id}).
func (c *Client) HangUp(ctx context.Context, id string) error {
	return c.hangUp(ctx, id, url.Values{"reason": {"normal"}})
}

// HangUpCause deletes a channel and tells the other side why, by a cause of
// ITU-T Q.850 such as 17 for busy (DELETE /channels/{id}, reason_code).
func (c *Client) HangUpCause(ctx context.Context, id string, cause int) error {
	return c.hangUp(ctx, id, url.Values{"reason_code": {strconv.Itoa(cause)}})
}

func (c *Client) hangUp(ctx context.Context, id string, q url.Values) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("channels", id), query: q})
}

// SendDigits has a channel send keys, as RFC 4733 events where the telephone can
// (POST /channels/{id}/dtmf).
func (c *Client) SendDigits(ctx context.Context, id, digits string) error {
	q := url.Values{"dtmf": {digits}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "dtmf"), query: q})
}

// SetVariable sets a channel variable or function (POST /channels/{id}/variable).
func (c *Client) SetVariable(ctx context.Context, id, name, value string) error {
	q := url.Values{"variable": {name}, "value": {value}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "variable"), query: q})
}

// Variable reads a channel variable or function (GET /channels/{id}/variable).
func (c *Client) Variable(ctx context.Context, id, name string) (string, error) {
	var reply struct {
		Value string `json:"value"`
	}
	q := url.Values{"variable": {name}}
	err := c.do(ctx, request{http.MethodGet, path("channels", id, "variable"), q, nil, &reply})
	return reply.Value, err
}
