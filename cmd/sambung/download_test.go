package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
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

// Who has enough of a download leaves nothing of it behind: half a recording, under a name
// that nobody sees, is personal data all the same.
func TestAnInterruptedDownloadLeavesNothing(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		sending := make(chan struct{})
		daemon := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "half of it")
			w.(http.Flusher).Flush()
			close(sending)
			<-r.Context().Done()
		}))
		t.Cleanup(daemon.Close)
		dir := t.TempDir()
		p := start(t, "sambung", "recordings", "export", "--api", daemon.URL, "--from", "2026-11-01", "--to", "2026-11-30", "-o", filepath.Join(dir, "november.csv"))
		select {
		case <-sending:
		case <-p.gone:
			t.Fatal("it ended before anything was sent")
		}
		p.signal(sig)
		if status := p.ended(); status.ExitCode() != exitFailed {
			t.Errorf("%s: it ended as %s", sig, status)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s: left behind: %v, %v", sig, left, err)
		}
	}
}
