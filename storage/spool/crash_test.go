package spool

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// childDir names the directory in which a child of this test leaves its work.
const childDir = "SPOOL_TEST_CHILD"

// TestKilled kills a process that has one whole file, one half-written, and the
// directory.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		beKilled(t, dir)
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), childDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "ready\n" {
		t.Errorf("the child says %q, %v", line, err)
	}
	if _, err := Open(dir, 1000); !errors.Is(err, ErrInUse) {
		t.Errorf("while the child lives: %v, want ErrInUse", err)
	}
	_ = child.Process.Kill()
	_ = child.Wait()

	s, err := Open(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if list, err := s.List(); err != nil || len(list) != 1 || list[0].Name != "whole" || s.Depth().Bytes != 5 {
		t.Errorf("after the kill: %+v, %v, %+v", list, err, s.Depth())
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 { // the whole one and the lock
		t.Errorf("in the directory: %v, %v", entries, err)
	}
}

func beKilled(t *testing.T, dir string) {
	s, err := Open(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"whole", "half"} {
		f, err := s.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, "12345"); err != nil {
			t.Fatal(err)
		}
		if name == "whole" {
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
		}
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed, or the test is
}

func TestDiskFull(t *testing.T) {
	s := &Spool{dir: "dir"}
	err := s.full(&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC})
	if !errors.Is(err, ErrFull) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	if err := s.full(&os.PathError{Op: "write", Path: "x", Err: syscall.EIO}); errors.Is(err, ErrFull) || !errors.Is(err, syscall.EIO) {
		t.Errorf("a broken disk: %v", err)
	}
}
