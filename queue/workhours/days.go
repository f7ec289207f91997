package workhours

import "time"

// Opening is a time in which the office works.
type Opening struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Openings lists the openings of the days from one moment to another, both days
// whole; those that touch are one.
func (c *Calendar) Openings(from, to time.Time) []Opening {
	var all []Opening
	for d, last := dateOf(from, c.zone), dateOf(to, c.zone); d <= last; d++ {
		for _, s := range c.daySpans(d) {
			if n := len(all); n > 0 && all[n-1].To.Equal(s.opens) {
				all[n-1].To = s.closes
				continue
			}
			all = append(all, Opening{s.opens, s.closes})
		}
	}
	return all
}

// Closure is a day on which the office is closed although the week says otherwise.
type Closure struct {
	Date string `json:"date"` // 2006-01-02, in the calendar's zone
	Name string `json:"name"` // as the decree writes it
}

// Closures lists those of the days from one moment to another.
func (c *Calendar) Closures(from, to time.Time) []Closure {
	var all []Closure
	for d, last := dateOf(from, c.zone), dateOf(to, c.zone); d <= last; d++ {
		if h, closed := c.holidays[d]; closed {
			all = append(all, Closure{d.String(), h.Name})
		}
	}
	return all
}

// Provisional reports whether the days from one moment to another rest on holidays
// that are not final.
func (c *Calendar) Provisional(from, to time.Time) bool {
	return c.provisional(from.In(c.zone).Year(), to.In(c.zone).Year())
}

// NeverCloses reports whether it is that of [AlwaysOpen].
func (c *Calendar) NeverCloses() bool { return c.version == alwaysOpen }
