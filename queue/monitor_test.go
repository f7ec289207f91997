package queue

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// TestMonitor: a supervisor comes into a talk alone, once at a time, in a mode;
// the end is always taken down.
func TestMonitor(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	apply := func(s State, k Kind, d Details) (State, error) {
		d.Attempt = s.Attempt
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return Apply(s, Activity{Seq: s.Version + 1, At: at, Actor: ActorUser("spv-1"), Kind: k, Details: raw})
	}
	listen := Details{Mode: MonitorListen}
	talking := State{Version: 9, Status: StatusTalking, Attempt: 1, Assignment: &Assignment{Agent: "a1"}}
	s, err := apply(talking, KindMonitorStarted, listen)
	if err != nil || s.Status != StatusTalking || s.Call.Monitor == nil || *s.Call.Monitor != (Monitor{"user:spv-1", MonitorListen, at}) {
		t.Fatalf("%+v, %v", s.Call.Monitor, err)
	}
	for name, refused := range map[string]struct {
		s State
		d Details
	}{
		"while somebody listens": {s, listen},
		"without a mode":         {talking, Details{}},
		"before the talk":        {State{Version: 5, Status: StatusDialing, Attempt: 1}, listen},
		"after the talk":         {State{Version: 12, Status: StatusWrapUp, Attempt: 1}, listen},
	} {
		if _, err := apply(refused.s, KindMonitorStarted, refused.d); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	over, err := apply(s, KindCallEnded, Details{Result: ResultAnswered})
	if err != nil {
		t.Fatal(err)
	}
	if over, err = apply(over, KindMonitorEnded, listen); err != nil || over.Call.Monitor != nil {
		t.Errorf("after the talk: %+v, %v", over.Call.Monitor, err)
	}
}
