package ari

import (
	"context"
	"io"
	"net/http"
	"net/url"
)

// LiveRecording is one being written (ARI model LiveRecording).
type LiveRecording struct {
	Name  string `json:"name"`
	State string `json:"state"` // queued, recording, paused, done, failed, canceled
	Cause string `json:"cause"` // of a failure
}

// StoredRecording is a finished one (ARI model StoredRecording).
type StoredRecording struct {
	Name   string `json:"name"`
	Format string `json:"format"`
}

// Record begins to record a channel as 8 kHz mono WAV (POST /channels/{id}/record).
// A name that exists answers 409.
func (c *Client) Record(ctx context.Context, channel, name string) error {
	q := url.Values{"name": {name}, "format": {"wav"}, "ifExists": {"fail"}, "beep": {"false"}, "terminateOn": {"none"}}
	return c.do(ctx, request{method: http.MethodPost, resource: path("channels", channel, "record"), query: q})
}

// LiveRecording describes one being written (GET /recordings/live/{name}).
func (c *Client) LiveRecording(ctx context.Context, name string) (LiveRecording, error) {
	var r LiveRecording
	err := c.do(ctx, request{method: http.MethodGet, resource: path("recordings", "live", name), result: &r})
	return r, err
}

// StopRecording ends one and keeps what was written (POST /recordings/live/{name}/stop).
func (c *Client) StopRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodPost, resource: path("recordings", "live", name, "stop")})
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

// StoredRecordings lists the finished ones (GET /recordings/stored).
func (c *Client) StoredRecordings(ctx context.Context) ([]StoredRecording, error) {
	var all []StoredRecording
	err := c.do(ctx, request{method: http.MethodGet, resource: path("recordings", "stored"), result: &all})
	return all, err
}

// RecordingFile copies a finished recording to w and returns its length in
// bytes (GET /recordings/stored/{name}/file). Only ctx bounds the transfer.
func (c *Client) RecordingFile(ctx context.Context, name string, w io.Writer) (int64, error) {
	r := request{method: http.MethodGet, resource: path("recordings", "stored", name, "file")}
	resp, err := c.send(ctx, r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(w, resp.Body)
	if err != nil {
		return n, &Error{Method: r.method, Resource: r.resource, Err: err}
	}
	return n, nil
}

// DeleteRecording removes a finished one (DELETE /recordings/stored/{name}).
func (c *Client) DeleteRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("recordings", "stored", name)})
}
