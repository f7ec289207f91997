package dispatch

import (
	"testing"
	"time"

	"sambung/queue"
)

// TestProgressMuted: whoever takes a talk over is told since when its recording is muted.
func TestProgressMuted(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	if got := progress(queue.State{Call: queue.Call{MutedAt: at}}).MutedAt; !got.Equal(at) {
		t.Errorf("muted since %s, want %s", got, at)
	}
	if got := progress(queue.State{}).MutedAt; !got.IsZero() {
		t.Errorf("muted since %s, want not at all", got)
	}
}
