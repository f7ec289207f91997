package dispatch

import (
	"testing"

	"sambung/queue"
	"sambung/queue/workhours"
)

// Agents are listed when one may have moved, and not because work has come in: that
// is claimed for those who were known to wait.
func TestAgentsAreListedWhenTheyMayHaveMoved(t *testing.T) {
	s := &sleepy{}
	d := over(t, s, workhours.AlwaysOpen())
	came := queue.Event{Kind: queue.KindReceived, Status: queue.StatusQueued}
	for i, step := range []struct {
		events []queue.Event
		woken  bool
		lists  int
	}{
		{nil, false, 1}, // the first look
		{[]queue.Event{came}, true, 1},
		{[]queue.Event{{Kind: queue.KindTaxpayerAnswered, Status: queue.StatusTalking}}, false, 1},
		{[]queue.Event{came, {Kind: "agent"}}, true, 2},
		{[]queue.Event{{Kind: queue.KindAttemptSettled, Status: queue.StatusQueued}, came}, true, 3},
	} {
		d.heard(step.events)
		if woken := len(d.wake) > 0; woken != step.woken {
			t.Errorf("step %d: woken: %v", i, woken)
		}
		for range len(d.wake) {
			<-d.wake
		}
		if err := d.claimAll(t.Context()); err != nil || s.lists != step.lists || s.claims != i+1 {
			t.Errorf("step %d: %d lists and %d claims, %v; want %d and %d", i, s.lists, s.claims, err, step.lists, i+1)
		}
	}
}

// What leaves nothing new to claim, and nobody new to claim it, wakes nobody.
func TestMayFree(t *testing.T) {
	for _, e := range []queue.Event{
		{Kind: queue.KindReceived, Status: queue.StatusQueued},
		{Kind: queue.KindAttemptSettled, Status: queue.StatusClosed},
		{Kind: queue.KindAttemptSettled, Status: queue.StatusQueued},
		{Kind: queue.KindRequeued, Status: queue.StatusQueued},
		{Kind: "released", Status: queue.StatusQueued},
		{Kind: "agent"}, // an agent's record, which has no status
	} {
		if !mayFree(e) {
			t.Errorf("%s of a follow-up that is %q wakes nobody", e.Kind, e.Status)
		}
	}
	for _, e := range []queue.Event{
		{Kind: queue.KindAssigned, Status: queue.StatusAssigned},
		{Kind: queue.KindTaxpayerAnswered, Status: queue.StatusTalking},
		{Kind: queue.KindCallEnded, Status: queue.StatusWrapUp},
		{Kind: queue.KindRecordingArchived, Status: queue.StatusQueued},
		{Kind: queue.KindSealed, Status: queue.StatusClosed},
	} {
		if mayFree(e) {
			t.Errorf("%s of a follow-up that is %q wakes the dispatcher for nothing", e.Kind, e.Status)
		}
	}
}
