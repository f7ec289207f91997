package workhours

import (
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // a minimal host has no zone database, and a deadline without its zone is wrong
)

// Calendar computes in working time. It is immutable; [Load] and [AlwaysOpen] make one.
type Calendar struct {
	zone      *time.Location
	week      week
	overrides []override // in order of date, disjoint
	holidays  map[date]Holiday
	years     map[int]Year // by year; nil where the calendar needs no year files
	version   string
}

// week holds the opening intervals of each weekday, in order and disjoint.
type week [7][]interval

// interval is [open, close) in minutes of the day, 0 to 1440.
type interval struct{ open, close int }

// override replaces the weekly hours from one date to another, both included.
type override struct {
	from, to date
	week     week
}

// Status says how far a year's holidays can be relied on.
type Status string

const (
	// Final holidays are those of a decree in force.
	Final Status = "final"
	// Tentative holidays are predicted; the decree is still to come.
	Tentative Status = "tentative"
)

// Year describes one holiday file.
type Year struct {
	Year     int
	Status   Status
	Decree   string // the decree the file copies; may be empty while tentative
	Holidays int    // how many days it closes
}

// Kind tells the two sorts of closed days in the decree apart.
type Kind string

const (
	// National is a national holiday (hari libur nasional).
	National Kind = "national"
	// CollectiveLeave is a day of collective leave (cuti bersama).
	CollectiveLeave Kind = "collective_leave"
)

// Holiday is a day on which the office is closed although the week says otherwise.
type Holiday struct {
	Name string // as the decree writes it, in Indonesian
	Kind Kind
	Note string // what is uncertain about it, if anything
}

// alwaysOpen is the version of AlwaysOpen.
const alwaysOpen = "always-open"

// AlwaysOpen is a calendar that never closes, for demonstrations: working time
// is plain time, no year needs a file, nothing is provisional. Its zone is
// [DefaultZone], by a name that browsers know too.
func AlwaysOpen() *Calendar {
	zone, err := time.LoadLocation(DefaultZone)
	if err != nil {
		panic(err) // it is in time/tzdata, which is part of the program
	}
	c := &Calendar{zone: zone, version: alwaysOpen}
	for day := range c.week {
		c.week[day] = []interval{{0, 24 * 60}}
	}
	return c
}

// Version is a short hash of everything that decides a result: zone, hours,
// overrides, holidays, the years' statuses. Names and comments do not count.
func (c *Calendar) Version() string { return c.version }

// Zone is the zone the hours are given in.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Years lists the holiday files, earliest first.
func (c *Calendar) Years() []Year {
	return slices.SortedFunc(maps.Values(c.years), func(a, b Year) int { return a.Year - b.Year })
}

// Holiday says which holiday, if any, closes the day of t.
func (c *Calendar) Holiday(t time.Time) (Holiday, bool) {
	h, ok := c.holidays[dateOf(t, c.zone)]
	return h, ok
}

// Covers returns a [*MissingYearError] when the year of t has no holiday file.
// A daemon calls it at start, so that the gap is found before a follow-up is refused.
func (c *Calendar) Covers(t time.Time) error {
	year := t.In(c.zone).Year()
	if _, ok := c.years[year]; ok || c.years == nil {
		return nil
	}
	return &MissingYearError{Year: year, Have: slices.Sorted(maps.Keys(c.years))}
}

// provisional reports whether any year from one to another is not final.
func (c *Calendar) provisional(from, to int) bool {
	for year := from; year <= to && c.years != nil; year++ {
		if c.years[year].Status != Final {
			return true
		}
	}
	return false
}

// hours are the opening intervals of a date.
func (c *Calendar) hours(d date) []interval {
	if _, closed := c.holidays[d]; closed {
		return nil
	}
	i, found := slices.BinarySearchFunc(c.overrides, d, func(o override, d date) int { return int(o.to) - int(d) })
	if found || i < len(c.overrides) && c.overrides[i].from <= d {
		return c.overrides[i].week[d.weekday()]
	}
	return c.week[d.weekday()]
}
