package acceptance_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/queue"
	"sambung/queue/workhours"
)

const calendarDir = "../../configs/calendar"

// ramadanOffice is a calendar folder as an operator makes it of the shipped files:
// the office of the Ramadan example, which has breaks, with both holiday files.
func ramadanOffice(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, from := range map[string]string{
		"office.yaml":        "examples/office-ramadan-2026.yaml",
		"holidays-2026.yaml": "holidays-2026.yaml", "holidays-2027.yaml": "holidays-2027.yaml",
	} {
		data, err := os.ReadFile(filepath.Join(calendarDir, from))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func jakarta(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", s+" +0700")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestIntakeDeadlines: the deadline of what is handed in to a running daemon is
// one working hour after its receipt by the files of the office.
func TestIntakeDeadlines(t *testing.T) {
	s := newSite(t, 0)
	s.config.Calendar.AlwaysOpen, s.config.Calendar.Dir = false, ramadanOffice(t)
	now := jakarta(t, "2026-12-31 15:45")
	app, _ := s.runDaemonAt(slog.New(slog.NewTextHandler(io.Discard, nil)), func() time.Time { return now })
	d := &door{site: s, queue: s.ledger(), url: "http://" + app.Addr()}

	for _, c := range []struct {
		name, received, deadline string
		provisional              bool
	}{
		{"Friday afternoon", "2026-11-20 15:30", "2026-11-23 08:30", false},
		{"before Christmas", "2026-12-23 15:30", "2026-12-28 08:30", false},
		{"before the opening", "2026-11-23 06:00", "2026-11-23 09:00", false},
		{"Saturday", "2026-11-21 11:00", "2026-11-23 09:00", false},
		{"in a break", "2026-02-12 12:10", "2026-02-12 14:00", false},
		{"over a break", "2026-02-12 11:45", "2026-02-12 13:45", false},
		{"in Ramadan", "2026-02-19 14:30", "2026-02-20 08:30", false},
		{"over the break of Ramadan", "2026-02-19 11:45", "2026-02-19 13:15", false},
		{"into the tentative year", "2026-12-31 15:30", "2027-01-04 08:30", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &door{site: s.in(t), queue: d.queue, url: d.url}
			a := d.accepted(submission("DUE-1").with("allow_duplicate", "true").with("received_at", jakarta(t, c.received).Format(time.RFC3339)), "")
			st, err := d.queue.State(t.Context(), a.id)
			if err != nil {
				t.Fatal(err)
			}
			if f := st.FollowUp; !f.Deadline.Equal(jakarta(t, c.deadline)) || f.Provisional != c.provisional {
				t.Errorf("deadline %s, provisional %v; want %s, %v", f.Deadline, f.Provisional, c.deadline, c.provisional)
			}
			history, err := d.queue.History(t.Context(), a.id)
			if err != nil {
				t.Fatal(err)
			}
			alarm := slices.ContainsFunc(history, func(a queue.Activity) bool { return a.Kind == queue.KindDeadlineProvisional })
			if alarm != c.provisional {
				t.Errorf("alarm of a provisional deadline: %v, want %v", alarm, c.provisional)
			}
		})
	}
	t.Run("in a missing year", func(t *testing.T) {
		d := &door{site: s.in(t), url: d.url}
		a := d.post(submission("DUE-2").with("received_at", jakarta(t, "2025-12-31 15:50").Format(time.RFC3339)).json(), "")
		d.judge(a.fields, "received_at", "2025", "holidays")
		if a.status != http.StatusBadRequest {
			t.Errorf("status %d", a.status)
		}
	})
}

// TestIntakeNeedsTheYear: a daemon does not start in a year without holidays.
func TestIntakeNeedsTheYear(t *testing.T) {
	config := configs.Default()
	config.Calendar = configs.Calendar{Dir: calendarDir}
	now := func() time.Time { return jakarta(t, "2028-01-03 09:00") }
	app, err := daemon.New(t.Context(), config, slog.New(slog.DiscardHandler), daemon.WithClock(now))
	var missing *workhours.MissingYearError
	if !errors.As(err, &missing) || missing.Year != 2028 {
		t.Errorf("started %v in a year without a file: %v", app != nil, err)
	}
}
