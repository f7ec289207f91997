package asterisk

import (
	"errors"
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
		n := newNotes(func(e telephony.Event) error {
			time.Sleep(time.Second)
			got = append(got, e.Key)
			return errors.New("not today")
		})
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
	n := newNotes(func(telephony.Event) error { return nil })
	defer n.close()
	if !closed(n.written()) {
		t.Error("nothing was noted, and something is to be waited for")
	}
}
