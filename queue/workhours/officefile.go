package workhours

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// officeFile is the name of the file with zone, week and overrides.
const officeFile = "office.yaml"

// DefaultZone is Western Indonesian Time (WIB), where the call centre is.
const DefaultZone = "Asia/Jakarta"

const dateRemedy = "write a real date as YYYY-MM-DD, 2000 to 2199"

// office is what office.yaml says, with the lines that later checks point at.
type office struct {
	zone      *time.Location
	week      week
	overrides []override
	weekLine  int
	lines     map[date]int // of overrides, by first date
}

// readOffice reads office.yaml:
//
//	zone: Asia/Jakarta            # optional
//	week: {monday: [08:00-16:00], ...}
//	overrides:                    # optional
//	  - {name: ..., decree: ..., from: 2026-02-19, to: 2026-03-20, week: {...}}
func (d *document) readOffice(data []byte) (o office) {
	o.lines = make(map[date]int)
	root := d.parse(data)
	if root == nil {
		return o
	}
	fields := d.fields(root, "the office file", "zone?", "week", "overrides?")
	o.zone = d.readZone(fields["zone"])
	o.week = d.readWeek(fields["week"], "week")
	if o.weekLine = line(fields["week"]); fields["week"] != nil && !o.week.openHours() && len(d.problems) == 0 {
		d.problem(o.weekLine, "the week has no open hour", "give at least one weekday an interval, for example monday: [08:00-16:00]")
	}
	if n, ok := fields["overrides"]; ok {
		for _, item := range d.list(n, "overrides", "write a list of overrides, or remove the key") {
			d.readOverride(item, &o)
		}
	}
	slices.SortFunc(o.overrides, func(a, b override) int { return cmp.Compare(a.from, b.from) })
	return o
}

func (d *document) readZone(n ast.Node) *time.Location {
	const remedy = "write Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT) or another IANA name"
	name := DefaultZone
	if n != nil {
		name = d.text(n, "zone", remedy)
	}
	// "Local" would make a deadline depend on the machine it was computed on.
	zone, err := time.LoadLocation(name)
	if name != "" && (err != nil || name == "Local") {
		d.problem(line(n), fmt.Sprintf("unknown time zone %q", name), remedy)
	}
	return zone
}

func (d *document) readOverride(n ast.Node, o *office) {
	fields := d.fields(n, "an override", "name", "decree?", "from", "to", "week")
	d.text(fields["name"], "name", "say what the override is for")
	d.text(fields["decree"], "decree", "name the decree, or remove the key")
	from, okFrom := d.readDate(fields["from"], "from")
	to, okTo := d.readDate(fields["to"], "to")
	w := d.readWeek(fields["week"], "the week of an override")
	if !okFrom || !okTo {
		return
	}
	if to < from {
		d.problem(line(fields["to"]), fmt.Sprintf("the override ends on %s before it begins on %s", to, from),
			fmt.Sprintf("write from: %s and to: %s", to, from))
		return
	}
	for _, other := range o.overrides {
		if from <= other.to && other.from <= to {
			d.problem(line(fields["from"]),
				fmt.Sprintf("the override %s to %s overlaps %s to %s of line %d", from, to, other.from, other.to, o.lines[other.from]),
				"let one end the day before the other begins")
			return
		}
	}
	o.lines[from] = line(n)
	o.overrides = append(o.overrides, override{from: from, to: to, week: w})
}

func (d *document) readDate(n ast.Node, subject string) (date, bool) {
	s := d.text(n, subject, dateRemedy)
	if s == "" {
		return 0, false
	}
	day, ok := parseDate(s)
	if !ok {
		d.problem(line(n), fmt.Sprintf("%s: %q is not a date", subject, s), dateRemedy)
	}
	return day, ok
}
