package mutations

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// atOnce is how many copies are worked on side by side.
const atOnce = 2

// TestTable: every patch is in the table, once, and says what it breaks.
func TestTable(t *testing.T) {
	var listed []string
	for _, m := range table() {
		listed = append(listed, m.patch+".patch")
	}
	slices.Sort(listed)
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, file := range files {
		there = append(there, filepath.Base(file))
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, found := strings.Cut(string(text), "\ndiff --git ")
		if !found || !strings.HasPrefix(head, "# ") || !strings.Contains(head, "\n# Violates invariant ") {
			t.Errorf("%s: want a head of lines with #, the last beginning with Violates invariant, and a diff", file)
		}
	}
	if !slices.Equal(there, listed) {
		t.Errorf("the patches are\n%v\nand the table lists\n%v", there, listed)
	}
}

// TestMutations: unpatched the named tests are green; patched, each is red.
func TestMutations(t *testing.T) {
	root := repository(t)
	t.Run("none", func(t *testing.T) { green(t, root) })
	if t.Failed() {
		t.Fatal("tests that are red by themselves prove nothing")
	}
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, m := range table() {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			t.Run(m.patch, func(t *testing.T) { red(t, root, m) })
		})
	}
	all.Wait()
}

// green runs every named test in a copy that is as the source is.
func green(t *testing.T, root string) {
	c := newCopy(t, root)
	tests := make(map[string][]string) // by package
	for _, m := range table() {
		if !slices.Contains(tests[m.pkg], m.test) {
			tests[m.pkg] = append(tests[m.pkg], m.test)
		}
	}
	c.build()
	for pkg, names := range tests {
		binary := c.compile(pkg)
		for _, name := range names {
			if r := c.run(binary, pkg, name); r.code != 0 || !r.says("PASS", name) {
				t.Errorf("%s of %s is not green without any patch: exit code %d\n%s", name, pkg, r.code, r.output)
			}
		}
	}
}

// red demands that the named test fails by an assertion once the patch is applied.
func red(t *testing.T, root string, m mutation) {
	c := newCopy(t, root)
	c.patch(m.patch)
	c.build()
	r := c.run(c.compile(m.pkg), m.pkg, m.test)
	// A panic and a time-out end a test with 2.
	if r.code != 1 || !r.says("FAIL", m.test) {
		t.Fatalf("%s of %s does not notice it: exit code %d, want 1 and --- FAIL\n%s", m.test, m.pkg, r.code, r.output)
	}
	t.Logf("%s is red after %s\n%s", m.test, r.took, r.output)
}
