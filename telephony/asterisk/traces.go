package asterisk

import (
	"context"
	"maps"
	"slices"

	"sambung/telephony"
)

// Traces lists the calls of which the switch holds anything, see telephony.Switch.
func (s *Switch) Traces(ctx context.Context) ([]telephony.Trace, error) {
	found := make(map[string]telephony.Trace)
	note := func(object string, add func(*telephony.Trace)) {
		if id := callOf(object); id != "" {
			t := found[id]
			t.CallID = id
			add(&t)
			found[id] = t
		}
	}
	channels, err := s.client.Channels(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range channels {
		note(c.ID, func(t *telephony.Trace) {
			t.Alive = true
			t.Talking = t.Talking || c.Up() && c.ID == telephony.TracksOf(t.CallID).Taxpayer
		})
	}
	bridges, err := s.client.Bridges(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range bridges {
		note(b.ID, func(t *telephony.Trace) { t.Alive = true })
	}
	// One that is being written is among the stored ones.
	recordings, err := s.client.StoredRecordings(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range recordings {
		note(r.Name, func(t *telephony.Trace) {
			t.Recorded = t.Recorded || r.Name == telephony.TracksOf(t.CallID).Taxpayer
		})
	}
	return slices.Collect(maps.Values(found)), nil
}
