package workhours_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sambung/queue/workhours"
)

// model is a calendar drawn at random and, apart from the code under test, the slow
// way to compute with it: minute by minute, asking the clock on the wall.
type model struct {
	zone      string
	week      modelWeek
	overrides map[string]modelWeek // by date, one day each
	holidays  map[string]bool
}

// modelWeek has the open minutes of each weekday as sorted pairs: open, close, open, close.
type modelWeek [7][]int

// Zones without clock changes in office hours: whole, half and negative offsets, and DST at night.
var modelZones = []string{"Asia/Jakarta", "Asia/Kolkata", "America/St_Johns", "Europe/Berlin", "UTC"}

func drawWeek(t *rapid.T, label string, daysOff int) (w modelWeek) {
	for day := range w {
		if rapid.IntRange(0, 6).Draw(t, label+" off") < daysOff {
			continue
		}
		// Berlin and St John's change clocks before 04:00.
		minutes := rapid.SliceOfNDistinct(rapid.IntRange(4*60, 24*60), 2, 6, rapid.ID[int]).Draw(t, label)
		slices.Sort(minutes)
		w[day] = minutes[:len(minutes)/2*2]
	}
	return w
}

func drawModel(t *rapid.T) model {
	m := model{zone: rapid.SampledFrom(modelZones).Draw(t, "zone"), week: drawWeek(t, "week", 2),
		overrides: map[string]modelWeek{}, holidays: map[string]bool{}}
	m.week[time.Thursday] = []int{480, 481, 600, 960} // never a week without an open hour
	for range rapid.IntRange(0, 4).Draw(t, "overrides") {
		m.overrides[drawDate(t)] = drawWeek(t, "override", 4)
	}
	for range rapid.IntRange(0, 8).Draw(t, "holidays") {
		m.holidays[drawDate(t)] = true
	}
	return m
}

func drawDate(t *rapid.T) string {
	return time.Date(2026, 3, 1+rapid.IntRange(0, 40).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// drawTime is a minute around the drawn dates and the spring clock changes.
func drawTime(t *rapid.T, label string) time.Time {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	return start.Add(time.Duration(rapid.IntRange(0, 40*24*60).Draw(t, label)) * time.Minute)
}

// calendar loads the model through the files an operator would write.
func (m model) calendar(t *rapid.T) *workhours.Calendar {
	var office, holidays strings.Builder
	fmt.Fprintf(&office, "zone: %s\nweek:\n%s", m.zone, m.week.yaml("  "))
	if len(m.overrides) > 0 {
		office.WriteString("overrides:\n")
	}
	for day, w := range m.overrides {
		fmt.Fprintf(&office, "  - name: x\n    from: %s\n    to: %s\n    week:\n%s", day, day, w.yaml("      "))
	}
	holidays.WriteString("year: 2026\nstatus: final\ndecree: SKB\nholidays:\n  - {date: 2026-01-01, name: x, kind: national}\n")
	for day := range maps.Keys(m.holidays) {
		fmt.Fprintf(&holidays, "  - {date: %s, name: x, kind: national}\n", day)
	}
	c, err := workhours.Load(files(map[string]string{"office.yaml": office.String(), "holidays-2026.yaml": holidays.String()}))
	if err != nil {
		t.Fatalf("%v\n%s", err, &office)
	}
	return c
}

func (w modelWeek) yaml(indent string) string {
	var b strings.Builder
	for day, minutes := range w {
		fmt.Fprintf(&b, "%s%s: [", indent, strings.ToLower(time.Weekday(day).String()))
		for pair := range slices.Chunk(minutes, 2) {
			fmt.Fprintf(&b, "%02d:%02d-%02d:%02d, ", pair[0]/60, pair[0]%60, pair[1]/60, pair[1]%60)
		}
		b.WriteString("]\n")
	}
	return b.String()
}

// open asks the wall clock whether the minute that begins at t is worked.
func (m model) open(t time.Time) bool {
	date, minute := t.Format(time.DateOnly), t.Hour()*60+t.Minute()
	if m.holidays[date] {
		return false
	}
	week := m.week
	if w, ok := m.overrides[date]; ok {
		week = w
	}
	for pair := range slices.Chunk(week[t.Weekday()], 2) {
		if pair[0] <= minute && minute < pair[1] {
			return true
		}
	}
	return false
}

func (m model) nextOpen(t time.Time) time.Time {
	for !m.open(t) {
		t = t.Add(time.Minute)
	}
	return t
}

func (m model) add(t time.Time, minutes int) time.Time {
	t = m.nextOpen(t)
	for ; minutes > 0; minutes-- {
		t = m.nextOpen(t).Add(time.Minute)
	}
	return t
}

func (m model) between(a, b time.Time) (sum time.Duration) {
	for ; a.Before(b); a = a.Add(time.Minute) {
		if m.open(a) {
			sum += time.Minute
		}
	}
	return sum
}

func TestEqualsSlowModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		c := m.calendar(t)
		at := drawTime(t, "t").In(c.Zone())
		minutes := rapid.IntRange(0, 900).Draw(t, "minutes")

		want := m.add(at, minutes)
		got, provisional, err := c.Add(at, time.Duration(minutes)*time.Minute)
		if err != nil || provisional || !got.Equal(want) {
			t.Errorf("Add(%v, %d min) = %v, %v, %v; the model says %v", at, minutes, got, provisional, err, want)
		}
		if got := c.Open(at); got != m.open(at) {
			t.Errorf("Open(%v) = %v", at, got)
		}
		if got, want := c.NextOpen(at), m.nextOpen(at); !got.Equal(want) {
			t.Errorf("NextOpen(%v) = %v; the model says %v", at, got, want)
		}
		b := drawTime(t, "b").In(c.Zone())
		if got, want := c.Between(at, b), m.between(at, b); got != want {
			t.Errorf("Between(%v, %v) = %v; the model says %v", at, b, got, want)
		}
	})
}
