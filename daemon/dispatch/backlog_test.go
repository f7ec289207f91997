package dispatch

import (
	"testing"

	"sambung/daemon/journal"
)

// TestOneTellsTheBacklog: what comes while the last record was just told, and its
// goroutine has not ended yet, is told by that one: two would tell it twice, and the
// second would take off what is not there.
func TestOneTellsTheBacklog(t *testing.T) {
	var b backlog
	if !b.add(journal.Kept{Number: 1}) {
		t.Fatal("nobody tells the first")
	}
	b.told()
	if b.add(journal.Kept{Number: 2}) {
		t.Error("a second goroutine is to tell what the first one will")
	}
	if k, ok := b.first(); !ok || k.Number != 2 {
		t.Fatalf("record %d, %t; want the second", k.Number, ok)
	}
	b.told()
	if _, ok := b.first(); ok {
		t.Fatal("there is a third")
	}
	if err := b.wait(t.Context()); err != nil {
		t.Error(err)
	}
	if !b.add(journal.Kept{Number: 3}) {
		t.Error("the goroutine has ended, and nobody tells the third")
	}
	b.giveUp()
	if b.add(journal.Kept{Number: 4}) {
		t.Error("what was given up is told on")
	}
}
