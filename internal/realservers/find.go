package realservers

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// cached names a path in the folder that scripts/install-test-servers fills.
func cached(elem ...string) string {
	dir := os.Getenv("SAMBUNG_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return filepath.Join(elem...)
		}
		dir = filepath.Join(base, "sambung")
	}
	return filepath.Join(append([]string{dir}, elem...)...)
}

// program returns the path of a server's program, from the cache or PATH.
func program(t testing.TB, name string) string {
	t.Helper()
	if path := cached("bin", name); isFile(path) {
		return path
	}
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name+" is neither in "+cached("bin")+" nor on PATH")
	}
	return path
}

// Executable returns the path of a program that the tests need, from the cache or
// PATH. Without it the test is skipped, or fails where servers are required.
func Executable(t testing.TB, name string) string {
	t.Helper()
	return program(t, name)
}

// RepositoryFile returns the path of a file of this repository.
func RepositoryFile(t testing.TB, elem ...string) string {
	t.Helper()
	return repositoryFile(t, elem...)
}

// ConsoleModules returns the folder of the packages that the web pages are built
// of. Without it the test is skipped, or fails where servers are required.
func ConsoleModules(t testing.TB) string {
	t.Helper()
	modules := repositoryFile(t, "daemon", "console", "web", "node_modules")
	if !isFile(filepath.Join(modules, ".package-lock.json")) {
		missing(t, "the packages of the web pages are not installed: run make console")
	}
	return modules
}

// ConsolePages checks that the web pages were built before the test was compiled, so
// that the daemon serves them. Without them the test is skipped, or fails where
// servers are required.
func ConsolePages(t testing.TB) {
	t.Helper()
	if !isFile(repositoryFile(t, "daemon", "console", "dist", "index.html")) {
		missing(t, "the web pages are not built: run make console")
	}
}

// missing skips the test, or fails it where servers are required.
func missing(t testing.TB, what string) {
	t.Helper()
	if required(os.Getenv) {
		t.Fatalf("%s, and this run requires real servers: run scripts/install-test-servers", what)
	}
	t.Skipf("%s: run make test, or scripts/install-test-servers once", what)
}

// required reports whether a missing server is a failure.
func required(getenv func(string) string) bool {
	ci := getenv("CI")
	return getenv("SAMBUNG_REQUIRE_SERVERS") == "1" || (ci != "" && ci != "false")
}

// repositoryFile returns the path of a file of this repository.
func repositoryFile(t testing.TB, elem ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("find the repository: %v", err)
	}
	for ; !isFile(filepath.Join(dir, "go.mod")); dir = filepath.Dir(dir) {
		if dir == filepath.Dir(dir) {
			t.Fatalf("find the repository: no go.mod above the working directory")
		}
	}
	return filepath.Join(append([]string{dir}, elem...)...)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
