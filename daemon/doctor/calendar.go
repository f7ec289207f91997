package doctor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sambung/queue/workhours"
)

func (x *examination) examineCalendar() []Finding {
	s := &sheet{subject: "calendar"}
	if x.config.Calendar.AlwaysOpen {
		s.warn("it is always open: taxpayers may be rung at any hour", "name calendar.dir; always_open is for demonstrations")
		return s.findings
	}
	calendar, err := workhours.LoadDir(x.config.Calendar.Dir)
	if err != nil {
		x.badCalendar(s, err)
		return s.findings
	}
	now := x.now().In(calendar.Zone())
	x.presentYear(s, calendar, now)
	next := now.Year() + 1
	if now.Month() >= time.November && calendar.Covers(time.Date(next, 1, 2, 0, 0, 0, 0, calendar.Zone())) != nil {
		s.warn(fmt.Sprintf("the holidays of %d are missing", next), x.addYear(next)+" before the year begins")
	}
	if len(s.findings) == 0 {
		s.ok(fmt.Sprintf("the holidays of %d are there", now.Year()), "version ", calendar.Version())
	}
	return s.findings
}

func (x *examination) presentYear(s *sheet, calendar *workhours.Calendar, now time.Time) {
	if calendar.Covers(now) != nil {
		s.fault(fmt.Sprintf("the holidays of %d are missing: the daemon does not start", now.Year()), x.addYear(now.Year()))
		return
	}
	for _, y := range calendar.Years() {
		if y.Year == now.Year() && y.Status != workhours.Final {
			s.warn(fmt.Sprintf("the holidays of %d are %s: every deadline is provisional", y.Year, y.Status),
				"copy the joint decree (SKB) into the file and set status: final")
		}
	}
}

func (x *examination) addYear(year int) string {
	return fmt.Sprintf("add holidays-%d.yaml to %s, status tentative until the decree (SKB) is out", year, x.config.Calendar.Dir)
}

func (x *examination) badCalendar(s *sheet, err error) {
	var refused *workhours.LoadError
	if !errors.As(err, &refused) {
		s.fault("it cannot be read", "correct calendar.dir, or let this user read it", err)
		return
	}
	for _, p := range refused.Problems {
		what, _ := strings.CutSuffix(p.String(), "; "+p.Remedy)
		s.fault(what, p.Remedy)
	}
}
