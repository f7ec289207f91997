package ari

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// ErrReplaced means that another connection took the application over: this
// process controls its channels no more.
var ErrReplaced = errors.New("the ARI application was taken over by another connection")

// Times of the stream.
const (
	probeLimit   = 5 * time.Second // for connecting and for the self-probe
	pingEvery    = 5 * time.Second
	pingLimit    = 5 * time.Second
	backoffFirst = 100 * time.Millisecond
	backoffMost  = 5 * time.Second
	readLimit    = 8 << 20 // bytes of one event; the library's default is 32 KiB
)

// Stream is the flow of events of the client's application. Make it with
// NewStream, and Run it.
type Stream struct {
	client *Client
	key    func(object string) string
	permit func(context.Context) error
	log    *slog.Logger
	subs   registry

	mu      sync.Mutex
	trusted chan struct{} // mu; closed while the socket is trusted
	up      bool          // mu
	gaps    int           // mu
	ended   error         // mu; ErrReplaced
}

// NewStream makes the stream of a client's application. key derives the
// subscription key from the id of a channel, recording or playback. permit is
// asked before every reconnection, because connecting takes the application
// over from whoever has it by now: an error that is ErrReplaced ends the stream,
// any other delays it.
func NewStream(c *Client, key func(object string) string, permit func(context.Context) error, log *slog.Logger) *Stream {
	return &Stream{client: c, key: key, permit: permit, log: log, subs: registry{all: make(map[string]map[*Subscription]bool)}, trusted: make(chan struct{})}
}

// Subscribe delivers the events of that key from now on.
func (s *Stream) Subscribe(key string) *Subscription {
	sub := &Subscription{stream: s, key: key, ready: make(chan struct{}, 1)}
	s.subs.add(sub)
	if s.Err() != nil {
		sub.deliver(Event{Type: Replaced})
	}
	return sub
}

func (s *Stream) unsubscribe(sub *Subscription) { s.subs.remove(sub) }

// Up reports whether events are coming in over a trusted socket.
func (s *Stream) Up() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.up
}

// Gaps counts how often events may have been lost.
func (s *Stream) Gaps() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gaps
}

// Err returns ErrReplaced once the stream has ended for good, nil before.
func (s *Stream) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// WaitUp waits until the socket is trusted.
func (s *Stream) WaitUp(ctx context.Context) error {
	s.mu.Lock()
	trusted := s.trusted
	s.mu.Unlock()
	select {
	case <-trusted:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the event stream of application %s: %w", s.client.config.Application, ctx.Err())
	}
}

// Run keeps the stream connected until ctx ends (nil) or the application is
// taken over (ErrReplaced).
func (s *Stream) Run(ctx context.Context) error {
	wait := backoffFirst
	for first := true; ; first = false {
		began := time.Now()
		var err error
		if !first {
			err = s.permit(ctx)
		}
		if err == nil {
			err = s.session(ctx, !first)
		}
		s.setUp(false)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrReplaced):
			s.end()
			return err
		}
		if time.Since(began) > backoffMost {
			wait = backoffFirst
		}
		s.log.Warn("the event stream was interrupted; connecting again", "error", err, "in", wait)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait/2 + mathrand.N(wait)):
		}
		wait = min(2*wait, backoffMost)
	}
}

// session is one socket from its beginning to its end.
func (s *Stream) session(ctx context.Context, again bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	probe := newProbe()
	readErr := make(chan error, 1)
	var reading sync.WaitGroup
	reading.Go(func() { readErr <- s.read(ctx, conn, probe); cancel() })
	defer reading.Wait()
	defer conn.CloseNow()

	if err := s.trust(ctx, probe, again); err != nil {
		select {
		case ended := <-readErr: // why the socket failed says more
			return errors.Join(ended, err)
		default:
			return err
		}
	}
	if err := keepAlive(ctx, conn); err != nil && ctx.Err() == nil {
		return fmt.Errorf("ping: %w", err)
	}
	conn.CloseNow()
	return <-readErr
}

// connect opens the WebSocket under the application's name; the newest wins.
func (s *Stream) connect(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	c := s.client.config
	target := strings.Replace(s.client.base, "http", "ws", 1) + "/events?" + url.Values{"app": {c.Application}}.Encode()
	credentials := base64.StdEncoding.EncodeToString([]byte(c.User + ":" + c.Password))
	conn, resp, err := websocket.Dial(ctx, target, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: s.client.http.Transport},
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

func newProbe() *probe { return &probe{name: "probe-" + rand.Text(), seen: make(chan struct{})} }

// trust sets the filter, waits for the stream's own probe, and says so: after a
// reconnection by a Gap to everyone.
func (s *Stream) trust(ctx context.Context, p *probe, again bool) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	if err := s.client.filterEvents(ctx, wanted); err != nil {
		return fmt.Errorf("event filter: %w", err)
	}
	if err := s.client.userEvent(ctx, p.name); err != nil {
		return fmt.Errorf("self-probe: %w", err)
	}
	select {
	case <-p.seen:
	case <-ctx.Done():
		return fmt.Errorf("the socket did not bring its own probe: %w", ctx.Err())
	}
	s.setUp(true)
	if again {
		s.mu.Lock()
		s.gaps++
		s.mu.Unlock()
		s.subs.deliverAll(Event{Type: Gap})
	}
	return nil
}

// read delivers what the socket brings, until it ends.
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

// keepAlive pings until the context ends or an answer fails to come.
func keepAlive(ctx context.Context, conn *websocket.Conn) error {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		ping, cancel := context.WithTimeout(ctx, pingLimit)
		err := conn.Ping(ping)
		cancel()
		if err != nil {
			return err
		}
	}
}

func (s *Stream) setUp(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if up == s.up {
		return
	}
	s.up = up
	if up {
		close(s.trusted)
	} else {
		s.trusted = make(chan struct{})
	}
}

// end tells everyone that the stream has ended for good.
func (s *Stream) end() {
	s.mu.Lock()
	s.ended = ErrReplaced
	s.mu.Unlock()
	s.subs.deliverAll(Event{Type: Replaced})
}
