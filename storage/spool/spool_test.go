package spool_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sambung/storage/spool"
)

func open(t *testing.T, dir string, limit int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func write(t *testing.T, s *spool.Spool, name, content string) {
	t.Helper()
	f, err := s.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, content); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *spool.Spool, name string) string {
	t.Helper()
	f, err := s.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantDepth(t *testing.T, s *spool.Spool, files int, bytes int64) {
	t.Helper()
	if d := s.Depth(); d.Files != files || d.Bytes != bytes {
		t.Errorf("depth %+v, want %d files and %d bytes", d, files, bytes)
	}
}

func TestWriteReadRemove(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "new", "spool"), 1000)
	f, err := s.Create("a.wav")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "hello"); err != nil {
		t.Fatal(err)
	}
	part := make([]byte, 3)
	if _, err := f.ReadAt(part, 2); err != nil || string(part) != "llo" {
		t.Errorf("before Commit: %q, %v", part, err)
	}
	if _, err := s.Open("a.wav"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before Commit the name leads to something: %v", err)
	}
	wantDepth(t, s, 0, 5)
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil {
		t.Errorf("Discard after Commit: %v", err)
	}
	if err := f.Commit(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("second Commit: %v", err)
	}
	wantDepth(t, s, 1, 5)
	if got := read(t, s, "a.wav"); got != "hello" {
		t.Errorf("read %q", got)
	}
	write(t, s, "a.wav", "other content")
	wantDepth(t, s, 1, 13)
	for range 2 { // the second time there is nothing, which is no error
		if err := s.Remove("a.wav"); err != nil {
			t.Fatal(err)
		}
	}
	wantDepth(t, s, 0, 0)
}

func TestLimit(t *testing.T) {
	s := open(t, t.TempDir(), 10)
	write(t, s, "a", "1234567")
	f, err := s.Create("b")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "123"); err != nil {
		t.Errorf("up to the limit: %v", err)
	}
	_, err = io.WriteString(f, "4")
	if !errors.Is(err, spool.ErrFull) || !strings.Contains(err.Error(), "10 of 10 bytes in 1 files") || !strings.Contains(err.Error(), "max_bytes") {
		t.Errorf("above the limit: %v", err)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	wantDepth(t, s, 1, 7)
	if err := s.Remove("a"); err != nil {
		t.Fatal(err)
	}
	write(t, s, "b", "1234567890")
	if _, err := spool.Open(t.TempDir(), 0); err == nil {
		t.Error("a spool without a limit was opened")
	}
}

func TestWhatAnEarlierRunLeft(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1000)
	write(t, s, "second", "22")
	write(t, s, "first", "1")
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "first"), yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	half, err := s.Create("third")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(half, "half"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir, 1000)
	wantDepth(t, s, 2, 3)
	list, err := s.List()
	if err != nil || len(list) != 2 || list[0].Name != "first" || list[0].Size != 1 || list[1].Name != "second" {
		t.Errorf("left: %+v, %v", list, err)
	}
	if temps, _ := filepath.Glob(filepath.Join(dir, ".tmp-*")); len(temps) != 0 {
		t.Errorf("half-written files are still there: %v", temps)
	}
}

func TestOneOwner(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1000)
	if _, err := spool.Open(dir, 1000); !errors.Is(err, spool.ErrInUse) {
		t.Errorf("second owner: %v, want ErrInUse", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, 1000)
}

func TestNames(t *testing.T) {
	s := open(t, t.TempDir(), 1000)
	for _, name := range []string{"", ".", "..", "../x", "a/b", ".hidden", "Siti 0812", "a\x00", strings.Repeat("a", 129)} {
		_, create := s.Create(name)
		_, open := s.Open(name)
		for op, err := range map[string]error{"Create": create, "Open": open, "Remove": s.Remove(name)} {
			if !errors.Is(err, spool.ErrName) || strings.Contains(err.Error(), "Siti") {
				t.Errorf("%s(%q): %v; want ErrName without the name", op, name, err)
			}
		}
	}
	write(t, s, "01KAQ0-1.agent_track.wav", "x")
}

func TestPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s := open(t, dir, 1000)
	write(t, s, "a", "x")
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, "a"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want mode %o", path, info.Mode(), err, want)
		}
	}
}

// TestStarved: a write that was refused is remembered while something waits, so
// that nobody begins more; what leaves makes room.
func TestStarved(t *testing.T) {
	s, err := spool.Open(t.TempDir(), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(name string, bytes int) error {
		f, err := s.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(make([]byte, bytes)); err != nil {
			return errors.Join(err, f.Discard())
		}
		return f.Commit()
	}
	if err := write("too-long", 101); !errors.Is(err, spool.ErrFull) || s.Depth().Starved {
		t.Errorf("what never fits starves nobody: %v, %+v", err, s.Depth())
	}
	if err := write("first", 60); err != nil || s.Depth().Starved {
		t.Errorf("one waits: %v, %+v", err, s.Depth())
	}
	if err := s.Remove("first"); err != nil || s.Depth().Starved {
		t.Errorf("after it left: %v, %+v", err, s.Depth())
	}
	if err := write("second", 60); err != nil || s.Depth().Starved {
		t.Errorf("%v, %+v", err, s.Depth())
	}
	if err := write("third", 60); !errors.Is(err, spool.ErrFull) || !s.Depth().Starved {
		t.Errorf("refused: %v, %+v", err, s.Depth())
	}
	room, err := s.Room()
	if err != nil || room != 40 {
		t.Errorf("room for %d bytes, %v; want 40", room, err)
	}
}
