package main

import (
	"strings"
	"testing"
	"time"

	"sambung/internal/bench"
)

func TestInsert(t *testing.T) {
	t.Parallel()
	r := bench.Results{At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Cores: 2, Go: "go1.26", Figures: []bench.Figure{
		{Name: "new", What: "w", Unit: "ms", Measure: bench.Value, Ours: []float64{1}},
	}}
	page, err := insert([]byte("before\n"+begin+"old\n"+end+"after\n"), r)
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	if !strings.HasPrefix(text, "before\n") || !strings.HasSuffix(text, "after\n") || strings.Contains(text, "old") {
		t.Errorf("the rest of the page is not as it was:\n%s", text)
	}
	if !strings.Contains(text, "2026-11-23, 2 cores") || !strings.Contains(text, "**new**") {
		t.Errorf("the results are missing:\n%s", text)
	}
	if again, err := insert(page, r); err != nil || string(again) != text {
		t.Errorf("putting them in again changes the page (%v)", err)
	}
	if _, err := insert([]byte("no marks"), r); err == nil {
		t.Error("a page without marks was accepted")
	}
}
