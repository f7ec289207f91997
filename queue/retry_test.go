package queue_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sambung/queue"
	"sambung/queue/workhours"
)

// office is the calendar that comes with the configuration: Monday to Friday,
// 08.00 to 16.00 WIB, with the holidays of the year.
func office(t testing.TB) *workhours.Calendar {
	t.Helper()
	c, err := workhours.LoadDir("../configs/calendar")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var wib = time.FixedZone("WIB", 7*3600)

// TestRetriesFitTheWorkingHour draws a receipt, a moment in its working hour
// and a pace, and asks when the next attempt comes.
func TestRetriesFitTheWorkingHour(t *testing.T) {
	calendar, p := office(t), queue.DefaultPolicy()
	year := time.Date(2026, 1, 1, 0, 0, 0, 0, wib)
	rapid.Check(t, func(t *rapid.T) {
		received := calendar.NextOpen(year.Add(time.Duration(rapid.IntRange(0, 300*24*60).Draw(t, "received")) * time.Minute))
		deadline, _, err := calendar.Add(received, p.TimeLimit)
		if err != nil {
			t.Fatal(err)
		}
		now, _, err := calendar.Add(received, time.Duration(rapid.IntRange(0, 3599).Draw(t, "elapsed"))*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		pace := rapid.SampledFrom([]queue.Pace{queue.PaceSoon, queue.PaceSpread}).Draw(t, "pace")
		left := rapid.IntRange(1, p.MaxAttempts).Draw(t, "left")
		at, err := p.RetryAt(calendar, pace, now, deadline, left)
		if err != nil {
			t.Fatal(err)
		}
		requireWorkingTime(t, calendar, at)
		wait, remaining := calendar.Between(now, at), calendar.Between(now, deadline)
		if wait < p.MinGap {
			t.Fatalf("the next attempt comes after %s of working time; the least is %s", wait, p.MinGap)
		}
		if pace == queue.PaceSoon && wait > max(p.BusyRetry, p.MinGap) {
			t.Fatalf("soon means within %s, not %s", p.BusyRetry, wait)
		}
		if roomFor := remaining - p.HandlingTime; pace == queue.PaceSpread && roomFor >= p.MinGap && wait > roomFor {
			t.Fatalf("%s before the deadline, the next attempt comes after %s and leaves no %s for the talk", remaining, wait, p.HandlingTime)
		}
	})
}

// TestSpreadUsesEveryAttempt: whoever never answers is rung as often as allowed
// before the deadline, the last time with HandlingTime left.
func TestSpreadUsesEveryAttempt(t *testing.T) {
	calendar, p := office(t), queue.DefaultPolicy()
	received := time.Date(2026, 11, 20, 15, 30, 0, 0, wib) // Friday: half the hour falls on Monday
	deadline, _, err := calendar.Add(received, p.TimeLimit)
	if err != nil {
		t.Fatal(err)
	}
	now := received
	for left := p.MaxAttempts - 1; left >= 1; left-- {
		if now, err = p.RetryAt(calendar, queue.PaceSpread, now, deadline, left); err != nil {
			t.Fatal(err)
		}
	}
	if got := calendar.Between(now, deadline); got.Round(time.Second) != p.HandlingTime {
		t.Errorf("the last attempt comes at %s, %s before the deadline; want %s", now, got, p.HandlingTime)
	}
}

func TestRetryAfterTheDeadline(t *testing.T) {
	calendar, p := office(t), queue.DefaultPolicy()
	deadline := time.Date(2026, 11, 23, 9, 0, 0, 0, wib)
	for _, c := range []struct {
		now  time.Time
		pace queue.Pace
		want time.Time
	}{
		{deadline, queue.PaceSpread, deadline.Add(p.LateGap)},
		{deadline, queue.PaceSoon, deadline.Add(p.BusyRetry)},
		{deadline.Add(2 * time.Hour), queue.PaceSpread, deadline.Add(2*time.Hour + p.LateGap)},
		// 15.45 on Monday: a quarter of an hour today, the rest tomorrow
		{deadline.Add(6*time.Hour + 45*time.Minute), queue.PaceSpread, time.Date(2026, 11, 24, 8, 15, 0, 0, wib)},
		{deadline.Add(time.Minute), queue.PaceAtOnce, deadline.Add(time.Minute)},
	} {
		at, err := p.RetryAt(calendar, c.pace, c.now, deadline, 2)
		if err != nil || !at.Equal(c.want) {
			t.Errorf("%s at %s: %s (%v), want %s", c.pace, c.now, at.In(wib), err, c.want)
		}
	}
}

// A busy line near the deadline is tried again in half of what is left.
func TestSoonHalvesWhatIsLeft(t *testing.T) {
	calendar, p := office(t), queue.DefaultPolicy()
	deadline := time.Date(2026, 11, 23, 9, 0, 0, 0, wib)
	for remaining, want := range map[time.Duration]time.Duration{
		40 * time.Minute: p.BusyRetry, 8 * time.Minute: 4 * time.Minute, 3 * time.Minute: p.MinGap,
	} {
		now := deadline.Add(-remaining)
		if at, err := p.RetryAt(calendar, queue.PaceSoon, now, deadline, 1); err != nil || at.Sub(now) != want {
			t.Errorf("%s before the deadline: after %s (%v), want %s", remaining, at.Sub(now), err, want)
		}
	}
}

func TestPolicyValidate(t *testing.T) {
	if err := queue.DefaultPolicy().Validate(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*queue.Policy){
		"time_limit must be positive":     func(p *queue.Policy) { p.TimeLimit = 0 },
		"max_attempts must be at least 1": func(p *queue.Policy) { p.MaxAttempts = 0 },
		"min_gap must be positive":        func(p *queue.Policy) { p.MinGap = 0 },
		"busy_retry must not be below":    func(p *queue.Policy) { p.BusyRetry = p.MinGap - 1 },
		"late_gap must not be below":      func(p *queue.Policy) { p.LateGap = p.MinGap - 1 },
		"handling_time must be between":   func(p *queue.Policy) { p.HandlingTime = p.TimeLimit },
		"warn_before must be between":     func(p *queue.Policy) { p.WarnBefore = -1 },
	} {
		p := queue.DefaultPolicy()
		spoil(&p)
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got: %v", want, err)
		}
	}
	everything := queue.Policy{MinGap: -1, BusyRetry: -2, LateGap: -2, HandlingTime: -1, WarnBefore: -1}
	if err := everything.Validate(); err == nil || strings.Count(err.Error(), "\n") != 6 {
		t.Errorf("seven faults, all to be told at once: %v", err)
	}
}

func requireWorkingTime(t *rapid.T, c *workhours.Calendar, at time.Time) {
	// An attempt at the very end of a span would be one at the closed door:
	// claims ask Open and wait, so the border alone is allowed.
	if !c.Open(at) && !c.Open(at.Add(-time.Nanosecond)) {
		t.Fatalf("%s is outside office hours", at.In(wib))
	}
}
