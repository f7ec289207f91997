package daemon

import (
	"fmt"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
)

// TestTheHourRunsFromWhenAnEntryWasAdded: it was received then, also when every daemon
// was away for two hours.
func TestTheHourRunsFromWhenAnEntryWasAdded(t *testing.T) {
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "t"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	now := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	added := now.Add(-2 * time.Hour).Add(345 * time.Millisecond)
	a := &App{queue: q, calendar: workhours.AlwaysOpen(), now: func() time.Time { return now }}
	a.config.Policy.TimeLimit = time.Hour
	for i, c := range []struct {
		entry, stated string
		want          time.Time
	}{
		{fmt.Sprintf("%d-0", added.UnixMilli()), "", added},
		{fmt.Sprintf("%d-1", added.UnixMilli()), "2026-11-23T11:30:00+07:00", now.Add(-30 * time.Minute)},
		{fmt.Sprintf("%d-0", now.Add(time.Second).UnixMilli()), "", now}, // a server ahead of us
		{"7-1", "", now}, // an id that whoever added it made up
	} {
		fields := map[string]string{"ticket": fmt.Sprintf("T-%d", i), "route": "answer", "taxpayer": "Contoh", "phone": "081234567890", "message": "Pesan"}
		if c.stated != "" {
			fields["received_at"] = c.stated
		}
		for range 2 { // delivered twice, it counts once
			if err := a.accept(t.Context(), c.entry, fields); err != nil {
				t.Fatal(err)
			}
		}
		found, err := q.Find(t.Context(), queue.Filter{Ticket: fields["ticket"]})
		if err != nil || len(found) != 1 {
			t.Fatalf("%d follow-ups, %v", len(found), err)
		}
		if f := found[0].FollowUp; !f.ReceivedAt.Equal(c.want) || !f.Deadline.Equal(c.want.Add(time.Hour)) {
			t.Errorf("entry %s: received %s, due %s; want %s and an hour later", c.entry, f.ReceivedAt, f.Deadline, c.want)
		}
	}
}
