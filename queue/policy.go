package queue

import (
	"errors"
	"time"
)

// WorkingTime is the office calendar, as far as the ledger needs it.
type WorkingTime interface {
	// Add returns the moment at which d of working time after t has passed.
	// provisional tells that it rests on holidays that are not final.
	Add(t time.Time, d time.Duration) (at time.Time, provisional bool, err error)
	// Between returns the working time from a to b; zero if b is not after a.
	Between(a, b time.Time) time.Duration
	// Open reports whether the office works at t.
	Open(t time.Time) bool
	// NextOpen returns t itself if the office works at t, else the next opening.
	NextOpen(t time.Time) time.Time
	// Version names the content of the calendar.
	Version() string
}

// Policy says how attempts are repeated and when alarms are raised. All
// durations are working time but where said otherwise.
type Policy struct {
	// TimeLimit is what the SOP allows from receipt to documentation.
	TimeLimit time.Duration
	// MaxAttempts is how many attempts at the taxpayer are made before the
	// follow-up is handed back.
	MaxAttempts int
	// BusyRetry is the wait after a busy line or a call cut off.
	BusyRetry time.Duration
	// MinGap is the least wait between two attempts of one follow-up.
	MinGap time.Duration
	// HandlingTime is kept free at the end of the hour for talk and documentation.
	HandlingTime time.Duration
	// LateGap is the wait between attempts once the deadline has passed.
	LateGap time.Duration
	// WarnBefore is how long before the deadline the alarm is raised.
	WarnBefore time.Duration
}

// DefaultPolicy is what an office starts with.
func DefaultPolicy() Policy {
	return Policy{
		TimeLimit:    time.Hour,
		MaxAttempts:  4,
		BusyRetry:    5 * time.Minute,
		MinGap:       2 * time.Minute,
		HandlingTime: 8 * time.Minute,
		LateGap:      30 * time.Minute,
		WarnBefore:   20 * time.Minute,
	}
}

// Validate says which setting makes no sense, and what would.
func (p Policy) Validate() error {
	var errs []error
	check := func(ok bool, text string) {
		if !ok {
			errs = append(errs, errors.New(text))
		}
	}
	check(p.TimeLimit > 0, "time_limit must be positive; the SOP says 1h")
	check(p.MaxAttempts >= 1, "max_attempts must be at least 1")
	check(p.MinGap > 0, "min_gap must be positive, or a taxpayer would be rung without pause")
	check(p.BusyRetry >= p.MinGap, "busy_retry must not be below min_gap")
	check(p.LateGap >= p.MinGap, "late_gap must not be below min_gap")
	check(p.HandlingTime >= 0 && p.HandlingTime < p.TimeLimit, "handling_time must be between 0 and time_limit")
	check(p.WarnBefore >= 0 && p.WarnBefore < p.TimeLimit, "warn_before must be between 0 and time_limit")
	return errors.Join(errs...)
}

// RetryAt returns when the next attempt comes: fitted to the working time that
// remains before the deadline and to the attempts that are left (at least one).
func (p Policy) RetryAt(wt WorkingTime, pace Pace, now, deadline time.Time, left int) (time.Time, error) {
	var wait time.Duration
	remaining := wt.Between(now, deadline)
	switch {
	case pace == PaceAtOnce:
		return now, nil
	case remaining <= 0:
		wait = p.LateGap
		if pace == PaceSoon {
			wait = p.BusyRetry
		}
	case pace == PaceSoon:
		wait = min(p.BusyRetry, remaining/2)
	default: // spread: the last attempt falls HandlingTime before the deadline
		wait = max(0, remaining-p.HandlingTime) / time.Duration(max(1, left))
	}
	at, _, err := wt.Add(now, max(wait, p.MinGap))
	return at, err
}
