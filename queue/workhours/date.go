package workhours

import "time"

// date is a civil day, counted from 1970-01-01. Counting days instead of adding
// 24 hours keeps the arithmetic right where a zone changes its clocks.
type date int32

// Dates in files lie within these years; it bounds what Load has to walk.
const (
	firstYear = 2000
	lastYear  = 2199
)

const dateLayout = "2006-01-02"

// dateOf is the civil day of t in zone.
func dateOf(t time.Time, zone *time.Location) date {
	year, month, day := t.In(zone).Date()
	return date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func parseDate(s string) (date, bool) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, false
	}
	return dateOf(t, time.UTC), true
}

// at is the instant of a minute of the day; minute 1440 is the end of the day. A
// minute that a clock change leaves out is the instant of the change, so that a
// later minute is never an earlier instant.
func (d date) at(minute int, zone *time.Location) time.Time {
	t := time.Date(1970, time.January, 1+int(d), 0, minute, 0, 0, zone)
	want := int64(d)*24*60*60 + int64(minute)*60
	switch got := clockFace(t); {
	case got > want: // time.Date went over the gap
		t, _ = t.ZoneBounds()
	case got < want: // it stopped short of the gap
		_, t = t.ZoneBounds()
	}
	return t.In(zone)
}

// clockFace is what date and clock show at t, in seconds since 1970 began there.
func clockFace(t time.Time) int64 {
	_, offset := t.Zone()
	return t.Unix() + int64(offset)
}

func (d date) weekday() time.Weekday { return d.midnight().Weekday() }
func (d date) year() int             { return d.midnight().Year() }
func (d date) String() string        { return d.midnight().Format(dateLayout) }

func (d date) midnight() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }
