package recording

import "math"

// SilencePeak is the largest sample, of 32,767, of a track that is silent. See
// the package comment for why it is not 0.
const SilencePeak = 8

// Level is how loud a stretch of one track is.
type Level struct {
	Peak int     // largest magnitude, 0 to 32,768
	RMS  float64 // root mean square, in the same unit
}

// Silent reports whether nothing is heard throughout the stretch. One without
// samples is silent.
func (l Level) Silent() bool { return l.Peak <= SilencePeak }

// meter adds samples up. Its sum is exact for more than a day at any rate.
type meter struct {
	peak    int
	squares uint64
	count   int64
}

func (m *meter) add(sample int16) {
	s := int(sample)
	m.squares += uint64(s * s)
	m.count++
	m.peak = max(m.peak, s, -s)
}

func (m *meter) level() Level {
	if m.count == 0 {
		return Level{}
	}
	return Level{Peak: m.peak, RMS: math.Sqrt(float64(m.squares) / float64(m.count))}
}
