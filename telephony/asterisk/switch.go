package asterisk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// Switch is one Asterisk. Make it with New, and Run it.
type Switch struct {
	config Config
	client *ari.Client
	stream *ari.Stream
	now    func() time.Time
	log    *slog.Logger
	talks  talks

	mu     sync.Mutex
	wellAt time.Time // mu; when the switch last said that its trunk is not away
}

// trunkAge is how old that word may be: the switch itself asks its trunk no
// more often than every few seconds.
const trunkAge = time.Second

var _ telephony.Switch = (*Switch)(nil)

// New makes a switch. owned is asked before the event stream is connected
// again: connecting takes the switch over, so it must return
// telephony.ErrSwitchLost when somebody else owns it by now. Nothing is sent yet.
func New(config Config, address ari.Config, owned func(context.Context) error, now func() time.Time, log *slog.Logger) (*Switch, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	if config.Media == (Media{}) {
		config.Media = DefaultMedia()
	}
	client, err := ari.New(address)
	if err != nil {
		return nil, err
	}
	permit := func(ctx context.Context) error {
		err := owned(ctx)
		if errors.Is(err, telephony.ErrSwitchLost) {
			return fmt.Errorf("%w: %w", ari.ErrReplaced, err)
		}
		return err
	}
	stream := ari.NewStream(client, routeOf, permit, log)
	stream.Only(heeded()...)
	return &Switch{config: config, client: client, stream: stream, now: now, log: log}, nil
}

// Run keeps the event stream until ctx ends (nil), or returns
// telephony.ErrSwitchLost when another process took the switch over.
func (s *Switch) Run(ctx context.Context) error {
	defer s.client.Close()
	err := s.stream.Run(ctx)
	if errors.Is(err, ari.ErrReplaced) {
		return fmt.Errorf("%w: %w", telephony.ErrSwitchLost, err)
	}
	return err
}

// WaitUp waits until the event stream is trusted.
func (s *Switch) WaitUp(ctx context.Context) error { return s.stream.WaitUp(ctx) }

// Gaps counts how often events may have been lost, see telephony.Switch.
func (s *Switch) Gaps() int { return s.stream.Gaps() }

// Check asks whether the switch could carry a call now: it answers, its events
// come in, and its trunk is not known to be away (telephony.ErrTrunkDown). It
// returns telephony.ErrSwitchLost once the switch is lost.
func (s *Switch) Check(ctx context.Context) error {
	if err := s.stream.Err(); err != nil {
		return fmt.Errorf("%w: %w", telephony.ErrSwitchLost, err)
	}
	if !s.stream.Up() {
		return errors.New("no events come from the switch: its ARI is not connected")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.now()
	if age := asked.Sub(s.wellAt); age >= 0 && age < trunkAge {
		return nil
	}
	if err := s.checkTrunk(ctx); err != nil {
		return err
	}
	s.wellAt = asked
	return nil
}

// checkTrunk holds calls back that would fail at once, after an agent was rung
// for them: Asterisk dials no endpoint whose contacts are all unreachable. A
// trunk that nobody asks by OPTIONS counts as online; one that the switch does
// not describe holds nothing, as long as the switch answers at all.
func (s *Switch) checkTrunk(ctx context.Context) error {
	trunk, err := s.client.Endpoint(ctx, s.config.Trunk)
	if err != nil {
		_, err = s.client.Info(ctx)
	}
	switch {
	case err != nil:
		return fmt.Errorf("the switch does not answer: %w", err)
	case trunk.State == ari.EndpointOffline:
		return fmt.Errorf("%w: endpoint %s is offline; see \"pjsip show endpoint %s\" at the switch, and the carrier", telephony.ErrTrunkDown, s.config.Trunk, s.config.Trunk)
	}
	return nil
}
