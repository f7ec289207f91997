package configs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a configuration. It never quotes a secret.
type Problem struct {
	Key string // such as "switches[0].trunk"; empty where the whole file is meant
	// Source is the file or the environment variable that said so.
	Source       string
	Line, Column int    // in the file, from 1; 0 where no place is known
	What         string // what is wrong
	Remedy       string // what would be right
}

func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Source)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if p.Key != "" {
		b.WriteString(": " + p.Key)
	}
	return b.String() + ": " + p.What + "; " + p.Remedy
}

// LoadError lists everything wrong with a configuration, in the order of the file.
type LoadError struct{ Problems []Problem }

func (e *LoadError) Error() string {
	lines := []string{"the configuration is refused:"}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Source, b.Source))
	})
}
