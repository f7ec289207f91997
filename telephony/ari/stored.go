package ari

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// StoredRecording is a finished one (ARI model StoredRecording).
type StoredRecording struct {
	Name   string `json:"name"`
	Format string `json:"format"`
}

// StoredRecording describes a finished recording (GET /recordings/stored/{name}).
// One that is being written is found too: ask LiveRecording first.
func (c *Client) StoredRecording(ctx context.Context, name string) (StoredRecording, error) {
	var r StoredRecording
	err := c.do(ctx, request{method: http.MethodGet, resource: path("recordings", "stored", name), result: &r})
	return r, err
}

// StoredRecordings lists the finished ones (GET /recordings/stored).
func (c *Client) StoredRecordings(ctx context.Context) ([]StoredRecording, error) {
	var all []StoredRecording
	err := c.do(ctx, request{method: http.MethodGet, resource: path("recordings", "stored"), result: &all})
	return all, err
}

// DeleteRecording removes a finished one (DELETE /recordings/stored/{name}).
func (c *Client) DeleteRecording(ctx context.Context, name string) error {
	return c.do(ctx, request{method: http.MethodDelete, resource: path("recordings", "stored", name)})
}

// RecordingFile copies a finished recording to w and returns its length in
// bytes, see OpenRecording.
func (c *Client) RecordingFile(ctx context.Context, name string, w io.Writer) (int64, error) {
	file, _, err := c.OpenRecording(ctx, name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return io.Copy(w, file)
}

// OpenRecording opens a finished recording for reading and returns its size in
// bytes, -1 if unknown (GET /recordings/stored/{name}/file). A transfer may take
// as long as ctx allows but not stand still for longer than the time-out; one
// that ends early fails with io.ErrUnexpectedEOF. The caller closes it.
func (c *Client) OpenRecording(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	r := request{method: http.MethodGet, resource: path("recordings", "stored", name, "file")}
	ctx, cancel := context.WithCancelCause(ctx)
	stalled := &Error{Method: r.method, Resource: r.resource, Err: fmt.Errorf("nothing came for %s: %w", c.config.Timeout, context.DeadlineExceeded)}
	watch := time.AfterFunc(c.config.Timeout, func() { cancel(stalled) })
	resp, err := c.send(ctx, r)
	if err != nil {
		watch.Stop()
		defer cancel(nil)
		return nil, 0, cause(ctx, err, stalled)
	}
	watch.Stop()
	t := &transfer{ctx: ctx, cancel: cancel, body: resp.Body, watch: watch, limit: c.config.Timeout, request: r, stalled: stalled}
	return t, resp.ContentLength, nil
}

// transfer is a file on its way; reading it is for one goroutine.
type transfer struct {
	ctx     context.Context // of the request
	cancel  context.CancelCauseFunc
	body    io.ReadCloser
	watch   *time.Timer // runs while a read waits
	limit   time.Duration
	request request
	stalled *Error
}

// Read implements io.Reader.
func (t *transfer) Read(p []byte) (int, error) {
	t.watch.Reset(t.limit)
	n, err := t.body.Read(p)
	t.watch.Stop()
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, cause(t.ctx, &Error{Method: t.request.method, Resource: t.request.resource, Err: err}, t.stalled)
}

// Close gives the transfer up, or its connection back.
func (t *transfer) Close() error {
	t.watch.Stop()
	err := t.body.Close()
	t.cancel(nil)
	return err
}

// cause is stalled if that is why the context ended, err otherwise.
func cause(ctx context.Context, err error, stalled *Error) error {
	if context.Cause(ctx) == error(stalled) {
		return stalled
	}
	return err
}
