package dispatch

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/oklog/ulid/v2"

	"sambung/daemon/ownership"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

// strewn is a switch with what a ledger has lost.
type strewn struct {
	telephony.Switch
	traces []telephony.Trace
}

func (s strewn) Traces(context.Context) ([]telephony.Trace, error) { return s.traces, nil }

// TestEveryLostAttemptIsPresumed: of several attempts that a ledger lost, each comes
// into the book with its own recording, in whatever order they are found.
func TestEveryLostAttemptIsPresumed(t *testing.T) {
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	log, now := slog.New(slog.DiscardHandler), time.Now()
	keeper, err := ownership.Acquire(t.Context(), q, "pbx1", "d1", time.Minute, log)
	if err != nil {
		t.Fatal(err)
	}
	id := queue.ID(ulid.Make().String())
	f := queue.FollowUp{ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628121000001"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")}); err != nil {
		t.Fatal(err)
	}
	sw := strewn{traces: []telephony.Trace{{CallID: CallID(id, 2), Recorded: true}, {CallID: CallID(id, 1), Recorded: true}}}
	d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{Queue: q, Switch: sw, Owner: keeper, Now: time.Now, Log: log})
	lease, err := keeper.Lease()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.compare(t.Context(), lease); err != nil {
		t.Fatal(err)
	}
	s, err := q.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != queue.StatusHandedBack || s.Attempt != 2 || len(s.Recordings) != 2 {
		t.Fatalf("%s after attempt %d, with the recordings %+v; want both", s.Status, s.Attempt, s.Recordings)
	}
	for i, r := range s.Recordings {
		if want := telephony.TracksOf(CallID(id, i+1)).Taxpayer; r.Attempt != i+1 || r.Status != queue.RecordingAtSwitch || r.Tracks.Taxpayer != want {
			t.Errorf("recording %+v, want one of attempt %d at %s", r, i+1, want)
		}
	}
}
