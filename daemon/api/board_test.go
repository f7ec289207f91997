package api_test

import (
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/daemon/board"
	"sambung/daemon/forecast"
	"sambung/queue"
)

func wall(t *testing.T, s *apitest.Site) (b board.Board) {
	t.Helper()
	s.Advance(2 * time.Second) // past what was made before
	a := call(t, s, apitest.TokenSupervisor, "GET", "/v1/board", "")
	a.into(t, 200, &b)
	if text := string(a.body); strings.Contains(text, "Rahasia") || strings.Contains(text, "rahasia") || strings.Contains(text, "+62") {
		t.Errorf("the wall shows personal data: %s", text)
	}
	return b
}

func TestTheWall(t *testing.T) {
	s := apitest.New(t, nil)
	if b := wall(t, s); len(b.Agents) != 0 || len(b.Waiting) != 0 || len(b.Days) != 14 {
		t.Errorf("an empty office: %+v", b)
	}
	addAgents(t, s)
	call(t, s, apitest.TokenAgent, "POST", "/v1/agents/agent-1/presence", `{"presence":"ready"}`)
	call(t, s, apitest.TokenOther, "POST", "/v1/agents/agent-2/presence", `{"presence":"paused","reason":"istirahat"}`)
	talked := s.Submit(t, "A", "")
	s.Talk(t, talked, "agent-1")
	mine := s.Submit(t, "B", "agent-2")
	unnamed := call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", with("ticket", `"C"`)).status
	if unnamed != 400 { // given twice
		t.Fatal(unnamed)
	}
	c := call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", strings.Replace(strings.Replace(good, "ESK-1", "C", 1), `"answer"`, `"opinion_unrequested","directorate":"pp1"`, 1)).state(t, 201)

	b := wall(t, s)
	if len(b.Agents) != 2 || len(b.Waiting) != 2 {
		t.Fatalf("%+v", b)
	}
	byID := map[queue.AgentID]board.Agent{}
	for _, a := range b.Agents {
		byID[a.ID] = a
	}
	if a := byID["agent-1"]; a.Reserved != talked || a.Status != queue.StatusTalking || a.Ticket != "A" {
		t.Errorf("the busy one: %+v", a)
	}
	if a := byID["agent-2"]; a.Presence != queue.PresencePaused || a.PauseReason != "istirahat" {
		t.Errorf("the paused one: %+v", a)
	}
	if w := b.Waiting[0]; w.ID != c.FollowUp.ID || w.Status != queue.StatusAwaitingAgent || w.Ticket != "C" {
		t.Errorf("what waits for a name comes first: %+v", b.Waiting)
	}
	if w := b.Waiting[1]; w.ID != mine || w.Agent != "agent-2" {
		t.Errorf("%+v", w)
	}
	s.Advance(58 * time.Minute)
	if w := wall(t, s).Waiting[1]; !w.Forecast.WillMiss || w.Forecast.Why != forecast.WhyAgentAway || w.Forecast.Cause != queue.CauseAgents {
		t.Errorf("the agent is away: %+v", w.Forecast)
	}
	s.Advance(10 * time.Minute)
	if b := wall(t, s); b.Today.Missed != 3 || b.Today.Met != 0 || b.Days[13].Count != b.Today || b.Days[13].Day != "2026-11-23" {
		t.Errorf("three are late: %+v, %+v", b.Today, b.Days)
	}
}

// TestTheWallCountsWhatWasMet, and learns from it how long attempts take.
func TestTheWallCountsWhatWasMet(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	wall(t, s)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Archived(t, id, 1, []byte("RIFF"))
	state := s.Append(t, id, queue.Entry{Kind: queue.KindOutcomeConfirmed, Details: queue.Details{Attempt: 1, Outcome: queue.OutcomeDelivered, Via: "keypad"}})
	settled, err := queue.Settle(state, s.Deps.Policy, s.Deps.Intake.Calendar, s.Now(), queue.ActorSystem)
	if err != nil {
		t.Fatal(err)
	}
	s.Append(t, id, settled)
	s.Advance(10 * time.Second)
	if b := wall(t, s); b.Today.Met != 1 || b.Today.Missed != 0 {
		t.Errorf("%+v", b.Today)
	}
	s.Advance(24 * time.Hour)
	if b := wall(t, s); b.Today.Met != 0 || b.Days[12].Met != 1 || b.Days[12].Day != "2026-11-23" {
		t.Errorf("the day after: %+v", b.Days)
	}
}
