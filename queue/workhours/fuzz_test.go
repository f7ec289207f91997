package workhours_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sambung/queue/workhours"
)

// Whatever the files hold, Load answers with a calendar that works or with problems
// that name file, fault and remedy.
func FuzzLoad(f *testing.F) {
	shippedFiles, err := filepath.Glob(filepath.Join(shipped, "*.yaml"))
	if err != nil || len(shippedFiles) == 0 {
		f.Fatalf("no shipped files: %v", err)
	}
	for _, name := range append(shippedFiles, filepath.Join(shipped, "examples", "office-ramadan-2026.yaml")) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), string(data))
	}
	for _, s := range []string{"", "---", "{", "week: {monday: []}", "week: &a {monday: *a}", "? x\n: y", "week:\n\tx", "\xff\xfe", "zone: !!int x", "<<: {}", "week: {monday: [00:00-24:00]}", "year: 2026\nstatus: tentative\nholidays: []", "null: [", "- - -"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, office, holidays string) {
		c, err := workhours.Load(files(map[string]string{"office.yaml": office, "holidays-2026.yaml": holidays}))
		if err != nil {
			wantUsefulProblems(t, err)
			return
		}
		at := time.Date(2026, 5, 20, 3, 4, 5, 6, time.UTC)
		deadline, _, err := c.Add(at, time.Hour)
		if err != nil || c.Between(at, deadline) != time.Hour || !c.Open(c.NextOpen(at)) || c.Version() == "" {
			t.Errorf("a calendar was accepted that does not work: %v, %v", deadline, err)
		}
	})
}

func wantUsefulProblems(t *testing.T, err error) {
	t.Helper()
	var refused *workhours.LoadError
	if !errors.As(err, &refused) || len(refused.Problems) == 0 {
		t.Fatalf("got %v, want a LoadError", err)
	}
	for _, p := range refused.Problems {
		if p.File == "" || p.What == "" || p.Remedy == "" || p.Line < 0 {
			t.Errorf("an unhelpful problem: %+v", p)
		}
	}
}
