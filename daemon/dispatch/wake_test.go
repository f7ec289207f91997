package dispatch

import (
	"testing"

	"sambung/queue"
)

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
