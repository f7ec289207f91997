package ari

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// ErrReplaced means that another connection took the application over: this
// process controls its channels no more.
var ErrReplaced = errors.New("the ARI application was taken over by another connection")

// times of a stream.
type times struct {
	connect      time.Duration // limit for connecting, for permission, and for the filter
	trust        time.Duration // limit for the first socket's self-probe; doubled, up to connect, after each that did not bring it
	probe        time.Duration // from one probe to the next, until one arrives
	ping         time.Duration // from one ping to the next
	pong         time.Duration // limit for the answer
	backoffFirst time.Duration // before the first reconnection, give or take half of it
	backoffMost  time.Duration // before each after many
}

// Stream is the flow of events of the client's application. Make it with
// NewStream, and Run it once.
type Stream struct {
	client *Client
	key    func(object string) string
	permit func(context.Context) error
	log    *slog.Logger
	times  times
	filter []string // types of events that are asked for
	subs   registry

	patience time.Duration // Run's own: limit for the next self-probe

	mu      sync.Mutex
	state   State         // mu; without Subscriptions
	changed chan struct{} // mu; closed when state.Up or state.Err changes
	heard   time.Time     // mu; when a trusted socket last brought anything
	missing time.Time     // mu; since when events may be missing, while not up
}

// NewStream makes the stream of a client's application. key derives the
// subscription key from the id of a channel, bridge, recording or playback.
// permit, unless nil, is asked before every reconnection, because connecting
// takes the application over from whoever has it by now: an error that is
// ErrReplaced ends the stream, any other delays it.
func NewStream(c *Client, key func(object string) string, permit func(context.Context) error, log *slog.Logger) *Stream {
	return &Stream{
		client: c, key: key, permit: permit, log: log, filter: wanted(),
		times: times{
			connect: 5 * time.Second, trust: time.Second, probe: 250 * time.Millisecond, ping: 5 * time.Second, pong: 5 * time.Second,
			backoffFirst: 100 * time.Millisecond, backoffMost: 5 * time.Second,
		},
		subs:    registry{all: make(map[string]map[*Subscription]bool)},
		changed: make(chan struct{}),
	}
}

// Only asks for these types of events, and for what the stream itself needs, in
// place of all that this package names. It comes before Run.
func (s *Stream) Only(types ...string) {
	s.filter = append([]string{ChannelUserevent, ApplicationReplaced}, types...)
}

// Run keeps the stream connected until ctx ends (nil) or the application is
// taken over (ErrReplaced). Whatever else interrupts it is logged, and followed
// by a reconnection after a growing, jittered pause.
func (s *Stream) Run(ctx context.Context) error {
	s.begin()
	s.patience = s.times.trust
	wait := s.times.backoffFirst
	for again := false; ; again = true {
		began := time.Now()
		err := s.attempt(ctx, again)
		s.down(err)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrReplaced):
			s.end()
			return err
		}
		if time.Since(began) > s.times.backoffMost {
			wait = s.times.backoffFirst
		}
		pause := wait/2 + rand.N(wait)
		s.log.Warn("the event stream was interrupted; connecting again", "error", err, "in", pause)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		wait = min(2*wait, s.times.backoffMost)
	}
}

// attempt is one socket, if this process may connect it.
func (s *Stream) attempt(ctx context.Context, again bool) error {
	if again && s.permit != nil {
		asking, cancel := context.WithTimeout(ctx, s.times.connect)
		err := s.permit(asking)
		cancel()
		if err != nil {
			return fmt.Errorf("asking whether the application is still ours: %w", err)
		}
	}
	return s.session(ctx, again)
}

// end tells everyone that the stream has ended for good.
func (s *Stream) end() {
	s.mu.Lock()
	s.state.Err = ErrReplaced
	s.announce()
	s.mu.Unlock()
	s.subs.end()
}
