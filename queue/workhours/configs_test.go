package workhours_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sambung/queue/workhours"
)

// The files an operator gets are the ones tested here.
const shipped = "../../configs/calendar"

func jakarta(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", s+" +0700")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func loadShipped(t *testing.T) *workhours.Calendar {
	t.Helper()
	c, err := workhours.LoadDir(shipped)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// loadRamadan is the shipped calendar with the example office file in place.
func loadRamadan(t *testing.T) *workhours.Calendar {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, file := range map[string]string{
		"office.yaml":        "examples/office-ramadan-2026.yaml",
		"holidays-2026.yaml": "holidays-2026.yaml",
	} {
		data, err := os.ReadFile(filepath.Join(shipped, file))
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: data}
	}
	c, err := workhours.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestShippedDeadlines(t *testing.T) {
	tests := []struct {
		name, received, deadline string
		provisional              bool
	}{
		{"in the middle of a day", "2026-11-23 10:17", "2026-11-23 11:17", false},
		{"ends exactly at the close", "2026-11-23 15:00", "2026-11-23 16:00", false},
		{"Friday afternoon", "2026-11-20 15:30", "2026-11-23 08:30", false},
		{"exactly at the close", "2026-11-23 16:00", "2026-11-24 09:00", false},
		{"before the opening", "2026-11-23 06:00", "2026-11-23 09:00", false},
		{"exactly at the opening", "2026-11-23 08:00", "2026-11-23 09:00", false},
		{"Saturday", "2026-11-21 11:00", "2026-11-23 09:00", false},
		{"over collective leave, Christmas and the weekend", "2026-12-23 15:30", "2026-12-28 08:30", false},
		{"on collective leave", "2026-12-24 10:00", "2026-12-28 09:00", false},
		{"over Nyepi and Idul Fitri", "2026-03-17 15:59", "2026-03-25 08:59", false},
		{"last hour of the year", "2026-12-31 15:00", "2026-12-31 16:00", false},
		{"into a tentative year, over its New Year", "2026-12-31 15:30", "2027-01-04 08:30", true},
		{"in a tentative year", "2027-08-16 15:30", "2027-08-18 08:30", true},
		{"into a missing year, weekly hours alone", "2027-12-31 15:30", "2028-01-03 08:30", true},
	}
	c := loadShipped(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, provisional, err := c.Add(jakarta(t, tt.received), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			if want := jakarta(t, tt.deadline); !got.Equal(want) || provisional != tt.provisional {
				t.Errorf("got %v provisional %v, want %v provisional %v", got, provisional, want, tt.provisional)
			}
		})
	}
}

func TestShippedRamadanAndBreaks(t *testing.T) {
	tests := []struct{ name, received, deadline string }{
		{"a break stops the clock", "2026-02-12 11:45", "2026-02-12 13:45"},
		{"received in a break", "2026-02-12 12:10", "2026-02-12 14:00"},
		{"received as the break begins", "2026-02-12 12:00", "2026-02-12 14:00"},
		{"ends as the break begins", "2026-02-12 11:00", "2026-02-12 12:00"},
		{"the longer break of Friday", "2026-02-13 11:00", "2026-02-13 13:30"},
		{"the day before Ramadan closes at 16", "2026-02-18 15:30", "2026-02-19 08:30"},
		{"the first day of Ramadan closes at 15", "2026-02-19 14:30", "2026-02-20 08:30"},
		{"the short break of Ramadan", "2026-02-19 11:45", "2026-02-19 13:15"},
		{"Friday in Ramadan closes at 15:30", "2026-02-20 15:00", "2026-02-23 08:30"},
		{"the last working day of Ramadan", "2026-03-17 14:30", "2026-03-25 08:30"},
		{"after Ramadan the week is back", "2026-03-25 15:30", "2026-03-26 08:30"},
	}
	c := loadRamadan(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, provisional, err := c.Add(jakarta(t, tt.received), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			if want := jakarta(t, tt.deadline); !got.Equal(want) || provisional {
				t.Errorf("got %v provisional %v, want %v, final", got, provisional, want)
			}
		})
	}
	// The decree's sum: 32.5 hours a week without the breaks.
	if got := c.Between(jakarta(t, "2026-02-23 00:00"), jakarta(t, "2026-03-02 00:00")); got != 32*time.Hour+30*time.Minute {
		t.Errorf("a week of Ramadan has %v", got)
	}
}

func TestShippedYears(t *testing.T) {
	c := loadShipped(t)
	var leave []string
	for day := jakarta(t, "2026-01-01 12:00"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		if h, ok := c.Holiday(day); ok && h.Kind == workhours.CollectiveLeave {
			leave = append(leave, day.Format("01-02"))
		}
	}
	want := []string{"02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24"}
	if !slices.Equal(leave, want) {
		t.Errorf("collective leave 2026: got %v, want %v", leave, want)
	}
	years := c.Years()
	if len(years) != 2 || years[0].Holidays != 17+8 || years[0].Status != workhours.Final || years[1].Status != workhours.Tentative {
		t.Fatalf("years: %+v", years)
	}
	if !strings.Contains(years[0].Decree, "Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, dan Nomor 5 Tahun 2025") {
		t.Errorf("decree: %q", years[0].Decree)
	}
	for day := jakarta(t, "2027-01-01 12:00"); day.Year() == 2027; day = day.AddDate(0, 0, 1) {
		if h, ok := c.Holiday(day); ok && !strings.HasPrefix(h.Note, "tentatif") {
			t.Errorf("%s %s is not labelled tentative", day.Format(time.DateOnly), h.Name)
		}
	}
}

func TestMissingYear(t *testing.T) {
	c := loadShipped(t)
	for _, at := range []string{"2025-12-31 23:59", "2028-01-01 00:00"} {
		_, _, err := c.Add(jakarta(t, at), time.Hour)
		var missing *workhours.MissingYearError
		if !errors.As(err, &missing) || missing.Year != jakarta(t, at).Year() || !slices.Equal(missing.Have, []int{2026, 2027}) {
			t.Errorf("%s: got %v, want a MissingYearError", at, err)
		}
		if c.Covers(jakarta(t, at)) == nil {
			t.Errorf("%s: Covers finds nothing missing", at)
		}
	}
	if err := c.Covers(jakarta(t, "2027-06-01 00:00")); err != nil {
		t.Error(err)
	}
	// 2027 has begun in Jakarta while it is still 2026 in UTC.
	utc := time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC)
	if err := c.Covers(utc); err != nil {
		t.Errorf("%v is 2026 in Jakarta: %v", utc, err)
	}
}
