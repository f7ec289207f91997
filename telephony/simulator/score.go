package simulator

import (
	"math"
	"time"

	"sambung/telephony/softphone/tone"
)

// part is a stretch of a score: a source whose position 0 is at begin, heard
// from from to to; a zero to is open.
type part struct {
	source   tone.Source
	begin    time.Time
	from, to time.Time
}

// score is what is said, in the order of its beginnings.
type score struct{ parts []part }

// play adds a source from a moment on, in place of what was said until then.
func (s *score) play(source tone.Source, at time.Time) {
	s.rest(at)
	if source != nil {
		s.parts = append(s.parts, part{source: source, begin: at, from: at})
	}
}

// rest ends what is said.
func (s *score) rest(at time.Time) {
	if n := len(s.parts); n > 0 && s.parts[n-1].to.IsZero() {
		s.parts[n-1].to = at
	}
}

// pause leaves a stretch of the last part out.
func (s *score) pause(from time.Time, length time.Duration) {
	n := len(s.parts)
	if n == 0 || length <= 0 {
		return
	}
	before := &s.parts[n-1]
	after := *before
	before.to, after.from = from, from.Add(length)
	s.parts = append(s.parts, after)
}

// mix adds what is said between two moments to dst, whose first sample is at start.
func (s *score) mix(dst []int16, start, from, to time.Time) {
	for _, p := range s.parts {
		begin, end := latest(p.from, from), to
		if !p.to.IsZero() {
			end = earliest(p.to, to)
		}
		i, j := index(dst, start, begin), index(dst, start, end)
		if i >= j {
			continue
		}
		said := make([]int16, j-i)
		p.source.Fill(said, tone.Samples(start.Sub(p.begin))+i)
		add(dst[i:j], said)
	}
}

// index is where a moment lies in samples that begin at start.
func index(samples []int16, start, at time.Time) int {
	return min(max(tone.Samples(at.Sub(start)), 0), len(samples))
}

// add mixes src into dst; what is too loud is cut off.
func add(dst, src []int16) {
	for i, v := range src {
		sum := int32(dst[i]) + int32(v)
		dst[i] = int16(min(max(sum, math.MinInt16), math.MaxInt16))
	}
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
