package everypage_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

const docs = "../../docs"

var picture = regexp.MustCompile(`images/([a-z0-9-]+\.png)`)

// TestGuidesShowEveryPage: every view stands in a guide in both themes, as pictures
// that are there; and no picture lies there that none shows.
func TestGuidesShowEveryPage(t *testing.T) {
	guides, err := filepath.Glob(filepath.Join(docs, "panduan-*.md"))
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides in %s: %v", docs, err)
	}
	shown := make(map[string]bool)
	for _, guide := range guides {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range picture.FindAllSubmatch(text, -1) {
			shown[string(found[1])] = true
			if _, err := os.Stat(filepath.Join(docs, "images", string(found[1]))); err != nil {
				t.Errorf("%s shows a picture that is not there: %v; run make screenshots", guide, err)
			}
		}
	}
	for _, v := range (&office{}).views() {
		for _, theme := range []string{"light", "dark"} {
			if name := v.name + "-id-" + theme + ".png"; !shown[name] {
				t.Errorf("no guide shows %s", name)
			}
		}
	}
	made, err := os.ReadDir(filepath.Join(docs, "images"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range made {
		if !shown[file.Name()] {
			t.Errorf("no guide shows the picture %s: run make screenshots", file.Name())
		}
	}
}
