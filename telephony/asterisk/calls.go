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
	err := s.discard(ctx, id, func(ctx context.Context, _ []string) ([]string, error) {
		channels, err := s.channels(ctx)
		return slices.DeleteFunc(channels, func(channel string) bool { return callOf(channel) != id }), err
	})
	if err != nil {
		return err
	}
	return s.discardMonitor(ctx, id) // its channels are gone; its bridge is another
}

// discardLegs is Discard for a call of which every channel's name is known: the
// switch is not asked for the channels of all the other calls, which takes
// longer the more there are.
func (s *Switch) discardLegs(ctx context.Context, id string, legs []*leg) error {
	all := make([]string, len(legs))
	for i, l := range legs {
		all[i] = l.id
	}
	return s.discardNamed(ctx, id, all)
}

// discardNamed removes channels of these names, then the bridge.
func (s *Switch) discardNamed(ctx context.Context, id string, all []string) error {
	first := true
	return s.discard(ctx, id, func(_ context.Context, left []string) ([]string, error) {
		if first {
			first, left = false, all
		}
		return left, nil
	})
}

// discard removes the channels until none is left, then the bridge. channels
// names those to remove, given those that were there the last time.
func (s *Switch) discard(ctx context.Context, id string, channels func(ctx context.Context, left []string) ([]string, error)) error {
	ctx, cancel := context.WithTimeout(ctx, discardLimit)
	defer cancel()
	var left []string
	for {
		names, err := channels(ctx, left)
		if err != nil {
			return fmt.Errorf("discarding call %s: %w", id, err)
		}
		var gone bool
		if left, gone, err = s.remove(ctx, id, names); err != nil {
			return fmt.Errorf("discarding call %s: %w", id, err)
		}
		if gone {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("discarding call %s: its channels or its bridge do not end: %w", id, ctx.Err())
		case <-time.After(10 * time.Millisecond): // they end some moments after they were told to
		}
	}
}

// remove tells the channels to end, and says which of them were there. When
// none was, it removes the bridge; gone means that neither was there.
func (s *Switch) remove(ctx context.Context, id string, channels []string) (left []string, gone bool, err error) {
	for _, channel := range channels {
		err := s.client.HangUp(ctx, channel)
		switch {
		case err == nil:
			left = append(left, channel)
		case !ari.IsNotFound(err):
			return left, false, err
		}
	}
	if len(left) > 0 { // the bridge is the last to go
		return left, false, nil
	}
	err = s.client.DestroyBridge(ctx, id)
	switch {
	case ari.IsNotFound(err):
		return nil, true, nil
	case ari.IsConflict(err): // it is about to end
		return nil, false, nil
	}
	return nil, false, err
}
