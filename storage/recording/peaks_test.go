package recording_test

import (
	"bytes"
	"errors"
	"testing"

	"sambung/storage/recording"
)

// TestPeaksOfTwoTracks: a tone in the first half of the left track alone.
func TestPeaksOfTwoTracks(t *testing.T) {
	left := append(tone(440, rate), make([]int16, rate)...)
	both := make([]int16, 0, 4*rate)
	for _, s := range left {
		both = append(both, s, 0)
	}
	data := stereo(both)
	d, err := recording.Peaks(t.Context(), bytes.NewReader(data), int64(len(data)), 10)
	if err != nil || d.Duration.Seconds() != 2 || len(d.Tracks) != 2 || len(d.Tracks[0]) != 10 {
		t.Fatalf("%+v, %v", d, err)
	}
	for i, p := range d.Tracks[recording.Agent] {
		if want := i < 5; (p > 0.24 && p <= 0.25) != want || (p == 0) == want {
			t.Errorf("left %d: %f", i, p)
		}
		if p := d.Tracks[recording.Taxpayer][i]; p != 0 {
			t.Errorf("right %d: %f", i, p)
		}
	}
	if _, err := recording.Peaks(t.Context(), bytes.NewReader(data), int64(len(data)), 0); err == nil {
		t.Error("no points were drawn")
	}
}

// stereo is a WAV file of two channels.
func stereo(samples []int16) []byte {
	head := []byte("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x10\x00data\xff\xff\xff\xff")
	for _, s := range samples {
		head = append(head, byte(s), byte(uint16(s)>>8))
	}
	return head
}

func FuzzPeaks(f *testing.F) {
	f.Add(stereo(tone(440, 100)), 7)
	f.Add(stereo(nil), 1)
	f.Add([]byte("RIFF"), 3)
	f.Fuzz(func(t *testing.T, data []byte, points int) {
		points = max(1, min(points, 1000))
		d, err := recording.Peaks(t.Context(), bytes.NewReader(data), int64(len(data)), points)
		if err != nil {
			if !errors.Is(err, recording.ErrNotWAV) {
				t.Errorf("%v", err)
			}
			return
		}
		for _, track := range d.Tracks {
			if len(track) > points {
				t.Errorf("%d points of %d", len(track), points)
			}
			for _, p := range track {
				if p < 0 || p > 1 {
					t.Errorf("a peak of %f", p)
				}
			}
		}
	})
}
