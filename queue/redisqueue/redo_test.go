package redisqueue

import (
	"log/slog"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/queue"
)

// TestRedoneOrLost: a follow-up that a failover lost, and whose ticket was entered
// anew meanwhile, is not written again; nobody is told that it was.
func TestRedoneOrLost(t *testing.T) {
	q, err := Open(t.Context(), Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "t", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	enqueue := func(id queue.ID, ticket string) queue.Enqueue {
		return queue.Enqueue{Actor: "user:t", FollowUp: queue.FollowUp{
			ID: id, Ticket: ticket, Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628110000001"}, ReceivedAt: at, EnteredAt: at, Deadline: at.Add(time.Hour),
		}}
	}
	acknowledged := func(e queue.Enqueue) kept {
		w, err := prepare(queue.State{}, e.FollowUp.ID, []queue.Entry{{At: at, Actor: e.Actor, Kind: queue.KindReceived, Details: queue.Details{FollowUp: &e.FollowUp}}})
		if err != nil {
			t.Fatal(err)
		}
		w.idem, w.unlessOpen = e, true
		return kept{at, w}
	}
	if _, _, err := q.Enqueue(t.Context(), enqueue("01JREDO0000000000000000001", "T-1")); err != nil {
		t.Fatal(err)
	}
	lost, fits := acknowledged(enqueue("01JREDO0000000000000000002", "T-1")), acknowledged(enqueue("01JREDO0000000000000000003", "T-2"))
	left, done, err := q.redo(t.Context(), q.client, []kept{lost, fits})
	if err != nil || done != 1 || len(left) != 1 || left[0].after.FollowUp.ID != lost.after.FollowUp.ID {
		t.Errorf("%d redone, %d left, %v; want one of each", done, len(left), err)
	}
	if _, err := q.State(t.Context(), fits.after.FollowUp.ID); err != nil {
		t.Errorf("the one that was redone: %v", err)
	}
}
