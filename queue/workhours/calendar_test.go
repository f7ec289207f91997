package workhours_test

import (
	"errors"
	"maps"
	"math"
	"testing"
	"testing/fstest"
	"time"

	"sambung/queue/workhours"
)

const (
	plainWeek = "week:\n  monday: [08:00-12:00, 13:00-16:00]\n  tuesday: [08:00-16:00]\n"
	empty2026 = "year: 2026\nstatus: final\ndecree: SKB\nholidays: []\n"
)

func files(texts map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// load reads an office file beside an empty final 2026 and the given other files.
func load(t *testing.T, office string, more map[string]string) *workhours.Calendar {
	t.Helper()
	texts := map[string]string{"office.yaml": office, "holidays-2026.yaml": empty2026}
	maps.Copy(texts, more)
	c, err := workhours.Load(files(texts))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOpenNextOpenCloses(t *testing.T) {
	c := load(t, plainWeek, nil)
	tests := []struct {
		at             string
		open           bool
		next, nextStop string
	}{
		{"2026-11-23 07:59", false, "2026-11-23 08:00", "2026-11-23 12:00"},
		{"2026-11-23 08:00", true, "2026-11-23 08:00", "2026-11-23 12:00"},
		{"2026-11-23 11:59", true, "2026-11-23 11:59", "2026-11-23 12:00"},
		{"2026-11-23 12:00", false, "2026-11-23 13:00", "2026-11-23 16:00"},
		{"2026-11-24 16:00", false, "2026-11-30 08:00", "2026-11-30 12:00"},
		{"2028-02-29 09:00", true, "2028-02-29 09:00", "2028-02-29 16:00"}, // no file, weekly hours
	}
	for _, tt := range tests {
		at := jakarta(t, tt.at)
		if got := c.Open(at); got != tt.open {
			t.Errorf("Open(%s) = %v", tt.at, got)
		}
		if got := c.NextOpen(at.UTC()); !got.Equal(jakarta(t, tt.next)) || got.Location() != c.Zone() {
			t.Errorf("NextOpen(%s) = %v, want %s in the calendar's zone", tt.at, got, tt.next)
		}
		if got := c.Closes(at); !got.Equal(jakarta(t, tt.nextStop)) {
			t.Errorf("Closes(%s) = %v, want %s", tt.at, got, tt.nextStop)
		}
	}
}

func TestTouchingIntervalsAreOne(t *testing.T) {
	c := load(t, "week:\n  monday: [12:00-16:00, 08:00-12:00, 20:00-24:00]\n  tuesday: [00:00-02:00]\n", nil)
	for at, want := range map[string]string{"2026-11-23 09:00": "2026-11-23 16:00", "2026-11-23 21:00": "2026-11-24 02:00"} {
		if got := c.Closes(jakarta(t, at)); !got.Equal(jakarta(t, want)) {
			t.Errorf("Closes(%s) = %v, want %s", at, got, want)
		}
	}
}

// The longest closed run that Load lets through is crossed from its first minute.
func TestLongestClosedRun(t *testing.T) {
	c := load(t, "week:\n  monday: [08:00-16:00]\n  saturday: [08:00-16:00]\noverrides:\n"+
		"  - {name: x, from: 2026-03-03, to: 2026-05-01, week: {}}\n", nil)
	for _, at := range []string{"2026-03-02 16:00", "2026-03-03 00:00"} {
		if got := c.NextOpen(jakarta(t, at)); !got.Equal(jakarta(t, "2026-05-02 08:00")) {
			t.Errorf("NextOpen(%s) = %v", at, got)
		}
	}
}

func TestAddLimits(t *testing.T) {
	c := load(t, plainWeek, nil)
	at := jakarta(t, "2026-11-23 12:30")
	for _, d := range []time.Duration{-1, workhours.MaxDuration + 1, math.MinInt64} {
		if _, _, err := c.Add(at, d); !errors.Is(err, workhours.ErrDuration) {
			t.Errorf("Add(%v): %v", d, err)
		}
	}
	if got, _, err := c.Add(at, 0); err != nil || !got.Equal(jakarta(t, "2026-11-23 13:00")) {
		t.Errorf("Add(0) in a break: %v, %v; want the next opening", got, err)
	}
	if got, _, err := c.Add(jakarta(t, "2026-01-05 08:00"), workhours.MaxDuration); err != nil || got.Year() < 2030 {
		t.Errorf("Add(MaxDuration): %v, %v", got, err)
	}
}

func TestAddStripsMonotonicReading(t *testing.T) {
	now := time.Now()
	got, _, err := workhours.AlwaysOpen().Add(now, time.Hour)
	if err != nil || got != got.Round(0) || !got.Equal(now.Add(time.Hour)) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestBetween(t *testing.T) {
	c := load(t, plainWeek, nil)
	tests := []struct {
		a, b string
		want time.Duration
	}{
		{"2026-11-23 11:30", "2026-11-23 13:30", time.Hour},
		{"2026-11-23 12:00", "2026-11-23 13:00", 0},
		{"2026-11-23 00:00", "2026-11-30 00:00", 15 * time.Hour},
		{"2026-11-24 15:30", "2026-11-23 15:30", 0},
		{"2026-11-23 10:00", "2026-11-23 10:00", 0},
	}
	for _, tt := range tests {
		if got := c.Between(jakarta(t, tt.a), jakarta(t, tt.b)); got != tt.want {
			t.Errorf("Between(%s, %s) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
	if got := c.Between(time.Time{}, jakarta(t, "2026-11-23 10:00")); got <= 0 {
		t.Errorf("from the zero time: %v, want it saturated, not overflown", got)
	}
}

// A browser reckons in the calendar's zone, and knows it by its IANA name alone.
func TestAlwaysOpenNamesItsZone(t *testing.T) {
	if name := workhours.AlwaysOpen().Zone().String(); name != workhours.DefaultZone {
		t.Errorf("zone %q, want %s", name, workhours.DefaultZone)
	}
}

func TestAlwaysOpen(t *testing.T) {
	c := workhours.AlwaysOpen()
	sunday := jakarta(t, "2031-06-01 02:00")
	got, provisional, err := c.Add(sunday, 50*time.Hour)
	if err != nil || provisional || !got.Equal(sunday.Add(50*time.Hour)) {
		t.Errorf("Add: %v, %v, %v", got, provisional, err)
	}
	if !c.Open(sunday) || !c.NextOpen(sunday).Equal(sunday) || !c.Closes(sunday).IsZero() || c.Covers(sunday) != nil {
		t.Error("it closes")
	}
	if got := c.Between(sunday, sunday.Add(1000*time.Hour)); got != 1000*time.Hour {
		t.Errorf("Between: %v", got)
	}
}

// Where clocks change, working time is elapsed time, never the difference of clock faces.
func TestClockChanges(t *testing.T) {
	const week = "zone: Europe/Berlin\nweek:\n  sunday: [00:00-24:00]\n"
	c := load(t, week, nil)
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, c.Zone()) }
	for _, tt := range []struct {
		from, to time.Time
		want     time.Duration
	}{
		{day(time.March, 29), day(time.March, 30), 23 * time.Hour},
		{day(time.April, 5), day(time.April, 6), 24 * time.Hour},
		{day(time.October, 25), day(time.October, 26), 25 * time.Hour},
	} {
		if got := c.Between(tt.from, tt.to); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.from, got, tt.want)
		}
		if got, _, _ := c.Add(tt.from, tt.want); !got.Equal(tt.to) {
			t.Errorf("%v + %v = %v", tt.from, tt.want, got)
		}
	}
	// From 02:00 to 03:00 there is no clock on 29 March: what lies in it is gone, what
	// reaches over it is cut, and nothing is counted twice.
	for hours, want := range map[string]time.Duration{
		"02:15-02:45": 0, "01:30-02:30": 30 * time.Minute, "02:30-03:30": 30 * time.Minute,
		"01:00-04:00": 2 * time.Hour, "02:15-02:45, 02:50-03:00, 03:00-03:10": 10 * time.Minute,
	} {
		c = load(t, "zone: Europe/Berlin\nweek:\n  sunday: ["+hours+"]\n", nil)
		if got := c.Between(day(time.March, 29), day(time.March, 30)); got != want {
			t.Errorf("%s on 29 March has %v, want %v", hours, got, want)
		}
	}
	c = load(t, "zone: Europe/Berlin\nweek:\n  sunday: [02:15-02:45]\n", nil)
	if got, want := c.NextOpen(day(time.March, 29)), time.Date(2026, time.April, 5, 2, 15, 0, 0, c.Zone()); !got.Equal(want) {
		t.Errorf("after a swallowed interval: %v, want %v", got, want)
	}
	// In Cairo the lost hour is the first of the day.
	c = load(t, "zone: Africa/Cairo\nweek:\n  friday: [00:00-08:00]\n", nil)
	if from := day(time.April, 24); c.Between(from.AddDate(0, 0, -1), from.AddDate(0, 0, 1)) != 7*time.Hour {
		t.Errorf("24 April in Cairo has %v", c.Between(from.AddDate(0, 0, -1), from.AddDate(0, 0, 1)))
	}
	// Samoa had no 30 December 2011.
	c = load(t, "zone: Pacific/Apia\nweek:\n  thursday: [08:00-16:00]\n  friday: [08:00-16:00]\n  saturday: [08:00-16:00]\n", nil)
	from, to := time.Date(2011, 12, 29, 0, 0, 0, 0, c.Zone()), time.Date(2012, 1, 1, 0, 0, 0, 0, c.Zone())
	if got := c.Between(from, to); got != 16*time.Hour {
		t.Errorf("29 to 31 December 2011 in Apia: %v, want two days of 8 h", got)
	}
}

func TestVersion(t *testing.T) {
	base := load(t, plainWeek, nil)
	same := load(t, "# a comment\nzone: Asia/Jakarta\nweek:\n  tuesday: [08:00-16:00]\n  monday: [13:00-16:00, 08:00-12:00]\n", nil)
	if base.Version() != same.Version() || len(base.Version()) != 12 {
		t.Errorf("same rules, versions %q and %q", base.Version(), same.Version())
	}
	override := "overrides:\n  - {name: x, from: 2026-02-02, to: 2026-02-02, week: {monday: [\"09:00-10:00\"]}}\n"
	seen := map[string]string{base.Version(): "base"}
	for name, other := range map[string]*workhours.Calendar{
		"zone":     load(t, "zone: Asia/Makassar\n"+plainWeek, nil),
		"hours":    load(t, plainWeek+"  friday: [08:00-09:00]\n", nil),
		"override": load(t, plainWeek+override, nil),
		"year":     load(t, plainWeek, map[string]string{"holidays-2027.yaml": "year: 2027\nstatus: tentative\nholidays: []\n"}),
		"status":   load(t, plainWeek, map[string]string{"holidays-2026.yaml": "year: 2026\nstatus: tentative\nholidays: []\n"}),
		"holiday":  load(t, plainWeek, map[string]string{"holidays-2026.yaml": "year: 2026\nstatus: final\ndecree: SKB\nholidays:\n  - {date: 2026-05-01, name: x, kind: national}\n"}),
	} {
		if twin, ok := seen[other.Version()]; ok {
			t.Errorf("%s has the version of %s", name, twin)
		}
		seen[other.Version()] = name
	}
}
