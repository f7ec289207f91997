package configs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestAlertRules: the rules are well formed, and every metric they ask for is
// one that the daemon has.
func TestAlertRules(t *testing.T) {
	text, err := os.ReadFile("prometheus/sambung.rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &rules); err != nil {
		t.Fatal(err)
	}
	code := source(t, "../daemon")
	names := regexp.MustCompile(`sambung_[a-z_]+`)
	asked := 0
	for _, r := range rules.Groups[0].Rules {
		if r.Alert == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" {
			t.Errorf("an alert without name, severity or summary: %+v", r)
		}
		for _, name := range names.FindAllString(r.Expr, -1) {
			asked++
			if !strings.Contains(code, `"`+name+`"`) {
				t.Errorf("%s asks for %s, which no daemon has", r.Alert, name)
			}
		}
	}
	guide, err := os.ReadFile("../docs/operator.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"(sambung_[a-z_]+)"`).FindAllStringSubmatch(code, -1) {
		if !strings.Contains(string(guide), "`"+m[1]) {
			t.Errorf("the operator's guide does not tell of %s", m[1])
		}
	}
	if asked < 8 {
		t.Errorf("only %d metrics are asked for", asked)
	}
}

// source is all Go code below a folder.
func source(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
