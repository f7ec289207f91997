package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens one: what is written to us is typed, what is read from us is shown.
func terminal(t *testing.T) (us, theirs *os.File) {
	t.Helper()
	us, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { us.Close() })
	if err := unix.IoctlSetPointerInt(int(us.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(us.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return us, theirs
}

// TestCtrlCEndsMakeDemoWell: what is typed reaches the demonstration and not make, so
// that a demonstration which drains and ends well is no error of make's. A second one
// cuts, and is. The demonstration is a stand-in of this test's.
func TestCtrlCEndsMakeDemoWell(t *testing.T) {
	makes, err := exec.LookPath("make")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	folder, tools := t.TempDir(), t.TempDir()
	const standIn = "#!/bin/sh\ntrap 'trap - INT; echo draining; [ \"$CUT\" ] || exit 0' INT\necho running\nwhile :; do sleep 0.1; done\n"
	for path, content := range map[string]string{
		filepath.Join(folder, "Makefile"): string(makefile), filepath.Join(folder, "built"): standIn,
		filepath.Join(tools, "go"): "#!/bin/sh\nmkdir -p bin && cp built bin/sambung\n",
	} {
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, tool := range []string{"sleep", "mkdir", "cp"} { // and no npm
		path, err := exec.LookPath(tool)
		if err == nil {
			err = os.Symlink(path, filepath.Join(tools, tool))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for cut, want := range map[string]int{"": 0, "yes": 2} {
		us, theirs := terminal(t)
		cmd := exec.CommandContext(t.Context(), makes, "demo")
		cmd.Dir, cmd.Env = folder, []string{"PATH=" + tools, "CUT=" + cut}
		cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		theirs.Close()
		shown := typing(t, us, cut != "")
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != want || strings.Contains(shown, "***") != (want != 0) {
			t.Errorf("cut %q: exit code %d, want %d\n%s", cut, code, want, shown)
		}
		us.Close()
	}
}

// typing types a Ctrl-C when the demonstration runs, and another one when it drains if
// it is to be cut. It returns what was shown.
func typing(t *testing.T, us *os.File, cut bool) string {
	t.Helper()
	if err := us.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Log(err) // then the test's own time bounds it
	}
	var shown []string
	for lines := bufio.NewScanner(us); lines.Scan(); { // ends by an error when nobody has it open any more
		line := strings.TrimSpace(lines.Text())
		shown = append(shown, line)
		if line == "running" || cut && strings.HasSuffix(line, "draining") {
			if _, err := us.WriteString("\x03"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !slices.ContainsFunc(shown, func(line string) bool { return strings.HasSuffix(line, "draining") }) {
		t.Errorf("it did not drain: %q", shown)
	}
	return strings.Join(shown, "\n")
}
