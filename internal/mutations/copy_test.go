package mutations

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// patience is for one command, the first build of everything included.
const patience = 5 * time.Minute

// repository is the root of the source.
func repository(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Fatalf("git says which files belong to the source, and cannot (%v): run this in a clone of the repository, not in an unpacked archive of it", err)
	}
	return strings.TrimSpace(string(out))
}

// scratch is a copy of the source that may be harmed.
type scratch struct {
	*testing.T
	dir string
}

// newCopy copies what git tracks, and what is not added to it yet.
func newCopy(t *testing.T, root string) scratch {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	files, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	c := scratch{t, t.TempDir()}
	for name := range strings.SplitSeq(strings.TrimRight(string(files), "\x00"), "\x00") {
		if err := c.take(root, name); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// take copies one file; one that was deleted and is tracked still is left out.
func (c scratch) take(root, name string) error {
	from := filepath.Join(root, name)
	info, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	to := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, info.Mode().Perm())
}

// patch applies one of testdata.
func (c scratch) patch(name string) {
	c.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", name+".patch"))
	if err != nil {
		c.Fatal(err)
	}
	if code, out := c.command(c.dir, "git", "apply", "-p1", file); code != 0 {
		c.Fatalf("%s no longer applies, because what it breaks was changed. To renew it, make the same mistake in the source again, run\n"+
			"\tgit diff -- FILE... >%s\nundo the mistake, and put the lines with # back at its head.\n%s", file, file, out)
	}
}

// build compiles everything but the tests, and links nothing: a mutation that
// does not compile would be noticed by anybody.
func (c scratch) build() {
	c.Helper()
	if code, out := c.command(c.dir, "go", "list", "-export", "-f={{print}}", "./..."); code != 0 {
		c.Fatalf("it does not compile:\n%s", out)
	}
}

// compile makes the tests of a package and returns their path.
func (c scratch) compile(pkg string) string {
	c.Helper()
	binary := filepath.Join(c.TempDir(), "tests")
	if code, out := c.command(c.dir, "go", "test", "-c", "-o", binary, "./"+pkg); code != 0 {
		c.Fatalf("the tests of %s do not compile:\n%s", pkg, out)
	}
	return binary
}

// result is what running a test came to.
type result struct {
	code   int
	output string
	took   time.Duration
}

// says reports whether the output has that verdict on that test.
func (r result) says(verdict, test string) bool {
	return regexp.MustCompile(`(?m)^ *--- ` + verdict + `: ` + regexp.QuoteMeta(test) + ` \(`).MatchString(r.output)
}

// run runs one test, in the folder of its package as go test does.
func (c scratch) run(binary, pkg, test string) result {
	c.Helper()
	began := time.Now()
	pattern := "^" + strings.ReplaceAll(test, "/", "$/^") + "$"
	code, out := c.command(filepath.Join(c.dir, pkg), binary, "-test.run", pattern, "-test.v", "-test.timeout", "1m")
	return result{code, out, time.Since(began).Round(time.Millisecond)}
}

// command runs a command in a folder and returns its exit code and output.
func (c scratch) command(dir, name string, args ...string) (int, string) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(),
		// Every copy compiles to the same, wherever it lies, so that the build
		// cache has all but what the patch changed.
		"GOFLAGS="+os.Getenv("GOFLAGS")+" -trimpath",
		// The copy is no part of a repository that may lie around it.
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(c.dir))
	out, err := cmd.CombinedOutput()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		c.Fatalf("%s: %v\n%s", name, err, out)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}
