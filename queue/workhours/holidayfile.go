package workhours

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// holidayFile is the name of a year's holiday file.
func holidayFile(year int) string { return fmt.Sprintf("holidays-%d.yaml", year) }

// holidayFileYear is the year a holiday file's name speaks of.
func holidayFileYear(name string) (int, bool) {
	year, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, "holidays-"), ".yaml"))
	return year, err == nil && firstYear <= year && year <= lastYear && name == holidayFile(year)
}

// holidays is what one year's file says, with the line of each day.
type holidays struct {
	year  Year
	days  map[date]Holiday
	lines map[date]int
}

// readHolidays reads the file of a year:
//
//	year: 2026
//	status: final                 # or tentative
//	decree: SKB ...               # may be absent while tentative
//	holidays:
//	  - {date: 2026-01-01, name: ..., kind: national, note: ...}
func (d *document) readHolidays(data []byte, year int) (h holidays) {
	h = holidays{days: make(map[date]Holiday), lines: make(map[date]int)}
	root := d.parse(data)
	if root == nil {
		return h
	}
	fields := d.fields(root, "the holiday file", "year", "status", "decree?", "holidays")
	d.readYear(fields["year"], year)
	h.year = Year{Year: year, Status: d.readStatus(fields["status"])}
	h.year.Decree = d.text(fields["decree"], "decree", "name the decree: number, year and date")
	if h.year.Status == Final && fields["decree"] == nil {
		d.problem(line(fields["status"]), "a final year names no decree", "add decree: with number, year and date, or write status: tentative")
	}
	if n := fields["holidays"]; n != nil {
		for _, item := range d.list(n, "holidays", "write a list of {date, name, kind}") {
			d.readHoliday(item, &h)
		}
	}
	h.year.Holidays = len(h.days)
	return h
}

func (d *document) readYear(n ast.Node, want int) {
	remedy := fmt.Sprintf("write year: %d, or rename the file", want)
	if s := d.text(n, "year", remedy); s != "" && s != strconv.Itoa(want) {
		d.problem(line(n), fmt.Sprintf("year %q in the file of %d", s, want), remedy)
	}
}

func (d *document) readStatus(n ast.Node) Status {
	const remedy = "write final (the decree is in force) or tentative"
	switch s := Status(d.text(n, "status", remedy)); s {
	case Final, Tentative, "":
		return s
	default:
		d.problem(line(n), fmt.Sprintf("unknown status %q", s), remedy)
		return ""
	}
}

func (d *document) readHoliday(n ast.Node, h *holidays) {
	fields := d.fields(n, "a holiday", "date", "name", "kind", "note?")
	holiday := Holiday{
		Name: d.text(fields["name"], "name", "name the holiday as the decree does"),
		Kind: d.readKind(fields["kind"]),
		Note: d.text(fields["note"], "note", "say what is uncertain, or remove the key"),
	}
	day, ok := d.readDate(fields["date"], "date")
	if !ok {
		return
	}
	at := line(fields["date"])
	if day.year() != h.year.Year {
		d.problem(at, fmt.Sprintf("%s is not in %d", day, h.year.Year), "move it to "+holidayFile(day.year())+", or correct the date")
		return
	}
	if first, doubled := h.lines[day]; doubled {
		d.problem(at, fmt.Sprintf("%s is listed already on line %d", day, first), "keep one entry; join the names if two holidays fall together")
		return
	}
	h.days[day], h.lines[day] = holiday, at
}

func (d *document) readKind(n ast.Node) Kind {
	const remedy = "write national (libur nasional) or collective_leave (cuti bersama)"
	switch k := Kind(d.text(n, "kind", remedy)); k {
	case National, CollectiveLeave, "":
		return k
	default:
		d.problem(line(n), fmt.Sprintf("unknown kind %q", k), remedy)
		return ""
	}
}
