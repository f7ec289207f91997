package workhours

import (
	"fmt"
	"strings"
)

// MissingYearError says that a year has no holiday file, so that no deadline of
// that year can be promised.
type MissingYearError struct {
	Year int
	Have []int // the years with a file, ascending
}

func (e *MissingYearError) Error() string {
	have := "none is loaded"
	if len(e.Have) > 0 {
		have = "loaded: " + strings.Trim(fmt.Sprint(e.Have), "[]")
	}
	return fmt.Sprintf("the calendar has no holidays of %d (%s): add %s, status tentative until the decree is out",
		e.Year, have, holidayFile(e.Year))
}

// Problem is one thing wrong with a calendar's files.
type Problem struct {
	File   string // relative to the calendar's directory
	Line   int    // from 1; 0 where the whole file is meant
	What   string // what is wrong
	Remedy string // what would be right
}

func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s: %s; %s", where, p.What, p.Remedy)
}

// LoadError lists everything wrong with a calendar's files, in order of file and line.
type LoadError struct{ Problems []Problem }

func (e *LoadError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, "the working-hours calendar is refused:")
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}
