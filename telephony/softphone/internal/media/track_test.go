package media

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"sambung/telephony/softphone/g711"
)

// loud is a frame of one byte, and the sample that it decodes to.
func loud(b byte) []byte { return bytes.Repeat([]byte{b}, frameSamples) }

// shape is a track's frames, one letter for each: the letter that was put in,
// '.' for silence.
func shape(t *testing.T, track *Track) string {
	t.Helper()
	var s []byte
	for frame := range slices.Chunk(track.samples, frameSamples) {
		switch coded := make([]byte, len(frame)); {
		case frame[0] == 0:
			s = append(s, '.')
		default:
			g711.PCMU.Encode(coded, frame)
			s = append(s, coded[0])
		}
		for _, sample := range frame {
			if sample != frame[0] {
				t.Fatalf("a frame is mixed: %v", frame)
			}
		}
	}
	return string(s)
}

func TestTrack(t *testing.T) {
	const second = 8000
	type packet struct {
		frame  byte
		stamp  int64 // RTP timestamp
		source uint32
		after  time.Duration // arrival, since the first
	}
	wrap := int64(math.MaxUint32) + 1
	for name, c := range map[string]struct {
		packets []packet
		want    string
	}{
		"in order":             {[]packet{{'a', 1000, 1, 0}, {'b', 1160, 1, 20}, {'c', 1320, 1, 40}}, "abc"},
		"a gap is silence":     {[]packet{{'a', 1000, 1, 0}, {'b', 1000 + 480, 1, 60}}, "a..b"},
		"late fills its gap":   {[]packet{{'a', 0, 1, 0}, {'c', 320, 1, 40}, {'b', 160, 1, 41}, {'d', 480, 1, 60}}, "abcd"},
		"twice is once":        {[]packet{{'a', 0, 1, 0}, {'b', 160, 1, 20}, {'b', 160, 1, 21}}, "ab"},
		"before the first":     {[]packet{{'b', 160, 1, 0}, {'a', 0, 1, 1}, {'c', 320, 1, 20}}, "bc"},
		"timestamp wraps":      {[]packet{{'a', wrap - 160, 1, 0}, {'b', wrap, 1, 20}, {'c', wrap + 160, 1, 40}}, "abc"},
		"a burst after a lag":  {[]packet{{'a', 0, 1, 0}, {'b', 160, 1, 900}, {'c', 320, 1, 900}}, "abc"},
		"new source, by clock": {[]packet{{'a', 0, 1, 0}, {'b', 77777, 2, 100}, {'c', 77937, 2, 120}}, "a....bc"},
		"new source, no gap":   {[]packet{{'a', 0, 1, 0}, {'b', 160, 1, 0}, {'c', 5, 2, 1}}, "abc"},
		"timestamp jumps":      {[]packet{{'a', 0, 1, 0}, {'b', 3600 * second, 1, 40}, {'c', 3600*second + 160, 1, 60}}, "a.bc"},
		"timestamp jumps back": {[]packet{{'a', 3600 * second, 1, 0}, {'b', 5, 1, 20}}, "ab"},
	} {
		track := Track{limit: 60 * second}
		start := time.Now()
		for _, p := range c.packets {
			track.add(p.source, uint32(p.stamp), g711.PCMU, loud(p.frame), start.Add(p.after*time.Millisecond))
		}
		if got := shape(t, &track); got != c.want || !track.start.Equal(start) || track.truncated {
			t.Errorf("%s: %q, want %q (truncated %v)", name, got, c.want, track.truncated)
		}
	}
}

func TestTrackKeepsItsLimit(t *testing.T) {
	track := Track{limit: 3 * frameSamples}
	now := time.Now()
	for n := range uint32(5) {
		track.add(1, n*frameSamples, g711.PCMU, loud('a'), now)
	}
	if got := shape(t, &track); got != "aaa" || !track.truncated {
		t.Errorf("%q, truncated %v, want three frames and truncated", got, track.truncated)
	}
}

func TestTrackDecodesEachLaw(t *testing.T) {
	track := Track{limit: 1000}
	now := time.Now()
	track.add(1, 0, g711.PCMU, []byte{0x80}, now)
	track.add(1, 1, g711.PCMA, []byte{0xAA}, now)
	if want := []int16{32124, 32256}; !slices.Equal(track.samples, want) {
		t.Errorf("%v, want %v", track.samples, want)
	}
}
