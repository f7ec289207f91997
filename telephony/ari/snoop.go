package ari

import (
	"context"
	"net/http"
	"net/url"
)

// SnoopOptions say what a snoop channel hears and says. A direction is none,
// in (what the snooped channel says), out (what it hears), or both.
type SnoopOptions struct {
	ID      string
	Spy     string // direction it hears; none if empty
	Whisper string // direction it speaks into; none if empty
	AppArgs string
}

// Snoop begins to listen to what comes in from a channel, under a channel of
// its own (POST /channels/{id}/snoop/{snoopId}, spy=in).
func (c *Client) Snoop(ctx context.Context, id, snoopID string) (Channel, error) {
	return c.SnoopWith(ctx, id, SnoopOptions{ID: snoopID, Spy: "in"})
}

// SnoopWith attaches a snoop channel to a channel. It ends with that channel: its
// last event is StasisEnd, no ChannelDestroyed. An id that lives answers 500,
// not 409.
func (c *Client) SnoopWith(ctx context.Context, id string, o SnoopOptions) (Channel, error) {
	q := url.Values{"app": {c.config.Application}}
	set(q, "spy", o.Spy)
	set(q, "whisper", o.Whisper)
	set(q, "appArgs", o.AppArgs)
	var ch Channel
	err := c.do(ctx, request{http.MethodPost, path("channels", id, "snoop", o.ID), q, nil, &ch})
	return ch, err
}
