package listening

import (
	"context"

	"sambung/storage/recording"
)

// drawnLimit is how many waveforms are remembered.
const drawnLimit = 256

// Waveform is what a recording looks like: the loudest sample of each of equal
// stretches, 0 to 1, of either track.
type Waveform struct {
	Seconds  float64   `json:"seconds"`
	Agent    []float32 `json:"agent"`
	Taxpayer []float32 `json:"taxpayer"` // empty of a recording with one track
}

// drawing names a waveform.
type drawing struct {
	sha    string
	points int
}

// Waveform draws a recording in at most so many points; errors as Open, and
// recording.ErrNotWAV.
func (c *Cache) Waveform(ctx context.Context, key, sha string, size int64, points int) (Waveform, error) {
	name := drawing{sha, points}
	c.mu.Lock()
	w, there := c.drawn[name]
	c.mu.Unlock()
	if there {
		return w, nil
	}
	audio, done, err := c.Open(ctx, key, sha, size)
	if err != nil {
		return Waveform{}, err
	}
	defer done()
	peaks, err := recording.Peaks(ctx, audio, size, points)
	if err != nil {
		return Waveform{}, err
	}
	w = Waveform{Seconds: peaks.Duration.Seconds(), Agent: peaks.Tracks[recording.Agent], Taxpayer: []float32{}}
	if len(peaks.Tracks) > recording.Taxpayer {
		w.Taxpayer = peaks.Tracks[recording.Taxpayer]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for other := range c.drawn {
		if len(c.drawn) < drawnLimit {
			break
		}
		delete(c.drawn, other)
	}
	c.drawn[name] = w
	return w, nil
}
