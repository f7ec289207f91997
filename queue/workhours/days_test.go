package workhours_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sambung/queue/workhours"
)

func TestTheDaysOfTheShippedCalendar(t *testing.T) {
	c := loadShipped(t)
	from, to := jakarta(t, "2026-12-24 11:00"), jakarta(t, "2027-01-04 11:00")
	closures := map[string]bool{}
	for _, h := range c.Closures(from, to) {
		closures[h.Date] = h.Name != ""
	}
	if !closures["2026-12-25"] || !closures["2027-01-01"] || closures["2026-12-28"] {
		t.Errorf("closed on %v", closures)
	}
	openings := c.Openings(from, to)
	if first := openings[0].From; closures["2026-12-24"] == first.Equal(jakarta(t, "2026-12-24 08:00")) {
		t.Errorf("the first opening is at %s", first)
	}
	for _, o := range openings {
		if closures[o.From.In(c.Zone()).Format(time.DateOnly)] || !o.From.Before(o.To) {
			t.Errorf("open on a closed day: %+v", o)
		}
	}
	if !c.Provisional(from, jakarta(t, "2028-01-01 00:00")) {
		t.Error("a year without a file is relied on")
	}
}

func TestWhatNeverClosesIsOneOpening(t *testing.T) {
	c := workhours.AlwaysOpen()
	at := jakarta(t, "2026-11-23 09:00")
	if o := c.Openings(at, at.AddDate(0, 0, 2)); len(o) != 1 || o[0].To.Sub(o[0].From) != 72*time.Hour || !c.NeverCloses() || c.Provisional(at, at) {
		t.Errorf("%+v, never closes: %v", o, c.NeverCloses())
	}
	if loadShipped(t).NeverCloses() {
		t.Error("the office never closes")
	}
}

// A page that adds up the openings has the same working time as the daemon.
func TestOpeningsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		from := drawInstant(t, "from")
		to := from.Add(time.Duration(rapid.Int64Range(0, int64(40*24*time.Hour)).Draw(t, "d")))
		var sum time.Duration
		for _, o := range c.Openings(from, to) {
			begin, end := o.From, o.To
			if begin.Before(from) {
				begin = from
			}
			if end.After(to) {
				end = to
			}
			if d := end.Sub(begin); d > 0 {
				sum += d
			}
		}
		if want := c.Between(from, to); sum != want {
			t.Fatalf("%s to %s: the openings add up to %s, working time is %s", from, to, sum, want)
		}
	})
}
