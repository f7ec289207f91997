package workhours

import (
	"iter"
	"time"
)

// maxClosedDays is the longest closed run that Load accepts. The longest real one,
// Nyepi and Idul Fitri 2026 with their collective leave, is 7 days.
const maxClosedDays = 60

// span is an interval of one date as instants: open at opens, closed at closes.
type span struct {
	date   date
	opens  time.Time
	closes time.Time
}

// daySpans are the spans of one date. An interval that a clock change swallows is
// empty, and left out.
func (c *Calendar) daySpans(d date) []span {
	var spans []span
	for _, h := range c.hours(d) {
		s := span{date: d, opens: d.at(h.open, c.zone), closes: d.at(h.close, c.zone)}
		if s.opens.Before(s.closes) {
			spans = append(spans, s)
		}
	}
	return spans
}

// spansFrom yields every span that closes after t, in order. It ends only after a
// closed run longer than any that Load lets through, so a caller may range over it
// without a bound of its own.
func (c *Calendar) spansFrom(t time.Time) iter.Seq[span] {
	return func(yield func(span) bool) {
		d := dateOf(t, c.zone)
		for closed := 0; closed <= maxClosedDays+1; closed++ {
			for _, s := range c.daySpans(d) {
				closed = 0
				if s.closes.After(t) && !yield(s) {
					return
				}
			}
			d++
		}
	}
}

// next is the first span that closes after t; ok is false only for a calendar
// that Load would have refused.
func (c *Calendar) next(t time.Time) (s span, ok bool) {
	for s := range c.spansFrom(t) {
		return s, true
	}
	return span{}, false
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
