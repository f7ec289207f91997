package bench

import (
	"errors"
	"fmt"
	"slices"
)

// Measure says what of a pair is judged.
type Measure string

// The measures.
const (
	Ratio      Measure = "ratio"      // ours divided by the peer's
	Difference Measure = "difference" // ours less the peer's, in the figure's unit
	Value      Measure = "value"      // ours, in the figure's unit; there is no peer
)

// Goal bounds what is judged. The zero value is no goal: the figure is told
// because it explains another.
type Goal struct {
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`
}

// AtLeast is a goal from below, AtMost from above.
func AtLeast(limit float64) Goal { return Goal{AtLeast: &limit} }

// AtMost is a goal from above.
func AtMost(limit float64) Goal { return Goal{AtMost: &limit} }

// Set reports whether there is a goal.
func (g Goal) Set() bool { return g.AtLeast != nil || g.AtMost != nil }

// Limit is the bound; 0 if there is none.
func (g Goal) Limit() float64 {
	switch {
	case g.AtLeast != nil:
		return *g.AtLeast
	case g.AtMost != nil:
		return *g.AtMost
	}
	return 0
}

func (g Goal) met(x float64) bool {
	return (g.AtLeast == nil || x >= *g.AtLeast) && (g.AtMost == nil || x <= *g.AtMost)
}

func (g Goal) String() string {
	switch {
	case g.AtLeast != nil:
		return fmt.Sprintf(">= %g", *g.AtLeast)
	case g.AtMost != nil:
		return fmt.Sprintf("<= %g", *g.AtMost)
	}
	return ""
}

// Figure is one thing that was measured, in one or more rounds.
type Figure struct {
	Name    string    `json:"name"` // short, unique
	What    string    `json:"what"` // ours against what
	Unit    string    `json:"unit"` // of Ours and Peer
	Measure Measure   `json:"measure"`
	Ours    []float64 `json:"ours"` // one for each round
	Peer    []float64 `json:"peer,omitempty"`
	Goal    Goal      `json:"goal,omitzero"`
}

// Validate says what is missing for the figure to be judged.
func (f Figure) Validate() error {
	switch {
	case f.Name == "" || f.What == "" || f.Unit == "":
		return fmt.Errorf("figure %q: want a name, words, and a unit", f.Name)
	case len(f.Ours) == 0:
		return fmt.Errorf("figure %s: nothing was measured", f.Name)
	case f.Measure == Value && len(f.Peer) > 0:
		return fmt.Errorf("figure %s: a value has no peer", f.Name)
	case f.Measure != Value && len(f.Peer) != len(f.Ours):
		return fmt.Errorf("figure %s: %d rounds of ours and %d of the peer; want pairs", f.Name, len(f.Ours), len(f.Peer))
	case f.Measure == Ratio && slices.Contains(f.Peer, 0):
		return errors.New("figure " + f.Name + ": the peer measured 0")
	}
	return nil
}

// Judged is what each round gave.
func (f Figure) Judged() []float64 {
	judged := slices.Clone(f.Ours)
	for i := range judged {
		switch f.Measure {
		case Ratio:
			judged[i] /= f.Peer[i]
		case Difference:
			judged[i] -= f.Peer[i]
		}
	}
	return judged
}

// Met reports whether the median keeps the goal.
func (f Figure) Met() bool { return f.Goal.met(Median(f.Judged())) }

// Median is the middle one, or the mean of the two in the middle; 0 of none.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// Quantile is the value below which a part p of the values lies, between two of
// them by the line that joins them; 0 of none.
func Quantile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	at := p * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}
