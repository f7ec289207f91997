package redisqueue_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/queue"
	"sambung/queue/redisqueue"
)

// lived is the history of a follow-up with an attempt that was busy, one under
// way, and whatever an import must bring back into the indexes.
func lived(t *testing.T, addr string) (*redisqueue.Queue, []queue.Activity) {
	t.Helper()
	q, now := open(t, addr), time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	lease, err := q.Acquire(t.Context(), "pbx1", "d1", time.Hour)
	must(err)
	must(q.PutAgent(t.Context(), queue.Agent{ID: "a1", Endpoint: "PJSIP/a1", Switch: "pbx1"}))
	_, err = q.SetPresence(t.Context(), "a1", queue.PresenceReady, "", now)
	must(err)
	f := queue.FollowUp{
		ID: "01JIMPORT00000000000000001", Ticket: "T-1", Route: queue.RouteAnswer, Agent: "a1",
		Taxpayer: queue.Taxpayer{Phone: "+628111111111"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour),
	}
	_, _, err = q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f})
	must(err)
	retry := now.Add(time.Minute)
	for attempt := 1; attempt <= 2; attempt++ {
		_, err = q.Claim(t.Context(), queue.Claim{Agent: "a1", Lease: lease, Now: retry})
		must(err)
		for _, step := range []struct {
			k queue.Kind
			d queue.Details
		}{
			{queue.KindAgentRinging, queue.Details{}},
			{queue.KindRecordingStarted, queue.Details{Tracks: &queue.Tracks{Agent: "a", Taxpayer: "t"}}},
			{queue.KindTaxpayerDialing, queue.Details{}},
			{queue.KindCallEnded, queue.Details{Result: queue.ResultBusy}},
			{queue.KindAttemptSettled, queue.Details{Next: queue.NextRetry, RetryAt: &retry, Counted: true}},
		} {
			step.d.Attempt = attempt
			_, err := q.Append(t.Context(), queue.Change{ID: f.ID, Lease: &lease, Decide: func(queue.State) ([]queue.Entry, error) {
				return []queue.Entry{{At: now, Actor: queue.ActorSystem, Kind: step.k, Details: step.d}}, nil
			}})
			must(err)
		}
	}
	history, err := q.History(t.Context(), f.ID)
	must(err)
	return q, history
}

// Imported from any moment to any other, a follow-up is what it was: state,
// history, and every index (which open compares when the test ends).
func TestImport(t *testing.T) {
	t.Parallel()
	addr := miniredis.RunT(t).Addr()
	_, history := lived(t, addr)
	for n := 1; n <= len(history); n++ {
		for m := n; m <= len(history); m++ {
			q := open(t, addr)
			for _, upTo := range []int{n, m, n} { // again: nothing is added
				if _, _, err := q.Import(t.Context(), history[:upTo]); err != nil {
					t.Fatalf("%d, %d: %v", n, m, err)
				}
			}
			s, err := q.State(t.Context(), history[0].FollowUp)
			if err != nil {
				t.Fatal(err)
			}
			want, err := queue.Fold(history[:m])
			if err != nil {
				t.Fatal(err)
			}
			if got, want := text(t, s), text(t, want); got != want {
				t.Errorf("%d, then %d:\n%s, want\n%s", n, m, got, want)
			}
			kept, err := q.History(t.Context(), s.FollowUp.ID)
			if err != nil || text(t, kept) != text(t, history[:m]) {
				t.Errorf("%d, then %d: %d activities, %v", n, m, len(kept), err)
			}
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	addr := miniredis.RunT(t).Addr()
	q, history := lived(t, addr)
	id := history[0].FollowUp
	other := open(t, addr)
	if _, _, err := other.Import(t.Context(), history[:1]); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Append(t.Context(), queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: time.Now(), Kind: queue.KindDeadlineWarning}}, nil
	}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := other.Import(t.Context(), history); !errors.Is(err, redisqueue.ErrForked) {
		t.Errorf("another way: %v", err)
	}
	if _, _, err := q.Import(t.Context(), history[1:]); !errors.Is(err, queue.ErrBrokenChain) {
		t.Errorf("without its beginning: %v", err)
	}
	if _, _, err := q.Import(t.Context(), nil); !errors.Is(err, queue.ErrBrokenChain) {
		t.Errorf("nothing: %v", err)
	}
}

func TestEpochAtLeast(t *testing.T) {
	t.Parallel()
	q := open(t, miniredis.RunT(t).Addr())
	for _, step := range []struct{ to, want int64 }{{7, 7}, {3, 7}, {8, 8}} {
		if err := q.EpochAtLeast(t.Context(), step.to); err != nil {
			t.Fatal(err)
		}
		if n, err := q.Epoch(t.Context()); err != nil || n != step.want {
			t.Errorf("%d: %d, %v, want %d", step.to, n, err, step.want)
		}
	}
}
