package ari

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
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
	// Timeout bounds each request, its wait for a connection included, and each
	// stall in the transfer of a recording; 5 s if 0.
	Timeout time.Duration
	// MaxConns bounds the connections of requests; the stream has one more.
	// Asterisk counts them against its sessionlimit (100 by default) and closes
	// what exceeds it without an answer. 32 if 0.
	MaxConns int
	// Now is the clock of gaps and of the stream's state; time.Now if nil.
	Now func() time.Time
}

// idleLimit is how long an unused connection is kept. Asterisk closes one after
// 15 s (session_keep_alive), and a request must not meet that moment.
const idleLimit = 10 * time.Second

// Client makes ARI requests; any number of goroutines may use it. Make it with
// New; Close it.
type Client struct {
	config Config
	base   string
	http   *http.Client // requests
	stream *http.Client // the WebSocket, which must not wait for requests
}

// New checks the configuration and makes a client; nothing is sent yet.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, errors.New("ARI address: want http(s)://host:port/ari, without user, password and query")
	}
	if c.Application == "" || strings.ContainsAny(c.Application, ",&?/ ") {
		return nil, fmt.Errorf("ARI application %q: want a plain name", c.Application)
	}
	if c.Timeout < 0 || c.MaxConns < 0 {
		return nil, fmt.Errorf("ARI time-out %s and connections %d: want none below 0", c.Timeout, c.MaxConns)
	}
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	if c.MaxConns == 0 {
		c.MaxConns = 32
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{
		config: c, base: strings.TrimSuffix(u.String(), "/"),
		http: httpClient(c.Timeout, c.MaxConns), stream: httpClient(c.Timeout, 0),
	}, nil
}

// httpClient makes a client that goes nowhere but to the address it is given.
// HTTP/2 stays off: it repeats requests by itself, and carries no WebSocket.
func httpClient(timeout time.Duration, maxConns int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: timeout}).DialContext,
			TLSHandshakeTimeout: timeout,
			MaxConnsPerHost:     maxConns,
			MaxIdleConns:        maxConns,
			MaxIdleConnsPerHost: maxConns,
			IdleConnTimeout:     idleLimit,
			DisableCompression:  true,
		},
		// A redirection would repeat the request, and show the password, elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close gives the idle connections up.
func (c *Client) Close() {
	c.http.CloseIdleConnections()
	c.stream.CloseIdleConnections()
}
