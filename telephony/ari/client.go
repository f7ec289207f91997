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
	"time"
)

// Config says where an Asterisk is and who speaks to it.
type Config struct {
	// URL of the ARI, such as http://127.0.0.1:8088/ari.
	URL string
	// Application is the Stasis application under which channels are created.
	Application string
	User        string
	Password    string
	// Timeout bounds each request but the transfer of a recording; 5 s if 0.
	Timeout time.Duration
	// MaxConns bounds the connections. Asterisk counts them against its
	// sessionlimit and closes what exceeds it without an answer. 32 if 0.
	MaxConns int
}

// Client makes ARI requests. Make it with New; Close it.
type Client struct {
	config Config
	base   string
	http   *http.Client
}

// New checks the configuration and makes a client; nothing is sent yet.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("ARI address %q: want http(s)://host:port/ari", c.URL)
	}
	if c.Application == "" || strings.ContainsAny(c.Application, ",&?/ ") {
		return nil, fmt.Errorf("ARI application %q: want a plain name", c.Application)
	}
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	if c.MaxConns == 0 {
		c.MaxConns = 32
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.MaxConnsPerHost = c.MaxConns
	transport.MaxIdleConns = c.MaxConns
	transport.MaxIdleConnsPerHost = c.MaxConns
	transport.IdleConnTimeout = 10 * time.Second // Asterisk closes idle sessions after 15 s
	return &Client{config: c, base: strings.TrimSuffix(u.String(), "/"), http: &http.Client{Transport: transport}}, nil
}

// Close gives the idle connections up.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Error is a request that failed.
type Error struct {
	Method   string
	Resource string // path without the base, see the ARI documentation
	Status   int    // HTTP status; 0 when no reply was seen
	Message  string // what Asterisk said
	Err      error  // what went wrong, when no reply was seen
	maybe    bool
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("ARI %s %s: no reply: %v", e.Method, e.Resource, e.Err)
	}
	return fmt.Sprintf("ARI %s %s: status %d: %s", e.Method, e.Resource, e.Status, e.Message)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Status returns the HTTP status of a failed request, 0 when there was no reply.
func Status(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// IsNotFound reports whether the object asked for does not exist.
func IsNotFound(err error) bool { return Status(err) == http.StatusNotFound }

// IsConflict reports whether the object's state does not allow the request.
func IsConflict(err error) bool { return Status(err) == http.StatusConflict }

// MaybeDone reports whether the request can have been carried out although no
// reply was seen: it was written, or may have been, when the connection or the
// time ran out.
func MaybeDone(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.maybe
}

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
	if r.result == nil {
		_, _ = io.Copy(io.Discard, resp.Body) // lets the connection be used again
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(r.result); err != nil {
		return &Error{Method: r.method, Resource: r.resource, Err: fmt.Errorf("reading the reply: %w", err), maybe: r.method != http.MethodGet}
	}
	return nil
}

// send makes a request and returns the response of a successful one.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("ARI %s %s: encoding the request: %w", r.method, r.resource, err)
		}
		body = bytes.NewReader(encoded)
	}
	target := c.base + r.resource
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { written.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, fmt.Errorf("ARI %s %s: %w", r.method, r.resource, err)
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.method != http.MethodGet {
		// Without this, net/http repeats a request whose idle connection was
		// closed under it; a mutation is never repeated here.
		req.GetBody = nil
	}
	req.SetBasicAuth(c.config.User, c.config.Password)
	resp, err := c.http.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the URL's query is not for logs
		}
		return nil, &Error{Method: r.method, Resource: r.resource, Err: err, maybe: written.Load()}
	}
	if resp.StatusCode >= 300 {
		defer resp.Body.Close()
		return nil, &Error{Method: r.method, Resource: r.resource, Status: resp.StatusCode, Message: message(resp.Body)}
	}
	return resp, nil
}

// message is what Asterisk says about a failure: {"message": "..."}.
func message(body io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(body, 4096))
	var said struct{ Message, Error string }
	if json.Unmarshal(text, &said) == nil && said.Message+said.Error != "" {
		return said.Message + said.Error
	}
	return strings.TrimSpace(string(text))
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
