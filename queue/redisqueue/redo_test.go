package redisqueue

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/queue"
)

var redoAt = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// daemons are some that keep what they write, under Sentinel as it were, over one store.
func daemons(t *testing.T, n int) (all []*Queue) {
	t.Helper()
	server := miniredis.RunT(t)
	for range n {
		q, err := Open(t.Context(), Options{Addrs: []string{server.Addr()}, Site: "t", Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = q.Close() })
		q.replicated = true
		all = append(all, q)
	}
	return all
}

func received(id queue.ID, ticket string) queue.Enqueue {
	return queue.Enqueue{Actor: "user:t", FollowUp: queue.FollowUp{
		ID: id, Ticket: ticket, Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628110000001"}, ReceivedAt: redoAt, EnteredAt: redoAt, Deadline: redoAt.Add(time.Hour),
	}}
}

// acknowledged is a write that a failover lost.
func acknowledged(t *testing.T, before queue.State, id queue.ID, entries ...queue.Entry) kept {
	t.Helper()
	w, err := prepare(before, id, entries)
	if err != nil {
		t.Fatal(err)
	}
	return kept{redoAt, w}
}

// entered is the first write of a follow-up.
func entered(t *testing.T, e queue.Enqueue) kept {
	t.Helper()
	k := acknowledged(t, queue.State{}, e.FollowUp.ID, queue.Entry{At: redoAt, Actor: e.Actor, Kind: queue.KindReceived, Details: queue.Details{FollowUp: &e.FollowUp}})
	k.idem, k.unlessOpen = e, true
	return k
}

// TestRedoneOrLost: a follow-up that a failover lost, and whose ticket was entered
// anew meanwhile, is not written again; nobody is told that it was.
func TestRedoneOrLost(t *testing.T) {
	q := daemons(t, 1)[0]
	if _, _, err := q.Enqueue(t.Context(), received("01JREDO0000000000000000001", "T-1")); err != nil {
		t.Fatal(err)
	}
	lost, fits := entered(t, received("01JREDO0000000000000000002", "T-1")), entered(t, received("01JREDO0000000000000000003", "T-2"))
	left, done, err := q.redo(t.Context(), q.client, []kept{lost, fits})
	if err != nil || done != 1 || len(left) != 1 || left[0].after.FollowUp.ID != lost.after.FollowUp.ID {
		t.Errorf("%d redone, %d left, %v; want one of each", done, len(left), err)
	}
	if _, err := q.State(t.Context(), fits.after.FollowUp.ID); err != nil {
		t.Errorf("the one that was redone: %v", err)
	}
}

// TestNothingIsClaimedOnceSomethingCameBack: another daemon writes again what a failover
// lost, after every switch was compared with the new server: nothing is claimed until they
// are compared anew.
func TestNothingIsClaimedOnceSomethingCameBack(t *testing.T) {
	all := daemons(t, 2)
	q, late := all[0], all[1]
	lease, err := q.Acquire(t.Context(), "pbx1", "d1", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.PutAgent(t.Context(), queue.Agent{ID: "a1", Endpoint: "PJSIP/a1", Switch: "pbx1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := q.SetPresence(t.Context(), "a1", queue.PresenceReady, "", redoAt); err != nil {
		t.Fatal(err)
	}
	claim := func() (queue.State, error) {
		return q.Claim(t.Context(), queue.Claim{Agent: "a1", Lease: lease, Now: redoAt})
	}
	trust := func() {
		t.Helper()
		if err := q.Trust(t.Context(), []string{"pbx1"}); err != nil {
			t.Fatal(err)
		}
	}
	trust()
	if _, err := claim(); !errors.Is(err, queue.ErrNothingToClaim) {
		t.Fatalf("nothing is there yet: %v", err)
	}
	e := received("01JREDO0000000000000000001", "T-1")
	if _, done, err := late.redo(t.Context(), late.client, []kept{entered(t, e)}); err != nil || done != 1 {
		t.Fatalf("%d redone, %v", done, err)
	}
	if s, err := claim(); !errors.Is(err, queue.ErrUnsettled) {
		t.Fatalf("claimed %s, %v; its attempts were not looked for", s.FollowUp.ID, err)
	}
	trust()
	if s, err := claim(); err != nil || s.FollowUp.ID != e.FollowUp.ID {
		t.Errorf("claimed %s, %v", s.FollowUp.ID, err)
	}
}

// TestWhatCameBackCarriesOn: one daemon took a follow-up in, and another claimed it. The
// other one is the first at the new server, where its writes do not fit; they do when the
// follow-up is there, before anything else is written of it.
func TestWhatCameBackCarriesOn(t *testing.T) {
	look := func(q *Queue, _ kept) error {
		_, _, err := q.Server(context.Background(), "pbx1")
		return err
	}
	write := func(q *Queue, claimed kept) error {
		_, err := q.Append(context.Background(), queue.Change{ID: claimed.after.FollowUp.ID, Known: &claimed.after, Decide: func(s queue.State) ([]queue.Entry, error) {
			return []queue.Entry{{At: redoAt, Actor: queue.ActorSystem, Kind: queue.KindAgentRinging, Details: queue.Details{Attempt: 1}}}, nil
		}})
		return err
	}
	for name, do := range map[string]func(*Queue, kept) error{"when the switch is compared": look, "when more is written": write} {
		t.Run(name, func(t *testing.T) {
			all := daemons(t, 2)
			q, late := all[0], all[1]
			first := entered(t, received("01JREDO0000000000000000001", "T-1"))
			claimed := acknowledged(t, first.after, first.after.FollowUp.ID, queue.Entry{
				At: redoAt, Actor: queue.ActorSystem, Kind: queue.KindAssigned, Details: queue.Details{Agent: "a1", Attempt: 1, Switch: "pbx1", Fence: 1},
			})
			q.keptMu.Lock()
			q.kept = []kept{claimed}
			q.keptMu.Unlock()
			q.serverMu.Lock()
			err := q.catchUp(t.Context(), server{})
			q.serverMu.Unlock()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := q.State(t.Context(), first.after.FollowUp.ID); !errors.Is(err, queue.ErrNotFound) {
				t.Fatalf("written without its beginning: %v", err)
			}
			if err := look(q, claimed); err != nil {
				t.Fatal(err)
			}
			if _, done, err := late.redo(t.Context(), late.client, []kept{first}); err != nil || done != 1 {
				t.Fatalf("%d redone, %v", done, err)
			}
			if err := do(q, claimed); err != nil {
				t.Error(err)
			}
			s, err := q.State(t.Context(), first.after.FollowUp.ID)
			if err != nil || s.Attempt != 1 || !s.Status.Reserved() {
				t.Errorf("%s, attempt %d, %v", s.Status, s.Attempt, err)
			}
		})
	}
}

// TestCatchingUpOutlivesTheCommand: the command that first reaches the new server has
// seconds, and thousands of writes may be kept.
func TestCatchingUpOutlivesTheCommand(t *testing.T) {
	q := daemons(t, 1)[0]
	first := entered(t, received("01JREDO0000000000000000001", "T-1"))
	q.keptMu.Lock()
	q.kept = []kept{first}
	q.keptMu.Unlock()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	q.serverMu.Lock()
	err := q.catchUp(over, server{})
	q.serverMu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	if s, err := q.State(t.Context(), first.after.FollowUp.ID); err != nil || s.Version != 1 {
		t.Errorf("version %d, %v", s.Version, err)
	}
}
