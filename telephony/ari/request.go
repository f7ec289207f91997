package ari

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
)

// replyLimit bounds a reply, in bytes. The description of a channel takes about
// one KiB, and lists hold them all.
const replyLimit = 64 << 20

// request is one call of the interface.
type request struct {
	method   string
	resource string // escaped path, "/channels/..."
	query    url.Values
	body     any // encoded as JSON unless nil
	result   any // decoded from JSON unless nil
}

// do makes a request within the client's time-out.
func (c *Client) do(ctx context.Context, r request) error {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	resp, err := c.send(ctx, r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	// Read to the end, so that the connection is used again.
	reply, err := io.ReadAll(io.LimitReader(resp.Body, replyLimit))
	if r.result == nil {
		return nil // the status said that it is done
	}
	if err == nil {
		err = json.Unmarshal(reply, r.result)
	}
	if err != nil {
		return &Error{Method: r.method, Resource: r.resource, Err: fmt.Errorf("reading the reply: %w", err), maybe: r.method != http.MethodGet}
	}
	return nil
}

// send makes a request and returns the response of a successful one. net/http
// sends it a second time only if it is a GET, or nothing of it was written.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	req, err := c.prepare(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("ARI %s %s: %w", r.method, r.resource, err)
	}
	var connected atomic.Bool
	req = req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}))
	resp, err := c.http.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the URL's query is not for logs
		}
		return nil, &Error{Method: r.method, Resource: r.resource, Err: err, maybe: connected.Load() && r.method != http.MethodGet}
	}
	if resp.StatusCode >= 300 {
		defer resp.Body.Close()
		return nil, refusal(r, resp)
	}
	return resp, nil
}

// prepare makes the HTTP request.
func (c *Client) prepare(ctx context.Context, r request) (*http.Request, error) {
	if strings.Contains(r.resource+"/", "//") {
		return nil, errors.New("an id is empty")
	}
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	target := c.base + r.resource
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetBasicAuth(c.config.User, c.config.Password)
	return req, nil
}

// path joins escaped elements: path("channels", id) is "/channels/<id>".
func path(elements ...string) string {
	var b strings.Builder
	for _, e := range elements {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(e)) // a slash becomes %2F
	}
	return b.String()
}

// set adds a parameter unless it is empty.
func set(q url.Values, key, value string) {
	if value != "" {
		q.Set(key, value)
	}
}
