package queue

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestRandomLives throws random entries at the state machine. Most of them are
// plausible where the follow-up stands, so that lives get far; the rest is noise.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s State
		var history []Activity
		dialled := map[int]int{} // taxpayer_dialing by attempt
		at := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
		for range rapid.IntRange(1, 80).Draw(t, "entries") {
			at = at.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "wait")) * time.Second)
			a, err := Chain("01JD000000000000000000TEST", s.Version, s.Head, drawEntry(t, s, at))
			if err != nil {
				t.Fatalf("Chain: %v", err)
			}
			before := deepCopy(s)
			after, err := Apply(s, a)
			if !reflect.DeepEqual(s, before) {
				t.Fatalf("Apply of %s changed the state it was given", a.Kind)
			}
			if err != nil {
				requireRefusal(t, a, err)
				continue
			}
			history = append(history, a)
			if a.Kind == KindTaxpayerDialing {
				dialled[after.Attempt]++
			}
			requireInvariants(t, before, after, a, dialled)
			s = after
		}
		folded, err := Fold(history)
		if err != nil {
			t.Fatalf("Fold: %v", err)
		}
		if !reflect.DeepEqual(folded, s) {
			t.Fatalf("Fold of the history is\n%+v\nadding it up step by step gave\n%+v", folded, s)
		}
	})
}

// requireRefusal: only decisions and intents are refused, with a typed error.
func requireRefusal(t *rapid.T, a Activity, err error) {
	var refused *RefusedError
	if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) {
		t.Fatalf("%s: %v is not a *RefusedError", a.Kind, err)
	}
	if refused.Kind != a.Kind || refused.FollowUp != a.FollowUp || refused.Why == "" {
		t.Fatalf("the refusal of %s says %+v", a.Kind, refused)
	}
	if info, known := a.Kind.Info(); a.Seq > 1 && (!known || info.Class == ClassObservation) {
		t.Fatalf("%q, which is an observation or of a later version, was refused: %v", a.Kind, err)
	}
}

func requireInvariants(t *rapid.T, before, after State, a Activity, dialled map[int]int) {
	check := func(ok bool, what string) {
		if !ok {
			t.Fatalf("after %s, from %s to %s: %s\n%+v", a.Kind, before.Status, after.Status, what, after)
		}
	}
	check(slices.Contains(Statuses(), after.Status), "the status is not one of Statuses")
	check(after.Version == before.Version+1 && after.Head == a.Hash, "version and head do not follow")
	check((after.Assignment != nil) == after.Status.Reserved(), "an assignment must stand exactly while reserved")
	check(after.Assignment == nil || after.Assignment.Attempt == after.Attempt, "the assignment is of another attempt")
	check(after.Counted <= after.Attempt, "more attempts counted than made")
	check(a.Kind == KindAttemptPresumed || (after.Attempt == before.Attempt || (a.Kind.beginsAttempt() && after.Attempt == before.Attempt+1)), "the attempt number jumped")
	for attempt, n := range dialled {
		check(n <= 1, "the taxpayer was dialled twice in one attempt")
		check(attempt > 0, "the taxpayer was dialled outside an attempt")
	}
	if a.Kind == KindManualConversation {
		last := after.Recordings[len(after.Recordings)-1]
		check(!needsAgent(before.FollowUp), "an unrequested opinion was documented before an agent was named")
		check(last.Manual && last.Attempt == after.Attempt && (last.Key != "" || last.Alarm != ""), "a conversation was documented without recording or alarm")
		check(before.Status == StatusQueued || before.Status == StatusHandedBack, "documented while somebody may have been rung for it")
	}
	if a.Kind == KindAssigned {
		check(!needsAgent(before.FollowUp), "an unrequested opinion was handed out before an agent was named")
		check(after.FollowUp.Agent == "" || after.FollowUp.Agent == after.Assignment.Agent, "somebody else than the designated agent got it")
	}
	if before.Dossier == DossierSealed {
		check(after.Dossier == DossierSealed && after.Manifest == before.Manifest && after.SealedAt.Equal(before.SealedAt), "a sealed dossier changed")
	}
	if after.Dossier == DossierSealed && before.Dossier != DossierSealed {
		check(a.Kind == KindSealed && after.Status.Ended() && !before.PendingRecordings(), "sealed too early")
	}
	if before.Status.Ended() {
		check(after.Status == before.Status, "an ended follow-up came back to life")
	}
	check(!after.MetDeadline() || after.Status == StatusClosed, "the deadline was met by what is not closed")
}

// drawEntry draws an entry: three times out of four of a kind that the table
// knows where s stands, with details that mostly fit.
func drawEntry(t *rapid.T, s State, at time.Time) Entry {
	var fitting []Kind
	for _, line := range transitions {
		if slices.Contains(line.From, s.Status) && line.Kind != KindCancelled {
			fitting = append(fitting, line.Kind)
		}
	}
	if s.Dossier == DossierArchiving {
		fitting = append(fitting, KindRecordingArchived, KindRecordingAlarm)
	}
	kind := rapid.SampledFrom(everyKind()).Draw(t, "kind")
	if len(fitting) > 0 && rapid.IntRange(0, 3).Draw(t, "noise") > 0 {
		kind = rapid.SampledFrom(fitting).Draw(t, "fitting kind")
	}
	return Entry{At: at, Actor: ActorSystem, Kind: kind, Details: drawDetails(t, s, kind, at)}
}

func everyKind() []Kind {
	all := []Kind{"of_a_later_version", ""}
	for _, info := range kinds {
		all = append(all, info.Kind)
	}
	return all
}

func drawDetails(t *rapid.T, s State, k Kind, at time.Time) Details {
	attempt := rapid.SampledFrom([]int{0, s.Attempt, s.Attempt, s.Attempt, s.Attempt + 1, s.Attempt - 1, 99}).Draw(t, "attempt")
	if k.beginsAttempt() && rapid.Bool().Draw(t, "next attempt") {
		attempt = s.Attempt + 1
	}
	d := Details{
		Attempt: attempt,
		Agent:   rapid.SampledFrom([]AgentID{"agent-1", "agent-1", "agent-2", ""}).Draw(t, "agent"),
		Switch:  "asterisk-1", Fence: Fence(rapid.IntRange(0, 5).Draw(t, "fence")),
		Result: rapid.SampledFrom(everyResult).Draw(t, "result"), Outcome: rapid.SampledFrom(everyOutcome).Draw(t, "outcome"),
		Next:    rapid.SampledFrom([]Next{NextClose, NextRetry, NextRetry, NextRetry, NextHandBack, ""}).Draw(t, "next"),
		Counted: rapid.Bool().Draw(t, "counted"),
		Reason:  rapid.SampledFrom([]string{"", "a reason"}).Draw(t, "reason"),
		SHA256:  rapid.StringMatching("[0-9a-f]{4}").Draw(t, "hash"), UpTo: rapid.IntRange(0, 90).Draw(t, "up to"),
	}
	if rapid.Bool().Draw(t, "with time") {
		d.RetryAt, d.CallbackAt = &at, &at
	}
	if k == KindManualConversation && rapid.IntRange(0, 3).Draw(t, "held") > 0 {
		d.Manual = &ManualCall{AnsweredAt: at, EndedAt: at.Add(time.Minute), Reason: "a reason"}
		d.Manual.Alarm = rapid.SampledFrom([]string{"", "no recorder"}).Draw(t, "alarm")
		d.File = rapid.SampledFrom([]string{"", "recordings/x.wav"}).Draw(t, "file")
	}
	if rapid.Bool().Draw(t, "with tracks") {
		d.Tracks = &Tracks{Agent: "a", Taxpayer: "t", AgentStartedAt: at, TaxpayerStartedAt: at}
	}
	if rapid.IntRange(0, 4).Draw(t, "without follow-up") > 0 {
		d.FollowUp = drawFollowUp(t, s)
	}
	return d
}

func drawFollowUp(t *rapid.T, s State) *FollowUp {
	f := FollowUp{
		ID: "01JD000000000000000000TEST", Route: rapid.SampledFrom(Routes()).Draw(t, "route"),
		Agent:    rapid.SampledFrom([]AgentID{"", "", "agent-1"}).Draw(t, "designated"),
		Manual:   rapid.IntRange(0, 9).Draw(t, "manual") == 0,
		Deadline: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC),
	}
	if s.Version > 0 && rapid.Bool().Draw(t, "same follow-up") {
		f = s.FollowUp
	}
	return &f
}

// deepCopy copies what Apply might write through.
func deepCopy(s State) State {
	s.Recordings = slices.Clone(s.Recordings)
	if s.Assignment != nil {
		held := *s.Assignment
		s.Assignment = &held
	}
	if s.Call.Tracks != nil {
		tracks := *s.Call.Tracks
		s.Call.Tracks = &tracks
	}
	return s
}
