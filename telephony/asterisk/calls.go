package asterisk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"sambung/telephony/ari"
)

// ofCall is the shape of every name at the switch that is ours: the call's,
// "<follow-up>-<attempt>" with a ULID as the follow-up's, and what belongs to
// it behind another dash.
var ofCall = regexp.MustCompile(`^([0-9A-Z]{26}-[0-9]{1,6})(?:-[a-z0-9-]+)?$`)

// callOf is the name of the call that a channel, bridge, recording or playback
// belongs to; "" if it is not ours.
func callOf(object string) string {
	if m := ofCall.FindStringSubmatch(object); m != nil {
		return m[1]
	}
	return ""
}

// Calls lists the calls of which the switch holds a channel or a bridge.
func (s *Switch) Calls(ctx context.Context) ([]string, error) {
	objects, err := s.channels(ctx)
	if err != nil {
		return nil, err
	}
	bridges, err := s.client.Bridges(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range bridges {
		objects = append(objects, b.ID)
	}
	var calls []string
	for _, o := range objects {
		if id := callOf(o); id != "" && !slices.Contains(calls, id) {
			calls = append(calls, id)
		}
	}
	return calls, nil
}

func (s *Switch) channels(ctx context.Context) ([]string, error) {
	all, err := s.client.Channels(ctx)
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids, err
}

// discardLimit is how long a call's channels may take to be gone.
const discardLimit = 10 * time.Second

// Discard removes whatever the switch holds of a call and returns when it is
// gone: a dial that comes later finds nothing. Recordings stay.
func (s *Switch) Discard(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, discardLimit)
	defer cancel()
	if err := s.discard(ctx, id); err != nil {
		return fmt.Errorf("discarding call %s: %w", id, err)
	}
	return nil
}

func (s *Switch) discard(ctx context.Context, id string) error {
	for {
		left, err := s.remove(ctx, id)
		if err != nil || !left {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("its channels or its bridge do not end: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond): // they end some moments after they were told to
		}
	}
}

// remove removes what there is, and reports whether there was anything.
func (s *Switch) remove(ctx context.Context, id string) (left bool, err error) {
	channels, err := s.channels(ctx)
	if err != nil {
		return false, err
	}
	for _, channel := range channels {
		if callOf(channel) != id {
			continue
		}
		left = true
		if err := s.client.HangUp(ctx, channel); err != nil && !ari.IsNotFound(err) {
			return left, err
		}
	}
	if left { // the bridge is the last to go
		return left, nil
	}
	err = s.client.DestroyBridge(ctx, id)
	switch {
	case ari.IsNotFound(err):
		return false, nil
	case ari.IsConflict(err): // it is about to end
		return true, nil
	}
	return true, err
}
