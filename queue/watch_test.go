package queue

import (
	"slices"
	"testing"
	"time"
)

func kindsOf(entries []Entry) (kinds []Kind) {
	for _, e := range entries {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// watch asks for the alarms at a moment and writes them into the book.
func watch(b *book, agent *Agent, now time.Time) []Entry {
	b.t.Helper()
	entries := Watch(b.state, agent, DefaultPolicy(), alwaysOpen{}, now)
	for _, e := range entries {
		b.add(e.Kind, e.Details)
	}
	return entries
}

// Each alarm comes at its time, and once.
func TestAlarmsAreRaisedOnce(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	deadline, warn := b.state.FollowUp.Deadline, DefaultPolicy().WarnBefore
	for _, c := range []struct {
		now  time.Time
		want []Kind
	}{
		{monday, nil},
		{deadline.Add(-warn - time.Second), nil},
		{deadline.Add(-warn), []Kind{KindDeadlineWarning}},
		{deadline.Add(-time.Minute), nil},
		{deadline, nil},
		{deadline.Add(time.Millisecond), []Kind{KindDeadlineMissed}},
		{deadline.Add(time.Hour), nil},
	} {
		if got := kindsOf(watch(b, nil, c.now)); !slices.Equal(got, c.want) {
			t.Errorf("%s before the deadline: %v, want %v", deadline.Sub(c.now), got, c.want)
		}
	}
	if !b.state.Warned || !b.state.Missed || b.state.MissedCause != CauseAgents {
		t.Errorf("warned %v, missed %v because of %q", b.state.Warned, b.state.Missed, b.state.MissedCause)
	}
}

// A daemon that was down over the warning raises the missed deadline alone.
func TestNoWarningAfterTheDeadline(t *testing.T) {
	b := newBook(t, sampleFollowUp())
	if got := kindsOf(watch(b, nil, b.state.FollowUp.Deadline.Add(time.Second))); !slices.Equal(got, []Kind{KindDeadlineMissed}) {
		t.Errorf("got %v", got)
	}
}

func TestAgentAbsentWhileThereIsTime(t *testing.T) {
	f := sampleFollowUp()
	f.Agent = "agent-1"
	for name, c := range map[string]struct {
		agent *Agent
		want  string
	}{
		"unknown": {nil, "the designated agent is not known"},
		"offline": {&Agent{ID: "agent-1", Presence: PresenceOffline}, "the designated agent is offline"},
		"paused":  {&Agent{ID: "agent-1", Presence: PresencePaused}, "the designated agent is paused"},
	} {
		b := newBook(t, f)
		got := watch(b, c.agent, monday.Add(time.Minute))
		if len(got) != 1 || got[0].Kind != KindAgentAbsent || got[0].Details.Reason != c.want || got[0].Details.Agent != "agent-1" {
			t.Errorf("%s: %+v", name, got)
		}
		if again := watch(b, c.agent, monday.Add(2*time.Minute)); len(again) != 0 {
			t.Errorf("%s: raised again: %v", name, kindsOf(again))
		}
		b.add(KindDesignated, Details{Agent: "agent-2"})
		if other := watch(b, c.agent, monday.Add(3*time.Minute)); len(other) != 1 {
			t.Errorf("%s: another absent agent deserves another alarm, got %v", name, kindsOf(other))
		}
	}
	ready := &Agent{ID: "agent-1", Presence: PresenceReady, Reserved: "busy with another"}
	if got := watch(newBook(t, f), ready, monday.Add(time.Minute)); len(got) != 0 {
		t.Errorf("an agent who is ready is not absent: %v", kindsOf(got))
	}
	if got := watch(newBook(t, sampleFollowUp()), nil, monday.Add(time.Minute)); len(got) != 0 {
		t.Errorf("nobody was designated: %v", kindsOf(got))
	}
}

// TestCauseOfAMissedDeadline has one line for every situation a supervisor asks about.
func TestCauseOfAMissedDeadline(t *testing.T) {
	unrequested := sampleFollowUp()
	unrequested.Route = RouteOpinionUnrequested
	for name, c := range map[string]struct {
		want string
		book func() *book
	}{
		"never assigned": {CauseAssignment, func() *book { return newBook(t, unrequested) }},
		"never claimed":  {CauseAgents, func() *book { return newBook(t, sampleFollowUp()) }},
		"agent silent": {CauseAgents, func() *book {
			b := newBook(t, sampleFollowUp()).attempt(false, ResultAgentNoAnswer, "")
			b.settle()
			return b
		}},
		"trunk": {CauseTrunk, func() *book {
			b := newBook(t, sampleFollowUp()).attempt(true, ResultTrunkFailure, "")
			b.settle()
			return b
		}},
		"trunk, for this number alone": {CauseUnreachable, func() *book {
			b := newBook(t, sampleFollowUp())
			for range DefaultPolicy().MaxAttempts {
				e, err := SettleBesideOthers(b.attempt(true, ResultTrunkFailure, "").state, DefaultPolicy(), alwaysOpen{}, b.at, ActorSystem)
				if err != nil {
					t.Fatal(err)
				}
				b.add(e.Kind, e.Details)
			}
			return b
		}},
		"interrupted": {CauseSystem, func() *book {
			b := newBook(t, sampleFollowUp()).attempt(true, ResultInterrupted, "")
			b.settle()
			return b
		}},
		"being found out": {CauseSystem, func() *book {
			return newBook(t, sampleFollowUp()).add(KindAssigned, Details{Attempt: 1, Agent: "agent-1"}).add(KindReconciling, Details{Attempt: 1})
		}},
		"exhausted": {CauseUnreachable, func() *book {
			b := newBook(t, sampleFollowUp())
			for range DefaultPolicy().MaxAttempts {
				b.attempt(true, ResultNoAnswer, "").settle()
			}
			return b
		}},
		"waiting for the next try": {CauseUnreachable, func() *book {
			b := newBook(t, sampleFollowUp())
			b.at = b.state.FollowUp.Deadline.Add(-30 * time.Second)
			b.attempt(true, ResultNoAnswer, "").settle()
			return b
		}},
		"told, recording not verified": {CauseSystem, func() *book {
			b := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeDelivered)
			b.settle()
			return b
		}},
	} {
		b := c.book()
		got := Watch(b.state, nil, DefaultPolicy(), alwaysOpen{}, b.state.FollowUp.Deadline.Add(time.Second))
		if len(got) != 1 || got[0].Kind != KindDeadlineMissed || got[0].Details.Reason != c.want {
			t.Errorf("%s: %+v, want the cause %s", name, got, c.want)
		}
	}
}

// What is documented, sealed or cancelled has no alarms left.
func TestNoAlarmForWhatIsDone(t *testing.T) {
	done := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeDelivered)
	done.settle()
	done.add(KindRecordingArchived, Details{Attempt: 1, File: "k", SHA256: "h"})
	sealed := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeDelivered)
	sealed.settle()
	sealed.add(KindRecordingAlarm, Details{Attempt: 1, Reason: "silent"}).add(KindSealed, Details{SHA256: "m"})
	cancelled := newBook(t, sampleFollowUp()).add(KindCancelled, Details{Reason: "withdrawn"})
	for name, s := range map[string]State{"documented": done.state, "sealed": sealed.state, "cancelled": cancelled.state, "nothing": {}} {
		if got := Watch(s, nil, DefaultPolicy(), alwaysOpen{}, monday.Add(24*time.Hour)); len(got) != 0 {
			t.Errorf("%s: %v", name, kindsOf(got))
		}
	}
}
