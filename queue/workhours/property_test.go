package workhours_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sambung/queue/workhours"
)

func drawInstant(t *rapid.T, label string) time.Time {
	return drawTime(t, label).Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)-1).Draw(t, label+" ns")))
}

func drawDuration(t *rapid.T, label string) time.Duration {
	return time.Duration(rapid.Int64Range(0, int64(40*time.Hour)).Draw(t, label))
}

func add(t *rapid.T, c *workhours.Calendar, at time.Time, d time.Duration) time.Time {
	deadline, _, err := c.Add(at, d)
	if err != nil {
		t.Fatal(err)
	}
	return deadline
}

// Between undoes Add, to the nanosecond.
func TestBetweenUndoesAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		at, d := drawInstant(t, "t"), drawDuration(t, "d")
		deadline := add(t, c, at, d)
		if got := c.Between(at, deadline); got != d {
			t.Errorf("Between(%v, %v) = %v, want %v", at, deadline, got, d)
		}
		if got := c.Between(deadline, at); got != 0 {
			t.Errorf("backwards: %v, want 0", got)
		}
	})
}

// Add undoes Between for every instant at which work can end.
func TestAddUndoesBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		at, d := drawInstant(t, "t"), drawDuration(t, "d")
		end := add(t, c, at, d+1)
		if got := add(t, c, at, c.Between(at, end)); !got.Equal(end) {
			t.Errorf("got %v, want %v", got, end)
		}
	})
}

// Who comes later is never due earlier, and more work never ends earlier.
func TestAddIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		a, b := drawInstant(t, "a"), drawInstant(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		d, more := drawDuration(t, "d"), drawDuration(t, "more")
		if add(t, c, b, d).Before(add(t, c, a, d)) {
			t.Errorf("%v is due after %v", a, b)
		}
		if add(t, c, a, d+more).Before(add(t, c, a, d)) {
			t.Errorf("%v ends before %v", d+more, d)
		}
	})
}

// A deadline lies within an opening or at its close, and adding in two steps is
// adding in one.
func TestDeadlineLiesInOpening(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		at, d, more := drawInstant(t, "t"), drawDuration(t, "d"), drawDuration(t, "more")
		deadline := add(t, c, at, d)
		if deadline.Before(at) || !c.Open(deadline) && !c.Open(deadline.Add(-1)) {
			t.Errorf("%v + %v = %v, which is not worked", at, d, deadline)
		}
		if more > 0 && !add(t, c, deadline, more).Equal(add(t, c, at, d+more)) {
			t.Errorf("two steps differ from one: %v + %v + %v", at, d, more)
		}
	})
}

func TestBetweenIsAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		at := []time.Time{drawInstant(t, "x"), drawInstant(t, "y"), drawInstant(t, "z")}
		slices.SortFunc(at, time.Time.Compare)
		if got, want := c.Between(at[0], at[1])+c.Between(at[1], at[2]), c.Between(at[0], at[2]); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestOpeningsAndCloses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		at := drawInstant(t, "t")
		opens, closes := c.NextOpen(at), c.Closes(at)
		if !c.Open(opens) || c.Between(at, opens) != 0 || c.Open(at) != opens.Equal(at) {
			t.Errorf("NextOpen(%v) = %v", at, opens)
		}
		if c.Open(closes) || c.Between(opens, closes) != closes.Sub(opens) {
			t.Errorf("Closes(%v) = %v, opened at %v", at, closes, opens)
		}
	})
}
