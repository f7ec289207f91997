package asterisk

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"sambung/telephony"
)

// TestNotesKeepOrder: nobody waits for a slow ledger, and it gets everything,
// one at a time, in order, and what it refuses holds up nothing.
func TestNotesKeepOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		n := newNotes(telephony.Each(func(e telephony.Event) error {
			time.Sleep(time.Second)
			got = append(got, e.Key)
			return errors.New("not today")
		}))
		start := time.Now()
		for i := range 10 {
			n.note(telephony.Event{Key: strconv.Itoa(i)})
		}
		if waited := time.Since(start); waited > 0 {
			t.Errorf("noting took %s", waited)
		}
		written := n.written()
		if closed(written) {
			t.Error("written before it is")
		}
		<-written
		if waited := time.Since(start); waited != 10*time.Second || len(got) != 10 {
			t.Errorf("%d written after %s", len(got), waited)
		}
		n.note(telephony.Event{Key: "10"})
		n.close() // writes what is left
		for i, key := range got {
			if key != strconv.Itoa(i) {
				t.Fatalf("written %v", got)
			}
		}
		if len(got) != 11 {
			t.Errorf("%d written, want all 11", len(got))
		}
	})
}

func TestNotesIdleFromTheBeginning(t *testing.T) {
	n := newNotes(func(...telephony.Event) error { return nil })
	defer n.close()
	if !closed(n.written()) {
		t.Error("nothing was noted, and something is to be waited for")
	}
}

// TestNotesHoldForTheIntent: what is held goes with the intent, in one; without one
// it goes before whatever comes next, or at the end.
func TestNotesHoldForTheIntent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		n := newNotes(func(events ...telephony.Event) error {
			together := ""
			for _, e := range events {
				together += e.Key
			}
			got = append(got, together)
			return nil
		})
		hold := func(key string) { n.hold(telephony.Event{Key: key}) }
		hold("a")
		synctest.Wait()
		if len(got) != 0 || !closed(n.written()) {
			t.Errorf("written before the intent: %v", got)
		}
		_ = n.intend(telephony.Event{Key: "A"})
		_ = n.intend(telephony.Event{Key: "B"})
		hold("c")
		n.note(telephony.Event{Key: "d"})
		<-n.written()
		hold("e")
		n.close()
		if want := []string{"aA", "B", "c", "d", "e"}; !slices.Equal(got, want) {
			t.Errorf("written %v, want %v", got, want)
		}
	})
}
