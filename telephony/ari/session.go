package ari

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// readLimit bounds one event, in bytes. The library's own limit is 32 KiB.
const readLimit = 8 << 20

// session is one socket from its beginning to its end.
func (s *Stream) session(ctx context.Context, again bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	probe := newProbe()
	var ended error // why reading ended, once it has
	var reading sync.WaitGroup
	reading.Go(func() {
		defer cancel()
		ended = s.read(ctx, conn, probe)
	})
	err = s.keep(ctx, conn, probe, again)
	cancel()
	_ = conn.CloseNow()
	reading.Wait()
	if errors.Is(err, context.Canceled) || errors.Is(ended, ErrReplaced) {
		return ended // reading ended first, or everything does
	}
	return err
}

// keep makes the socket trusted and keeps it alive. It returns only when the
// socket is of no more use.
func (s *Stream) keep(ctx context.Context, conn *websocket.Conn, p *probe, again bool) error {
	if err := s.trust(ctx, p, again); err != nil {
		return err
	}
	tick := time.NewTicker(s.times.ping)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		ping, cancel := context.WithTimeout(ctx, s.times.pong)
		err := conn.Ping(ping)
		cancel()
		if err != nil {
			return fmt.Errorf("no answer to a ping: %w", err)
		}
		s.hear(0)
	}
}

// connect opens the WebSocket under the application's name; the newest wins.
func (s *Stream) connect(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.times.connect)
	defer cancel()
	c := s.client.config
	credentials := base64.StdEncoding.EncodeToString([]byte(c.User + ":" + c.Password))
	target := s.client.base + "/events?" + url.Values{"app": {c.Application}}.Encode()
	conn, resp, err := websocket.Dial(ctx, target, &websocket.DialOptions{
		HTTPClient: s.client.stream,
		HTTPHeader: http.Header{"Authorization": {"Basic " + credentials}},
	})
	if resp != nil && resp.StatusCode == http.StatusUnauthorized {
		return nil, fmt.Errorf("event stream of %s: user or password refused; see ari.conf", c.Application)
	}
	if err != nil {
		return nil, fmt.Errorf("event stream of %s: %w", c.Application, err)
	}
	conn.SetReadLimit(readLimit)
	return conn, nil
}

// probe is an event that the stream sends itself.
type probe struct {
	name string
	seen chan struct{}
	once sync.Once
}

func newProbe() *probe {
	return &probe{name: "probe-" + rand.Text(), seen: make(chan struct{})}
}

// trust sets the filter, waits for the stream's own probe, and says so: after a
// reconnection by a Gap to everyone.
func (s *Stream) trust(ctx context.Context, p *probe, again bool) error {
	limited, cancel := context.WithTimeout(ctx, s.times.connect)
	defer cancel()
	if err := s.client.FilterEvents(limited, s.filter); err != nil {
		return fmt.Errorf("event filter: %w", err)
	}
	if err := s.verify(ctx, p); err != nil {
		s.patience = min(2*s.patience, s.times.connect)
		return fmt.Errorf("self-probe: %w", err)
	}
	s.patience = s.times.trust
	since := s.up(again)
	if again {
		s.subs.deliverAll(Event{Type: Gap, At: since})
	}
	return nil
}

// verify sends the probe until the socket brings it. Sent too early, it can go
// to the socket that was there before. And when that one is closed just as this
// one connects, Asterisk may clear away the application of both: this socket
// then stays open and brings nothing, and only another helps.
func (s *Stream) verify(ctx context.Context, p *probe) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	tick := time.NewTicker(s.times.probe)
	defer tick.Stop()
	for {
		if err := s.client.SendUserEvent(ctx, p.name, "", nil); err != nil {
			return err
		}
		select {
		case <-p.seen:
			return nil
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("it did not arrive: %w", ctx.Err())
		}
	}
}

// read delivers what the socket brings, until it ends. A frame that is no event
// ends it: nobody knows what was lost, and a reconnection says so to everyone.
func (s *Stream) read(ctx context.Context, conn *websocket.Conn, p *probe) error {
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("reading events: %w", err)
		}
		e, err := decode(data)
		if err != nil {
			return err
		}
		s.hear(1)
		switch {
		case e.Type == ApplicationReplaced:
			return ErrReplaced
		case e.Type == ChannelUserevent && e.Name == p.name:
			p.once.Do(func() { close(p.seen) })
		default:
			e.Key = s.key(e.object())
			s.subs.deliver(e)
		}
	}
}
