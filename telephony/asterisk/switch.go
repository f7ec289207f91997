package asterisk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
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
}

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
		if err := owned(ctx); errors.Is(err, telephony.ErrSwitchLost) {
			return fmt.Errorf("%w: %w", ari.ErrReplaced, err)
		} else if err != nil {
			return err
		}
		return nil
	}
	return &Switch{config: config, client: client, stream: ari.NewStream(client, callOf, permit, log), now: now, log: log}, nil
}

// Run keeps the event stream until ctx ends (nil), or returns
// telephony.ErrSwitchLost when another process took the switch over.
func (s *Switch) Run(ctx context.Context) error {
	defer s.client.Close()
	if err := s.stream.Run(ctx); errors.Is(err, ari.ErrReplaced) {
		return telephony.ErrSwitchLost
	}
	return nil
}

// WaitUp waits until the event stream is trusted.
func (s *Switch) WaitUp(ctx context.Context) error { return s.stream.WaitUp(ctx) }

// Check asks whether the switch could carry a call now.
func (s *Switch) Check(context.Context) error {
	if !s.stream.Up() {
		return errors.New("its event stream is down")
	}
	return nil
}

// Fetch copies a finished recording, see telephony.Recordings.
func (s *Switch) Fetch(ctx context.Context, name string, w io.Writer) (int64, error) {
	n, err := s.client.RecordingFile(ctx, name, w)
	if ari.IsNotFound(err) {
		return 0, fmt.Errorf("%w: %s", telephony.ErrNoRecording, name)
	}
	return n, err
}

// Remove deletes a recording at the switch.
func (s *Switch) Remove(ctx context.Context, name string) error {
	if err := s.client.DeleteRecording(ctx, name); !ari.IsNotFound(err) {
		return err
	}
	return nil
}

// callID is "<follow-up>-<attempt>".
var callID = regexp.MustCompile(`^[0-9A-Z]{26}-[0-9]+$`)

// callOf cuts the call's name out of the name of one of its objects.
func callOf(object string) string {
	first := strings.IndexByte(object, '-')
	if first < 0 {
		return ""
	}
	if second := strings.IndexByte(object[first+1:], '-'); second >= 0 {
		object = object[:first+1+second]
	}
	return object
}

// Calls lists the calls of which the switch holds a channel or a bridge.
func (s *Switch) Calls(ctx context.Context) ([]string, error) {
	channels, err := s.client.Channels(ctx)
	if err != nil {
		return nil, err
	}
	bridges, err := s.client.Bridges(ctx)
	if err != nil {
		return nil, err
	}
	var calls []string
	note := func(object string) {
		if id := callOf(object); callID.MatchString(id) && !slices.Contains(calls, id) {
			calls = append(calls, id)
		}
	}
	for _, c := range channels {
		note(c.ID)
	}
	for _, b := range bridges {
		note(b.ID)
	}
	return calls, nil
}

// discardLimit is how long channels may take to be gone.
const discardLimit = 5 * time.Second

// Discard removes whatever the switch holds of a call and returns when it is gone.
func (s *Switch) Discard(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, discardLimit)
	defer cancel()
	for {
		channels, err := s.client.Channels(ctx)
		if err != nil {
			return fmt.Errorf("discarding call %s: %w", id, err)
		}
		left := 0
		for _, c := range channels {
			if callOf(c.ID) != id {
				continue
			}
			left++
			if err := s.client.HangUp(ctx, c.ID); err != nil && !ari.IsNotFound(err) {
				return fmt.Errorf("discarding call %s: %w", id, err)
			}
		}
		if left == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("discarding call %s: its channels do not end: %w", id, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	if err := s.client.DestroyBridge(ctx, id); err != nil && !ari.IsNotFound(err) {
		return fmt.Errorf("discarding call %s: %w", id, err)
	}
	return nil
}
