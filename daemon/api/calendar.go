package api

import (
	"net/http"
	"time"

	"sambung/queue/workhours"
)

// How far the calendar is told, in days: what a page needs for deadlines that passed
// and for callbacks to come.
const (
	daysBack  = 7
	daysAhead = 30
)

// calendarAnswer is the answer to GET /v1/calendar.
type calendarAnswer struct {
	Version     string              `json:"version"`
	Zone        string              `json:"zone"`
	AlwaysOpen  bool                `json:"always_open"`
	Now         time.Time           `json:"now"` // the daemon's clock
	Intervals   []workhours.Opening `json:"intervals"`
	Holidays    []workhours.Closure `json:"holidays"`
	Provisional bool                `json:"provisional"` // some of it rests on holidays that are not final
	Limits      limitsAnswer        `json:"limits"`
}

// CallLimits are the times of a call that an agent's page counts down.
type CallLimits struct {
	Mute   time.Duration // how long the recording may stay paused; 0: for the whole talk
	WrapUp time.Duration // how long the outcome is waited for after the talk
}

type limitsAnswer struct {
	MuteSeconds   float64 `json:"mute_seconds"`
	WrapUpSeconds float64 `json:"wrap_up_seconds"`
}

func (s *server) calendar(w http.ResponseWriter, r *http.Request, _ Token) error {
	c, now := s.Calendar, s.Now()
	from, to := now.AddDate(0, 0, -daysBack), now.AddDate(0, 0, daysAhead)
	return respond(w, http.StatusOK, calendarAnswer{
		Version: c.Version(), Zone: c.Zone().String(), AlwaysOpen: c.NeverCloses(), Now: now,
		Intervals: append([]workhours.Opening{}, c.Openings(from, to)...), Holidays: append([]workhours.Closure{}, c.Closures(from, to)...),
		Provisional: c.Provisional(from, to),
		Limits:      limitsAnswer{MuteSeconds: s.Limits.Mute.Seconds(), WrapUpSeconds: s.Limits.WrapUp.Seconds()},
	})
}
