package ari

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// CreateChannel asks for a channel that rings nobody yet (POST /channels/create).
type CreateChannel struct {
	ID             string
	OtherChannelID string // of the second half of a Local channel
	Endpoint       string // PJSIP/...
	AppArgs        string // Args of the StasisStart event
	Originator     string // channel whose codecs are taken over
	Formats        string // codecs without an originator, "alaw,ulaw"
	// Variables are set on the channel before it is dialled. Functions work too:
	// TIMEOUT(absolute) in seconds, CONNECTEDLINE(all,i) as "<digits>" for the
	// caller's number in From, PJSIP_HEADER(add,Name) for a header of the INVITE.
	Variables map[string]string
}

// CreateChannel creates a channel; it enters the application at once. An id that
// lives answers 409. An endpoint without a contact answers 500, but 409 on a
// connection on which an id was met that lived (Asterisk 22.10.1 keeps the
// reason): ask for the channel before taking a 409 as proof that it is there.
func (c *Client) CreateChannel(ctx context.Context, r CreateChannel) (Channel, error) {
	q := url.Values{"endpoint": {r.Endpoint}, "app": {c.config.Application}, "channelId": {r.ID}}
	set(q, "otherChannelId", r.OtherChannelID)
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

// Dial rings a created channel (POST /channels/{id}/dial). caller is the id of
// the channel on whose behalf it rings, or empty; it is no telephone number.
// timeout, rounded up to whole seconds, is how long it rings; 0 is without end.
// Before the channel's StasisStart it answers 409, once it is deleted 404.
func (c *Client) Dial(ctx context.Context, id, caller string, timeout time.Duration) error {
	seconds := int((timeout + time.Second - 1) / time.Second)
	q := url.Values{"timeout": {strconv.Itoa(seconds)}}
	set(q, "caller", caller)
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "dial"), query: q})
}
