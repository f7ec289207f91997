package workhours

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// LoadDir is [Load] on a directory of the operating system.
func LoadDir(dir string) (*Calendar, error) {
	c, err := Load(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("calendar directory %s: %w", dir, err)
	}
	return c, nil
}

// Load reads a calendar from the root of fsys: office.yaml and one
// holidays-YYYY.yaml per year. Folders, names that begin with a dot, and files that
// are not YAML are passed over; any other YAML file is refused, because a mistyped
// name would silently leave a year out.
//
// The error is a [*LoadError] with every problem found, or wraps the one of fsys.
func Load(fsys fs.FS) (*Calendar, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list calendar files: %w", err)
	}
	l := loader{holidays: make(map[int]holidays)}
	for _, entry := range entries {
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || !isYAML(entry.Name()) {
			continue
		}
		data, err := fs.ReadFile(fsys, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read calendar file: %w", err)
		}
		l.read(entry.Name(), data)
	}
	return l.calendar()
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

// loader collects files and their problems.
type loader struct {
	office   *office
	holidays map[int]holidays
	problems []Problem
}

func (l *loader) read(name string, data []byte) {
	d := &document{file: name}
	defer func() { l.problems = append(l.problems, d.problems...) }()
	if name == officeFile {
		o := d.readOffice(data)
		l.office = &o
		return
	}
	year, ok := holidayFileYear(name)
	if !ok {
		d.problem(0, "not a calendar file", "name it office.yaml or holidays-YYYY.yaml (2000 to 2199), or move it elsewhere")
		return
	}
	l.holidays[year] = d.readHolidays(data, year)
}

// calendar puts the files together, unless there is a problem.
func (l *loader) calendar() (*Calendar, error) {
	if l.office == nil {
		l.problems = append(l.problems, Problem{officeFile, 0, "the file is missing", "copy the example and set the office hours"})
	}
	if len(l.problems) > 0 {
		return nil, l.refusal()
	}
	c := &Calendar{zone: l.office.zone, week: l.office.week, overrides: l.office.overrides,
		holidays: make(map[date]Holiday), years: make(map[int]Year)}
	for year, h := range l.holidays {
		c.years[year] = h.year
		for day, holiday := range h.days {
			c.holidays[day] = holiday
		}
	}
	if from, to, found := c.closedRun(); found {
		l.problems = append(l.problems, l.tooLong(from, to))
		return nil, l.refusal()
	}
	c.version = c.hash()
	return c, nil
}

func (l *loader) refusal() error {
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return &LoadError{Problems: l.problems}
}

// tooLong points at the first holiday or override of a closed run.
func (l *loader) tooLong(from, to date) Problem {
	p := Problem{File: officeFile, Line: l.office.weekLine,
		What:   fmt.Sprintf("the office would stay closed for more than %d days, from %s to at least %s", maxClosedDays, from, to),
		Remedy: "give the override opening hours, shorten it, or remove holidays"}
	for d := from; d <= to; d++ {
		if at, ok := l.holidays[d.year()].lines[d]; ok {
			p.File, p.Line = holidayFile(d.year()), at
			return p
		}
		for _, o := range l.office.overrides {
			if o.from <= d && d <= o.to {
				p.Line = l.office.lines[o.from]
				return p
			}
		}
	}
	return p
}
