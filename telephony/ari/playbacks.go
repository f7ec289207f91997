package ari

import (
	"context"
	"net/http"
	"net/url"
)

// Playback is media being played (ARI model Playback). Asterisk forgets it when
// it is over: 404.
type Playback struct {
	ID     string `json:"id"`
	Media  string `json:"media_uri"`
	Target string `json:"target_uri"` // channel:<id> or bridge:<id>
	State  string `json:"state"`      // queued, playing, continuing, done, failed
}

// Play plays media to one channel (POST /channels/{id}/play/{playbackId}).
// media is a URI such as sound:hello, tone:ring or recording:name.
func (c *Client) Play(ctx context.Context, id, playbackID, media string) error {
	q := url.Values{"media": {media}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", id, "play", playbackID), query: q})
}

// PlayToBridge plays media to everyone in a bridge (POST /bridges/{id}/play/{playbackId}).
func (c *Client) PlayToBridge(ctx context.Context, bridge, playbackID, media string) error {
	q := url.Values{"media": {media}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("bridges", bridge, "play", playbackID), query: q})
}

// Playback describes a playback (GET /playbacks/{id}).
func (c *Client) Playback(ctx context.Context, id string) (Playback, error) {
	var p Playback
	err := c.do(ctx, request{method: http.MethodGet, resource: path("playbacks", id), result: &p})
	return p, err
}

// StopPlayback ends a playback (DELETE /playbacks/{id}); one that is over
// answers 404. Right after its PlaybackStarted it can answer 500: ask again.
func (c *Client) StopPlayback(ctx context.Context, id string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("playbacks", id)})
}
