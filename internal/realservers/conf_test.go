package realservers

import (
	"os"
	"path/filepath"
	"testing"
)

func TestConfSet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.conf")
	before := "; k = comment\n[one]\nk = 1\n[two](base)\nother = 2\n[two](more)\nk => 2\n;j = 3\n"
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConf(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.set("two", "k", "new"); err != nil {
		t.Fatal(err)
	}
	for _, absent := range [][2]string{{"two", "j"}, {"one", "other"}, {"three", "k"}} {
		if err := c.set(absent[0], absent[1], "x"); err == nil {
			t.Errorf("%v was set, though it is not there", absent)
		}
	}
	if err := c.write(path); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if want := "; k = comment\n[one]\nk = 1\n[two](base)\nother = 2\n[two](more)\nk => new\n;j = 3\n"; string(after) != want {
		t.Errorf("the file is\n%s(%v), want\n%s", after, err, want)
	}
}

func TestRequired(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ci, require string
		want        bool
	}{{"", "", false}, {"false", "", false}, {"true", "", true}, {"1", "", true}, {"", "1", true}, {"", "0", false}} {
		env := map[string]string{"CI": tt.ci, "SAMBUNG_REQUIRE_SERVERS": tt.require}
		if got := required(func(name string) string { return env[name] }); got != tt.want {
			t.Errorf("%v: required is %v", env, got)
		}
	}
}
