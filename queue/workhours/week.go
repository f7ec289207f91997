package workhours

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

const intervalRemedy = "write a list of HH:MM-HH:MM, for example [08:00-12:00, 13:00-16:00]; within { } put each in quotes"

func weekdayKeys() []string {
	return []string{"sunday?", "monday?", "tuesday?", "wednesday?", "thursday?", "friday?", "saturday?"}
}

// readWeek reads the intervals of the weekdays; a day that is absent is closed.
func (d *document) readWeek(n ast.Node, subject string) (w week) {
	if n == nil {
		return w
	}
	keys := weekdayKeys()
	fields := d.fields(n, subject, keys...)
	for i, key := range keys {
		day := key[:len(key)-1]
		if hours, ok := fields[day]; ok {
			w[i] = d.readHours(hours, day)
		}
	}
	return w
}

// readHours reads one day's intervals, sorts them and refuses overlaps. Intervals
// may touch.
func (d *document) readHours(n ast.Node, day string) (hours []interval) {
	for _, item := range d.list(n, day, intervalRemedy) {
		h, ok := d.readInterval(item, day)
		if !ok {
			continue
		}
		for _, other := range hours {
			if h.open < other.close && other.open < h.close {
				d.problem(line(item), fmt.Sprintf("%s: %s overlaps %s", day, h, other), "let one end before the other begins, or join them")
				ok = false
			}
		}
		if ok {
			hours = append(hours, h)
		}
	}
	slices.SortFunc(hours, func(a, b interval) int { return a.open - b.open })
	return hours
}

func (d *document) readInterval(n ast.Node, day string) (interval, bool) {
	s := d.text(n, day, intervalRemedy)
	if s == "" {
		return interval{}, false
	}
	h, ok := parseInterval(s)
	switch {
	case !ok:
		d.problem(line(n), fmt.Sprintf("%s: %q is not an interval", day, s), intervalRemedy)
	case h.close == h.open:
		d.problem(line(n), fmt.Sprintf("%s: %s is empty", day, h), "remove it, or correct one of its times")
	case h.close < h.open:
		d.problem(line(n), fmt.Sprintf("%s: %s is reversed", day, h),
			fmt.Sprintf("write %s; hours past midnight belong to the next day", interval{h.close, h.open}))
	default:
		return h, true
	}
	return interval{}, false
}

// parseInterval reads HH:MM-HH:MM; 24:00 is the end of the day.
func parseInterval(s string) (interval, bool) {
	from, to, found := strings.Cut(s, "-")
	opens, okOpen := parseClock(strings.TrimSpace(from))
	closes, okClose := parseClock(strings.TrimSpace(to))
	return interval{opens, closes}, found && okOpen && okClose
}

// parseClock reads HH:MM as minutes of the day.
func parseClock(s string) (int, bool) {
	if len(s) != len("HH:MM") || s[2] != ':' {
		return 0, false
	}
	hour, errHour := strconv.ParseUint(s[:2], 10, 8)
	minute, errMinute := strconv.ParseUint(s[3:], 10, 8)
	n := int(hour*60 + minute)
	return n, errHour == nil && errMinute == nil && minute < 60 && n <= 24*60
}

func (h interval) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.open/60, h.open%60, h.close/60, h.close%60)
}

// openHours reports whether the week has any interval.
func (w week) openHours() bool {
	return slices.ContainsFunc(w[:], func(hours []interval) bool { return len(hours) > 0 })
}
