// Package client speaks to the HTTP API of a daemon. It repeats nothing by itself:
// who must not enqueue twice gives an idempotency key and asks again.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds a JSON answer, in bytes: 1000 follow-ups with long messages.
const maxAnswer = 64 << 20

// Client asks one daemon under one token.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client
}

// New makes a client of the API at base, such as http://127.0.0.1:8717. Time-outs
// are those of each call's context.
func New(base, token string, transport http.RoundTripper) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("the address of the API is not understood; write it as http://127.0.0.1:8717")
	}
	return &Client{base: u, token: token, http: &http.Client{
		Transport: transport,
		// A redirect would carry the token elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

const foreign = "foreign" // the code of an answer that is no daemon's

// Error is a request that the daemon did not do, in the daemon's words.
type Error struct {
	Status   int     `json:"-"` // of HTTP
	Code     string  `json:"code"`
	Message  string  `json:"message"`
	Fields   []Field `json:"fields,omitempty"`
	Existing string  `json:"existing,omitempty"` // the open follow-up of the same ticket
	Same     bool    `json:"same,omitempty"`     // it tells the same taxpayer the same
	Request  string  `json:"request,omitempty"`  // names the request in the daemon's log
}

// Field is one thing wrong with a request.
type Field struct {
	Field   string `json:"field"`
	Problem string `json:"problem"`
	Remedy  string `json:"remedy"`
}

// Foreign says that what answered is no daemon, but a proxy or another server.
func (e *Error) Foreign() bool { return e.Code == foreign }

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "\n  %s: %s; %s", f.Field, f.Problem, f.Remedy)
	}
	if e.Request != "" {
		b.WriteString(" (request " + e.Request + ")")
	}
	return b.String()
}

// send makes a request; the caller closes the body of the answer, which is a good one.
func (c *Client) send(ctx context.Context, method, path string, body any, header http.Header) (*http.Response, error) {
	if body == nil {
		return c.sendContent(ctx, method, path, nil, "", header)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	return c.sendContent(ctx, method, path, bytes.NewReader(data), "application/json", header)
}

// sendContent is send with a body that is encoded already, or nil.
func (c *Client) sendContent(ctx context.Context, method, path string, content io.Reader, media string, header http.Header) (*http.Response, error) {
	target := strings.TrimSuffix(c.base.String(), "/") + path
	request, err := http.NewRequestWithContext(ctx, method, target, content)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if content != nil {
		request.Header.Set("Content-Type", media)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the daemon: %w", err)
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		defer answer.Body.Close()
		return nil, failure(answer)
	}
	return answer, nil
}

// failure reads the daemon's words, or says that something else answered.
func failure(answer *http.Response) error {
	var body struct {
		Error Error `json:"error"`
	}
	media, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&body)
	if media != "application/json" || err != nil || body.Error.Code == "" {
		return &Error{Status: answer.StatusCode, Code: foreign,
			Message: "what answered is not a daemon: " + answer.Status + "; check the address of the API"}
	}
	body.Error.Status = answer.StatusCode
	return &body.Error
}

// ask makes a request and reads a JSON answer into into, unless it is nil.
func (c *Client) ask(ctx context.Context, method, path string, body, into any) (http.Header, error) {
	return c.askWith(ctx, method, path, body, into, nil)
}

func (c *Client) askWith(ctx context.Context, method, path string, body, into any, header http.Header) (http.Header, error) {
	answer, err := c.send(ctx, method, path, body, header)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if into == nil {
		return answer.Header, nil
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(into); err != nil {
		return nil, fmt.Errorf("reading the daemon's answer: %w", err)
	}
	return answer.Header, nil
}
