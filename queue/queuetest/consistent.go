package queuetest

import (
	"context"
	"encoding/json"
	"testing"

	"sambung/queue"
)

// CheckConsistent checks, for every follow-up, that its history is an unbroken
// chain that adds up to the stored state.
func CheckConsistent(t testing.TB, q queue.Queue) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	states, err := q.Find(ctx, queue.Filter{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		history, err := q.History(ctx, s.FollowUp.ID)
		if err != nil {
			t.Fatal(err)
		}
		folded, err := queue.Fold(history)
		if err != nil {
			t.Errorf("history of %s: %v", s.FollowUp.ID, err)
			continue
		}
		if got, want := encode(t, s), encode(t, folded); got != want {
			t.Errorf("stored state of %s\n%s\nis not what its history adds up to\n%s", s.FollowUp.ID, got, want)
		}
	}
}

func encode(t testing.TB, s queue.State) string {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
