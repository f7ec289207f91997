package workhours

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
)

// hash renders what decides a result in one fixed form and digests it. The first
// line names the form, so that changing it cannot make old versions look equal.
func (c *Calendar) hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "workhours/1\nzone %s\n", c.zone)
	writeWeek(h, c.week)
	for _, o := range c.overrides {
		fmt.Fprintf(h, "override %s %s\n", o.from, o.to)
		writeWeek(h, o.week)
	}
	for _, y := range c.Years() {
		fmt.Fprintf(h, "year %d %s\n", y.Year, y.Status)
	}
	for _, d := range slices.Sorted(maps.Keys(c.holidays)) {
		fmt.Fprintf(h, "holiday %s\n", d)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func writeWeek(w io.Writer, hours week) {
	for day, list := range hours {
		fmt.Fprintf(w, "%d %v\n", day, list)
	}
}
