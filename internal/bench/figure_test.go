package bench_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sambung/internal/bench"
)

func ratio(goal bench.Goal, ours, peer []float64) bench.Figure {
	return bench.Figure{Name: "n", What: "w", Unit: "ms", Measure: bench.Ratio, Ours: ours, Peer: peer, Goal: goal}
}

func TestJudgedIsTheMedianOfThePairs(t *testing.T) {
	t.Parallel()
	// The second pair is slow on both sides: it judges nobody.
	f := ratio(bench.AtMost(1.5), []float64{1.2, 90, 1.4}, []float64{1, 60, 1})
	if m := bench.Median(f.Judged()); m != 1.4 {
		t.Errorf("judged %v, want 1.4: the median of 1.2, 1.5 and 1.4", m)
	}
	if !f.Met() {
		t.Error("1.4 is not above 1.5")
	}
	f.Goal = bench.AtLeast(1.5)
	if f.Met() {
		t.Error("1.4 is below 1.5")
	}
	f.Measure, f.Goal = bench.Difference, bench.AtMost(0.3)
	if m := bench.Median(f.Judged()); m < 0.39 || m > 0.41 || f.Met() {
		t.Errorf("judged %v by difference, want 0.4, above 0.3", m)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	values := []float64{4, 1, 3, 2, 5}
	for p, want := range map[float64]float64{0: 1, 0.5: 3, 0.625: 3.5, 1: 5} {
		if got := bench.Quantile(values, p); got != want {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
	}
	if values[0] != 4 {
		t.Error("the values were sorted in place")
	}
	if bench.Quantile(nil, 0.5) != 0 {
		t.Error("of nothing: not 0")
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	figures := []bench.Figure{
		ratio(bench.AtMost(1.5), []float64{1.2, 2.4, 0.6}, []float64{1, 1, 1}),
		{Name: "v", What: "w", Unit: "KB", Measure: bench.Value, Ours: []float64{41.26}, Goal: bench.AtMost(40)},
	}
	var text, page strings.Builder
	if err := bench.WriteText(&text, figures); err != nil {
		t.Fatal(err)
	}
	if err := bench.WriteMarkdown(&page, figures); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1.2", "0.6..2.4", "<= 1.5", "met", "41.3 KB", "<= 40", "MISSED"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, text.String())
		}
	}
	if !strings.Contains(page.String(), "**missed**") || strings.Count(page.String(), "\n") != 4 {
		t.Errorf("the page's table:\n%s", page.String())
	}
}

func TestResultsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "results.json")
	wrote := bench.Results{
		At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Cores: 2, Go: "go1.26", Load: 0.25,
		Figures: []bench.Figure{ratio(bench.AtLeast(0.8), []float64{1}, []float64{2})},
	}
	if err := wrote.Write(file); err != nil {
		t.Fatal(err)
	}
	read, err := bench.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if f := read.Figures[0]; !read.At.Equal(wrote.At) || f.Met() || f.Goal.Limit() != 0.8 || f.Judged()[0] != 0.5 {
		t.Errorf("read %+v", read)
	}
	wrote.Figures[0].Peer = nil
	if err := wrote.Write(file); err != nil {
		t.Fatal(err)
	}
	if _, err := bench.Read(file); err == nil {
		t.Error("a ratio without a peer was read without a word")
	}
}
