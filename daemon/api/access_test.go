package api_test

import (
	"fmt"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

// TestWhatIsCompletedIsReadAfterYears: an agent reads the resolution that a follow-up
// in hand completes, however many he or she had in hand before.
func TestWhatIsCompletedIsReadAfterYears(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	earlier := s.Submit(t, "E-1", "")
	for i := range 1001 {
		s.Append(t, s.Submit(t, fmt.Sprintf("OLD-%d", i), "agent-1"), queue.Entry{Kind: queue.KindCancelled, Details: queue.Details{Reason: "test"}})
	}
	s.Advance(time.Minute)
	e, err := s.Deps.Intake.AcceptFields(map[string]string{
		"ticket": "E-2", "route": "opinion_unrequested", "directorate": "pp1", "taxpayer": "Budi Rahasia", "phone": "0812-3456-7890",
		"message": "Pesan", "agent": "agent-1", "follows": string(earlier),
	}, s.Now())
	if err != nil {
		t.Fatal(err)
	}
	e.FollowUp.ID, e.Actor = "01KBQ3V0G5QZ8M4T7Y2W9F0001", queue.ActorSystem
	if _, _, err := s.Queue.Enqueue(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if state := call(t, s, apitest.TokenAgent, "GET", "/v1/follow-ups/"+string(earlier), "").state(t, 200); state.FollowUp.ID != earlier {
		t.Errorf("read %s", state.FollowUp.ID)
	}
}
