package layers_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// longest is how many lines a file may have: beyond, it has more than one subject.
const longest = 400

func TestFilesAreShort(t *testing.T) {
	looked := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return fs.SkipDir
		case filepath.Ext(path) != ".go":
			return nil
		}
		text, err := os.ReadFile(path)
		looked++
		if n := bytes.Count(text, []byte("\n")); n > longest {
			t.Errorf("%s has %d lines; at most %d: split it by subject", path, n, longest)
		}
		return err
	})
	if err != nil || looked < 300 {
		t.Errorf("%d files were looked at, %v", looked, err)
	}
}
