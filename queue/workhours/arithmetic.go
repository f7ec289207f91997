package workhours

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// MaxDuration is the most working time that [Calendar.Add] adds at once.
const MaxDuration = 366 * 24 * time.Hour

// maxOpenRun bounds the search of [Calendar.Closes] in a calendar without gaps.
const maxOpenRun = 60 * 24 * time.Hour

// ErrDuration is returned for working time that is negative or above [MaxDuration].
var ErrDuration = errors.New("working time out of range")

// errNeverOpens cannot happen to a loaded calendar; it keeps Add honest if Load is ever wrong.
var errNeverOpens = errors.New("the calendar has no opening ahead")

// Add returns the instant at which d of working time has passed since t.
//
// Time outside opening hours does not count: a receipt outside them starts at the
// next opening. A deadline that falls exactly on a close stays there; d = 0 gives
// t itself while the office is open and the next opening otherwise.
//
// provisional is true when a year the span touches is tentative or has no file
// (then counted by weekly hours and overrides alone): the deadline may move once
// the decree is out. The error is a [*MissingYearError] when the year of t itself
// has no file, or wraps [ErrDuration].
func (c *Calendar) Add(t time.Time, d time.Duration) (deadline time.Time, provisional bool, err error) {
	if d < 0 || d > MaxDuration {
		return time.Time{}, false, fmt.Errorf("%w: %v, want 0 to %v", ErrDuration, d, MaxDuration)
	}
	if err := c.Covers(t); err != nil {
		return time.Time{}, false, err
	}
	t = c.local(t)
	for s := range c.spansFrom(t) {
		start := later(s.opens, t)
		if have := s.closes.Sub(start); d > have {
			d -= have
			continue
		}
		return start.Add(d), c.provisional(t.Year(), s.date.year()), nil
	}
	return time.Time{}, false, errNeverOpens
}

// Between is the working time from a to b, zero when b is not after a. A year
// without a file counts by weekly hours and overrides alone. Like [time.Time.Sub]
// it saturates rather than overflow.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	a, b = c.local(a), c.local(b)
	if !b.After(a) {
		return 0
	}
	if b.Sub(a) == math.MaxInt64 {
		b = a.Add(math.MaxInt64) // 292 years: no clock is off by more, and the walk stays bounded
	}
	var sum time.Duration
	for s := range c.spansFrom(a) {
		if !s.opens.Before(b) {
			break
		}
		sum += earlier(s.closes, b).Sub(later(s.opens, a))
	}
	return sum
}

// Open reports whether the office is open at t.
func (c *Calendar) Open(t time.Time) bool {
	s, ok := c.next(t)
	return ok && !s.opens.After(t)
}

// NextOpen is t itself while the office is open, otherwise the next opening.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	t = c.local(t)
	s, ok := c.next(t)
	if !ok {
		return time.Time{}
	}
	return later(s.opens, t)
}

// Closes is the end of the opening that NextOpen(t) lies in: the next break,
// closing time, or, where one opening runs into the next without a gap, the end of
// the last. It is the zero time for an opening of more than 60 days (a calendar
// that never closes).
func (c *Calendar) Closes(t time.Time) time.Time {
	var opens, closes time.Time
	for s := range c.spansFrom(c.local(t)) {
		switch {
		case closes.IsZero():
			opens = s.opens
		case s.opens.After(closes):
			return closes
		case s.closes.Sub(opens) > maxOpenRun:
			return time.Time{}
		}
		closes = s.closes
	}
	return closes
}

// local is t in the calendar's zone. In also takes off the monotonic reading, which
// would make equal instants differ and stands still while a machine sleeps.
func (c *Calendar) local(t time.Time) time.Time { return t.In(c.zone) }
