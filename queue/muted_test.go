package queue

import (
	"encoding/json"
	"testing"
	"time"
)

// TestMutedAt: the state says since when the recording is muted; reports that
// come late, and the end of the call, do not leave it wrong.
func TestMutedAt(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	type seen struct {
		kind    Kind
		seconds int
		attempt int
	}
	muted, unmuted, ended := KindRecordingMuted, KindRecordingUnmuted, KindCallEnded
	for name, c := range map[string]struct {
		seen []seen
		want time.Time
	}{
		"muted":                           {[]seen{{muted, 1, 2}}, at(1)},
		"unmuted":                         {[]seen{{muted, 1, 2}, {unmuted, 2, 2}}, time.Time{}},
		"muted again":                     {[]seen{{muted, 1, 2}, {unmuted, 2, 2}, {muted, 3, 2}}, at(3)},
		"an earlier unmute comes late":    {[]seen{{muted, 3, 2}, {unmuted, 2, 2}}, at(3)},
		"the call ends muted":             {[]seen{{muted, 1, 2}, {ended, 2, 2}}, time.Time{}},
		"a mute comes after the end":      {[]seen{{ended, 2, 2}, {muted, 1, 2}}, time.Time{}},
		"a mute of the attempt before":    {[]seen{{muted, 1, 1}}, time.Time{}},
		"an unmute of the attempt before": {[]seen{{muted, 1, 2}, {unmuted, 2, 1}}, at(1)},
	} {
		s := State{Version: 9, Status: StatusTalking, Attempt: 2, Assignment: &Assignment{Agent: "a1", Attempt: 2}}
		for _, e := range c.seen {
			details, err := json.Marshal(Details{Attempt: e.attempt, Result: ResultAnswered})
			if err != nil {
				t.Fatal(err)
			}
			if s, err = Apply(s, Activity{Seq: s.Version + 1, At: at(e.seconds), Actor: ActorAgent("a1"), Kind: e.kind, Details: details}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if !s.Call.MutedAt.Equal(c.want) {
			t.Errorf("%s: muted since %s, want %s", name, s.Call.MutedAt, c.want)
		}
	}
}
