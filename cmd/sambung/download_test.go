package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A file is put under its name when it is whole. In the place of /dev/null, as root, it
// would be what every other program of the machine writes to from then on.
func TestADeviceIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	device, link := filepath.Join(dir, "null"), filepath.Join(dir, "link")
	if err := unix.Mkfifo(device, 0o600); err != nil { // a device takes root to make
		t.Fatal(err)
	}
	if err := os.Symlink(device, link); err != nil {
		t.Fatal(err)
	}
	for _, output := range []string{device, link, dir} {
		before, err := os.Lstat(output)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := writeWhole(output, func(w io.Writer) error { _, err := io.WriteString(w, "RIFF"); return err }); err == nil {
			t.Errorf("%s was written", output)
		}
		if after, err := os.Lstat(output); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%s was %s, and is %s (%v)", output, before.Mode(), after.Mode(), err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".sambung-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
