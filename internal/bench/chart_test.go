package bench_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"sambung/internal/bench"
)

func chartOf(t *testing.T, figures ...bench.Figure) string {
	t.Helper()
	var svg strings.Builder
	if err := bench.WriteChart(&svg, bench.Results{Cores: 2, Go: "go<1>", Figures: figures}); err != nil {
		t.Fatal(err)
	}
	for decoder := xml.NewDecoder(strings.NewReader(svg.String())); ; {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return svg.String()
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg.String())
		}
	}
}

func TestChart(t *testing.T) {
	t.Parallel()
	missed := ratio(bench.AtLeast(0.8), []float64{0.4, 0.2, 0.6}, []float64{1, 1, 1})
	missed.Name = "a<b"
	met := ratio(bench.AtMost(1.5), []float64{0.75}, []float64{1})
	none := bench.Figure{Name: "lost", What: "w", Unit: "calls", Measure: bench.Value, Ours: []float64{0}, Goal: bench.AtMost(0)}
	told := ratio(bench.Goal{}, []float64{1}, []float64{1})
	told.Name = "no goal"
	svg := chartOf(t, missed, met, none, told)
	// The axis goes from 190, an eighth of the goal, to 600; a half is at 326.7.
	for _, want := range []string{
		"a&lt;b", "0.4, goal &gt;= 0.8: missed", `class="missed" cx="326.7"`, `class="met" cx="463.3"`, `class="met" cx="395.0"`,
		"prefers-color-scheme:dark",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("%q is missing in:\n%s", want, svg)
		}
	}
	if strings.Contains(svg, "no goal") || strings.Count(svg, "<circle") != 3 {
		t.Error("what has no goal is no row of the chart")
	}
}

// What cannot be measured in times of the goal lies at the end of the axis.
func TestChartEnds(t *testing.T) {
	t.Parallel()
	figure := func(x float64, goal bench.Goal) bench.Figure {
		return bench.Figure{Name: "n", What: "w", Unit: "ms", Measure: bench.Value, Ours: []float64{x}, Goal: goal}
	}
	for _, c := range []struct {
		f  bench.Figure
		at string
	}{
		{figure(-2, bench.AtMost(3)), `cx="600.0"`},
		{figure(7, bench.AtMost(0)), `cx="190.0"`},
		{figure(0, bench.AtLeast(1)), `cx="190.0"`},
		{figure(1000, bench.AtLeast(1)), `cx="600.0"`},
	} {
		if svg := chartOf(t, c.f); !strings.Contains(svg, c.at) {
			t.Errorf("%v against %s is not at %s:\n%s", c.f.Ours, c.f.Goal, c.at, svg)
		}
	}
}
