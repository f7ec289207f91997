package realservers

import "testing"

func TestPortsAreTheTestsOwn(t *testing.T) {
	t.Parallel()
	r := portRange{first: 9900, last: 9990, block: 1}
	a, b := r.reserve(t), r.reserve(t)
	if a == b {
		t.Errorf("%d was given twice", a)
	}
	var c int
	t.Run("inner", func(t *testing.T) { c = r.reserve(t) })
	if c == a || c == b {
		t.Errorf("%d was given twice", c)
	}
	// A test that has ended gives its port back: else this would be fatal.
	if again := (portRange{first: c, last: c + 1, block: 1}).reserve(t); again != c {
		t.Errorf("reserved %d, want %d", again, c)
	}
}
