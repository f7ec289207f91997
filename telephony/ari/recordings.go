package ari

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// LiveRecording is one being written (ARI model LiveRecording).
type LiveRecording struct {
	Name   string `json:"name"`
	Format string `json:"format"`
	Target string `json:"target_uri"` // channel:<id>
	State  string `json:"state"`      // queued, recording, paused, done, failed, canceled
	Cause  string `json:"cause"`      // of a failure
}

// RecordOptions say how a channel is recorded.
type RecordOptions struct {
	Name        string        // folders by slashes
	Format      string        // wav (8 kHz, 16 bit, mono) if empty
	MaxDuration time.Duration // rounded up to whole seconds, kept to within one; without end if 0
	IfExists    string        // fail (409), overwrite or append; fail if empty
}

// Record begins to record a channel as 8 kHz mono WAV (POST /channels/{id}/record).
// A name that exists answers 409.
func (c *Client) Record(ctx context.Context, channel, name string) error {
	return c.RecordWith(ctx, channel, RecordOptions{Name: name})
}

// RecordWith begins to record a channel. No key of the telephone ends it. A
// second recording of the same channel waits until the first is over.
func (c *Client) RecordWith(ctx context.Context, channel string, o RecordOptions) error {
	q := url.Values{"name": {o.Name}, "format": {"wav"}, "ifExists": {"fail"}, "beep": {"false"}, "terminateOn": {"none"}}
	set(q, "format", o.Format)
	set(q, "ifExists", o.IfExists)
	q.Set("maxDurationSeconds", strconv.Itoa(int((o.MaxDuration+time.Second-1)/time.Second)))
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", channel, "record"), query: q})
}

// LiveRecording describes one being written (GET /recordings/live/{name}). For a
// moment after its RecordingFinished it is still found.
func (c *Client) LiveRecording(ctx context.Context, name string) (LiveRecording, error) {
	var r LiveRecording
	err := c.do(ctx, request{method: http.MethodGet, resource: path("recordings", "live", name), result: &r})
	return r, err
}

// StopRecording ends one and keeps what was written (POST /recordings/live/{name}/stop).
func (c *Client) StopRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodPost, resource: path("recordings", "live", name, "stop")})
}

// DiscardRecording ends one and keeps nothing (DELETE /recordings/live/{name}).
// In its first milliseconds Asterisk 22.10.1 can answer 500 and do it all the same.
func (c *Client) DiscardRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("recordings", "live", name)})
}

// MuteRecording writes silence of true length from now on
// (POST /recordings/live/{name}/mute); UnmuteRecording ends that.
func (c *Client) MuteRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodPost, resource: path("recordings", "live", name, "mute")})
}

// UnmuteRecording writes what is heard again (DELETE /recordings/live/{name}/mute).
func (c *Client) UnmuteRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("recordings", "live", name, "mute")})
}
