package workhours_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sambung/queue/workhours"
)

func TestLoadRefusesOffice(t *testing.T) {
	const override = plainWeek + "overrides:\n  - name: Ramadan\n    from: 2026-02-19\n    to: 2026-03-20\n    week: {monday: [\"08:00-15:00\"]}\n"
	tests := []struct {
		name, text   string
		line         int
		what, remedy string
	}{
		{"unknown key", "zone: Asia/Jakarta\nweeks:\n  monday: [08:00-16:00]\n", 2, `unknown key "weeks"`, `did you mean "week"?`},
		{"unknown weekday", "week:\n  monday: [08:00-16:00]\n  wensday: [08:00-16:00]\n", 3, `unknown key "wensday"`, `did you mean "wednesday"?`},
		{"far from any key", plainWeek + "colour: red\n", 4, `unknown key "colour"`, "known: zone"},
		{"doubled key", plainWeek + "  monday: [09:00-10:00]\n", 4, `"monday" already defined`, "written once"},
		{"missing week", "zone: Asia/Jakarta\n", 1, `lacks the key "week"`, "add it"},
		{"unknown zone", "zone: Asia/Jakrata\n" + plainWeek, 1, `unknown time zone "Asia/Jakrata"`, "Asia/Jakarta (WIB)"},
		{"the machine's zone", "zone: Local\n" + plainWeek, 1, `unknown time zone "Local"`, "IANA"},
		{"overlap", "week:\n  monday: [08:00-12:00, 11:00-16:00]\n", 2, "11:00-16:00 overlaps 08:00-12:00", "end before"},
		{"same interval twice", "week:\n  monday:\n    - 08:00-12:00\n    - 08:00-12:00\n", 4, "overlaps", "end before"},
		{"reversed", "week:\n  monday: [16:00-08:00]\n", 2, "16:00-08:00 is reversed", "write 08:00-16:00"},
		{"empty interval", "week:\n  monday: [08:00-08:00]\n", 2, "08:00-08:00 is empty", "correct"},
		{"one digit", "week:\n  monday: [8:00-16:00]\n", 2, `"8:00-16:00" is not an interval`, "HH:MM-HH:MM"},
		{"dots", "week:\n  monday: [08.00-16.00]\n", 2, `"08.00-16.00" is not an interval`, "HH:MM-HH:MM"},
		{"minute 60", "week:\n  monday: [08:60-16:00]\n", 2, "is not an interval", "HH:MM"},
		{"past midnight", "week:\n  monday: [08:00-24:01]\n", 2, "is not an interval", "HH:MM"},
		{"not a list", "week:\n  monday: 08:00-16:00\n", 2, "monday is a text", "[08:00-12:00, 13:00-16:00]"},
		{"no open hour", "week:\n  monday: []\n", 2, "no open hour", "at least one weekday"},
		{"unquoted within braces", "week: {monday: [08:00-16:00]}\n", 1, "monday is a mapping", "in quotes"},
		{"anchor", "week:\n  monday: &x [08:00-16:00]\n  tuesday: *x\n", 2, "anchor", "[08:00-12:00"},
		{"override reversed", strings.Replace(override, "to: 2026-03-20", "to: 2026-02-01", 1), 7, "ends on 2026-02-01 before it begins on 2026-02-19", "from: 2026-02-01 and to: 2026-02-19"},
		{"override without name", strings.Replace(override, "- name: Ramadan\n    from", "- from", 1), 5, `lacks the key "name"`, "add it"},
		{"override misspelt", strings.Replace(override, "from", "form", 1), 6, `unknown key "form"`, `did you mean "from"?`},
		{"no such date", strings.Replace(override, "2026-02-19", "2026-02-30", 1), 6, `"2026-02-30" is not a date`, "YYYY-MM-DD"},
		{"overlapping overrides", override + "  - {name: B, from: 2026-03-20, to: 2026-03-21, week: {}}\n", 9, "overlaps 2026-02-19 to 2026-03-20 of line 5", "the day before"},
		{"closed for months", plainWeek + "overrides:\n  - {name: B, from: 2026-03-01, to: 2026-06-21, week: {}}\n", 5, "closed for more than 60 days", "opening hours"},
		{"closed by override and week", "week:\n  monday: [08:00-16:00]\noverrides:\n  - {name: B, from: 2026-03-03, to: 2026-04-27, week: {}}\n", 4, "from 2026-03-03 to at least 2026-05-02", "shorten"},
		{"two documents", plainWeek + "---\n" + plainWeek, 0, "2 YAML documents", "separators"},
		{"nothing in it", "# only a comment\n", 0, "0 YAML documents", "example"},
		{"not YAML", "week: [\n", 1, "not YAML", "syntax"},
		{"too large", plainWeek + strings.Repeat("# x\n", 20_000), 0, "bytes", "below 65536"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := workhours.Load(files(map[string]string{"office.yaml": tt.text, "holidays-2026.yaml": empty2026}))
			wantProblem(t, err, "office.yaml", tt.line, tt.what, tt.remedy)
		})
	}
}

func TestLoadRefusesHolidays(t *testing.T) {
	const head = "year: 2026\nstatus: final\ndecree: SKB\nholidays:\n"
	const item = "  - {date: 2026-05-01, name: Hari Buruh, kind: national}\n"
	tests := []struct {
		name, text   string
		line         int
		what, remedy string
	}{
		{"doubled", head + item + item, 6, "2026-05-01 is listed already on line 5", "one entry"},
		{"another year", head + strings.Replace(item, "2026", "2027", 1), 5, "2027-05-01 is not in 2026", "holidays-2027.yaml"},
		{"year of another file", strings.Replace(head, "2026", "2025", 1) + item, 1, `year "2025" in the file of 2026`, "rename"},
		{"unknown status", strings.Replace(head, "final", "draft", 1) + item, 2, `unknown status "draft"`, "tentative"},
		{"final without decree", strings.Replace(head, "decree: SKB\n", "", 1) + item, 2, "names no decree", "add decree"},
		{"unknown kind", head + strings.Replace(item, "national", "cuti", 1), 5, `unknown kind "cuti"`, "collective_leave"},
		{"unknown key", head + strings.Replace(item, "name", "nama", 1), 5, `unknown key "nama"`, `did you mean "name"?`},
		{"a text for a holiday", head + "  - 2026-05-01\n", 5, "a holiday is a text", "date, name, kind"},
		{"empty name", head + strings.Replace(item, "Hari Buruh", "''", 1), 5, "name is empty", "as the decree"},
		{"a whole quarter", head + quarter(), 5, "closed for more than 60 days, from 2025-12-31", "remove holidays"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := workhours.Load(files(map[string]string{"office.yaml": plainWeek, "holidays-2026.yaml": tt.text}))
			wantProblem(t, err, "holidays-2026.yaml", tt.line, tt.what, tt.remedy)
		})
	}
}

// quarter closes every day from January to March.
func quarter() string {
	var b strings.Builder
	for _, month := range []string{"01", "02", "03"} {
		for day := 1; day <= 28; day++ {
			b.WriteString("  - {date: 2026-" + month + "-" + string(rune('0'+day/10)) + string(rune('0'+day%10)) + ", name: x, kind: national}\n")
		}
	}
	b.WriteString("  - {date: 2026-01-29, name: x, kind: national}\n  - {date: 2026-01-30, name: x, kind: national}\n  - {date: 2026-01-31, name: x, kind: national}\n")
	return b.String()
}

func TestLoadRefusesFiles(t *testing.T) {
	for name, what := range map[string]string{
		"holiday-2026.yaml": "not a calendar file", "holidays-26.yaml": "not a calendar file",
		"holidays-2026.yml": "not a calendar file", "holidays-1999.yaml": "not a calendar file",
	} {
		_, err := workhours.Load(files(map[string]string{"office.yaml": plainWeek, name: empty2026}))
		wantProblem(t, err, name, 0, what, "holidays-YYYY.yaml")
	}
	_, err := workhours.Load(files(map[string]string{"holidays-2026.yaml": empty2026}))
	wantProblem(t, err, "office.yaml", 0, "missing", "copy the example")

	if _, err := workhours.LoadDir(t.TempDir() + "/absent"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent directory: %v", err)
	}
}

func TestLoadPassesOverOtherFiles(t *testing.T) {
	fsys := files(map[string]string{"office.yaml": plainWeek, "README.md": "x", ".office.yaml": "x", "examples/x.yaml": "x"})
	fsys["..data"] = &fstest.MapFile{Mode: fs.ModeDir}
	if _, err := workhours.Load(fsys); err != nil {
		t.Error(err)
	}
}

// Everything is reported at once, in order of file and line.
func TestLoadReportsEverything(t *testing.T) {
	_, err := workhours.Load(files(map[string]string{
		"office.yaml":        "zone: Mars\nweek:\n  monday: [16:00-08:00, x]\n",
		"holidays-2026.yaml": "year: 2027\nstatus: no\nholidays: none\n",
	}))
	var refused *workhours.LoadError
	if !errors.As(err, &refused) || len(refused.Problems) != 6 {
		t.Fatalf("got %v, want 6 problems", err)
	}
	if refused.Problems[0].File != "holidays-2026.yaml" || refused.Problems[5].File != "office.yaml" || refused.Problems[5].Line != 3 {
		t.Errorf("order: %v", err)
	}
}

func wantProblem(t *testing.T, err error, file string, line int, what, remedy string) {
	t.Helper()
	var refused *workhours.LoadError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a LoadError", err)
	}
	for _, p := range refused.Problems {
		if p.File == file && p.Line == line && strings.Contains(p.What, what) && strings.Contains(p.Remedy, remedy) {
			return
		}
	}
	t.Errorf("no problem at %s:%d with %q and %q in\n%v", file, line, what, remedy, err)
}
