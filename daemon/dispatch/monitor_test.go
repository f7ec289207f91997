package dispatch

import (
	"testing"
	"time"

	"sambung/queue"
)

// TestTakeoverEndsAMonitor: who takes a switch over takes the supervisor out of
// the talk, and the history says so before the talk goes on.
func TestTakeoverEndsAMonitor(t *testing.T) {
	d := New(Config{}, Deps{Now: func() time.Time { return start }})
	s := queue.State{Status: queue.StatusTalking, Attempt: 1, Call: queue.Call{
		AgentRingingAt: start, Monitor: &queue.Monitor{Actor: "user:spv-1", Mode: queue.MonitorWhisper, Since: start},
	}}
	entries := d.takeover(s, queue.Lease{Switch: "pbx1", Fence: 2}, true)
	if len(entries) != 3 || entries[0].Kind != queue.KindMonitorEnded || entries[0].Details.Mode != queue.MonitorWhisper || entries[0].Details.Reason == "" {
		t.Errorf("the takeover writes %+v", entries)
	}
	s.Call.Monitor = nil
	if entries := d.takeover(s, queue.Lease{Switch: "pbx1", Fence: 2}, true); len(entries) != 2 {
		t.Errorf("without a monitor the takeover writes %+v", entries)
	}
}
