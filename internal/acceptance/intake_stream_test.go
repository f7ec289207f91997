package acceptance_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/internal/faultproxy"
	"sambung/queue"
)

// letter is one entry of the dead letters.
type letter struct {
	fields  fields
	refusal []problem
}

// add puts an entry into the intake stream and returns its id.
func (d *door) add(f fields) string {
	d.t.Helper()
	var values []any
	for _, key := range slices.Sorted(maps.Keys(f)) {
		values = append(values, key, f[key])
	}
	id, err := d.raw.XAdd(d.t.Context(), &redis.XAddArgs{Stream: d.key("intake"), Values: values}).Result()
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// takenIn waits until every entry of the intake stream has come to its end.
func (d *door) takenIn() {
	d.t.Helper()
	eventually(d.t, 20*time.Second, "the intake stream is empty", func() bool {
		n, err := d.raw.XLen(d.t.Context(), d.key("intake")).Result()
		return err == nil && n == 0
	})
	if pending, err := d.raw.XPending(d.t.Context(), d.key("intake"), "sambung").Result(); err != nil || pending.Count != 0 {
		d.t.Errorf("entries are left unacknowledged: %+v, %v", pending, err)
	}
}

// letters reads the dead letters by the entry that each was.
func (d *door) letters() map[string]letter {
	d.t.Helper()
	all, err := d.raw.XRange(d.t.Context(), d.key("dead-letter"), "-", "+").Result()
	if err != nil {
		d.t.Fatal(err)
	}
	letters := make(map[string]letter)
	for _, m := range all {
		var l letter
		var refusal struct{ Fields []problem }
		text := func(name string) []byte { return []byte(fmt.Sprint(m.Values[name])) }
		if err := json.Unmarshal(text("fields"), &l.fields); err != nil {
			d.t.Fatal(err)
		}
		if err := json.Unmarshal(text("refusal"), &refusal); err != nil {
			d.t.Fatal(err)
		}
		l.refusal = refusal.Fields
		d.nothingSaid("the refusal of a dead letter", string(text("refusal")))
		entry := string(text("entry"))
		if _, twice := letters[entry]; twice {
			d.t.Errorf("entry %s lies twice among the dead letters", entry)
		}
		letters[entry] = l
	}
	return letters
}

func badByStream(t *testing.T, d *door) {
	before, letters := d.tickets(), len(d.letters())
	var entries []string
	for i, bad := range badInputs() {
		if i == len(badInputs())/2 {
			d.add(submission("GOOD-1"))
		}
		entries = append(entries, d.add(submission("BAD").with(bad.key, bad.value)))
	}
	d.takenIn()
	dead := d.letters()
	for i, bad := range badInputs() {
		t.Run(bad.name, func(t *testing.T) {
			d := &door{site: d.in(t)}
			l, ok := dead[entries[i]]
			if !ok {
				t.Fatal("it is not among the dead letters")
			}
			d.judge(l.refusal, bad.key, bad.problem, bad.remedy)
			want := submission("BAD").with(bad.key, strings.ToValidUTF8(bad.value, "\uFFFD"))
			if !maps.Equal(l.fields, want) {
				t.Errorf("the dead letter does not keep what was submitted: %.300v", l.fields)
			}
		})
	}
	if len(dead) != letters+len(entries) {
		t.Errorf("%d dead letters more, want %d", len(dead)-letters, len(entries))
	}
	d.added(before, "GOOD-1")
	d.taken("GOOD-1")
	events, err := d.raw.XRange(t.Context(), d.key("events"), "-", "+").Result()
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	d.nothingSaid("the events", fmt.Sprint(events))
}

// taken looks at the one follow-up of a ticket that came through the stream.
func (d *door) taken(ticket string) queue.State {
	d.t.Helper()
	states, err := d.queue.Find(d.t.Context(), queue.Filter{Ticket: ticket})
	if err != nil || len(states) != 1 {
		d.t.Fatalf("ticket %s has %d follow-ups, %v; want 1", ticket, len(states), err)
	}
	s := states[0]
	history, err := d.queue.History(d.t.Context(), s.FollowUp.ID)
	if err != nil || len(history) != 1 || history[0].Actor != queue.ActorUser("intake") {
		d.t.Errorf("its history is %v, %v", history, err)
	}
	if s.Status != queue.StatusQueued || s.FollowUp.Taxpayer.Phone != "+6281211112222" || s.FollowUp.Taxpayer.NPWP != "091234567891000" {
		d.t.Errorf("ticket %s is %s, or not in its normal form", ticket, s.Status)
	}
	return s
}

// ticketByStream: one open follow-up for each ticket, unless another is asked for.
func ticketByStream(t *testing.T, d *door) {
	before := d.tickets()
	d.add(submission("TWICE-2"))
	second := d.add(submission("TWICE-2"))
	d.takenIn()
	first := d.taken("TWICE-2")
	d.judge(d.letters()[second].refusal, "ticket", "open follow-up, "+string(first.FollowUp.ID), "allow_duplicate")
	d.added(before, "TWICE-2")
	d.add(submission("TWICE-2").with("allow_duplicate", "true"))
	d.takenIn()
	d.added(before, "TWICE-2", "TWICE-2")
}

// twiceByStream: an entry whose acknowledgement was lost is delivered again, and
// is neither enqueued again nor called a second follow-up of its own ticket.
func twiceByStream(t *testing.T, d *door) {
	before, letters := d.tickets(), len(d.letters())
	lost := d.proxy.Arm(faultproxy.Fault{Match: "xack", DropRequest: true})
	entry := d.add(submission("AGAIN-1"))
	select {
	case <-lost:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was acknowledged")
	}
	d.added(before, "AGAIN-1")
	if n := d.raw.XLen(t.Context(), d.key("intake")).Val(); n != 1 {
		t.Fatalf("%d entries in the stream, want the one that was not acknowledged", n)
	}
	// A minute has passed since it was delivered to a daemon that is gone.
	claim := d.raw.Do(t.Context(), "XCLAIM", d.key("intake"), "sambung", "gone", 0, entry, "IDLE", time.Minute.Milliseconds())
	if err := claim.Err(); err != nil {
		t.Fatal(err)
	}
	d.takenIn()
	d.taken("AGAIN-1")
	d.added(before, "AGAIN-1")
	if n := len(d.letters()); n != letters {
		t.Errorf("%d dead letters more, want none", n-letters)
	}
}
