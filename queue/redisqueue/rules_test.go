package redisqueue

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/queue"
)

// TestAStateOfAnotherVersionIsFoldedAnew: a daemon of another version, which runs
// beside this one during an upgrade, stores states by its own rules. The history
// decides what this version reads, and goes on from.
func TestAStateOfAnotherVersionIsFoldedAnew(t *testing.T) {
	q, err := Open(t.Context(), Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	f := queue.FollowUp{
		ID: "01JRULES000000000000000001", Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Name: "Budi", Phone: "+628121000001"},
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
	want, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")})
	if err != nil {
		t.Fatal(err)
	}
	other := want
	other.Rules, other.Reason = 0, "what only the other version says"
	text, err := json.Marshal(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.client.HSet(t.Context(), q.key("f:"+string(f.ID)), "state", text).Err(); err != nil {
		t.Fatal(err)
	}
	got, err := q.State(t.Context(), f.ID)
	if err != nil || got.Reason != "" || got.Outdated() {
		t.Errorf("read %+v, %v", got, err)
	}
	found, err := q.Find(t.Context(), queue.Filter{Ticket: "T-1"})
	if err != nil || len(found) != 1 || found[0].Reason != "" || found[0].Outdated() {
		t.Errorf("found %+v, %v", found, err)
	}
}
