package stranded_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/daemon/stranded"
	"sambung/queue"
	"sambung/queue/redisqueue"
)

var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// book is a ledger with a lease of its own for each switch.
type book struct {
	*testing.T
	*redisqueue.Queue
	made int
}

func open(t *testing.T) *book {
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "t"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return &book{T: t, Queue: q}
}

func (b *book) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// attempt is a follow-up whose first attempt is made at a switch, as far as kinds go.
func (b *book) attempt(name string, deadline time.Time, kinds ...queue.Kind) queue.ID {
	b.Helper()
	b.made++
	id := queue.ID(fmt.Sprintf("01JSTRANDED%015d", b.made))
	ctx, agent := b.Context(), queue.AgentID(fmt.Sprintf("a%d", b.made))
	_, _, err := b.Enqueue(ctx, queue.Enqueue{FollowUp: queue.FollowUp{
		ID: id, Ticket: string(id), Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: fmt.Sprintf("+62811%08d", b.made)},
		ReceivedAt: deadline.Add(-time.Hour), EnteredAt: deadline.Add(-time.Hour), Deadline: deadline,
	}})
	b.must(err)
	if name == "" {
		return id
	}
	lease, err := b.Acquire(ctx, name, "gone", time.Minute)
	b.must(err)
	b.must(b.PutAgent(ctx, queue.Agent{ID: agent, Endpoint: "PJSIP/a", Switch: name}))
	_, err = b.SetPresence(ctx, agent, queue.PresenceReady, "", now)
	b.must(err)
	_, err = b.Claim(ctx, queue.Claim{Agent: agent, Lease: lease, Now: now})
	b.must(err)
	for _, k := range kinds {
		d := queue.Details{Attempt: 1}
		switch k {
		case queue.KindRecordingStarted:
			d.Tracks = &queue.Tracks{Agent: "l", Taxpayer: "r", AgentStartedAt: now, TaxpayerStartedAt: now}
		case queue.KindCallEnded:
			d.Result = queue.ResultBusy
		case queue.KindAttemptSettled:
			d.Next, d.Counted = queue.NextHandBack, true
		}
		_, err := b.Append(ctx, queue.Change{ID: id, Lease: &lease, Decide: func(queue.State) ([]queue.Entry, error) {
			return []queue.Entry{{At: now, Actor: queue.ActorSystem, Kind: k, Details: d}}, nil
		}})
		b.must(err)
	}
	b.must(b.RemoveAgent(ctx, agent))
	b.must(b.Surrender(ctx, lease))
	return id
}

// whole is an attempt that was settled and whose recording lies at its switch.
var whole = []queue.Kind{queue.KindAgentRinging, queue.KindRecordingStarted, queue.KindTaxpayerDialing, queue.KindCallEnded, queue.KindAttemptSettled}

func (b *book) want(what string, configured []string, want ...stranded.Switch) {
	b.Helper()
	if found, err := stranded.Find(b.Context(), b, configured, now); err != nil || !slices.Equal(found, want) {
		b.Errorf("%s: %v, %v; want %v", what, found, err, want)
	}
}

func TestFind(t *testing.T) {
	b := open(t)
	b.attempt("", now.Add(48*time.Hour)) // claims take the others before it
	b.want("nothing was called", nil)
	b.attempt("pbx-old", now.Add(-3*24*time.Hour), whole...)
	b.attempt("pbx-old", now.Add(-90*24*time.Hour), whole...) // counted once the name is known
	b.attempt("pbx-new", now.Add(time.Hour), whole...)
	b.want("one of two is configured", []string{"pbx-new"}, stranded.Switch{Name: "pbx-old", FollowUps: 2})
	b.want("both are", []string{"pbx-new", "pbx-old"})
	b.want("neither is", nil, stranded.Switch{Name: "pbx-new", FollowUps: 1}, stranded.Switch{Name: "pbx-old", FollowUps: 2})

	lease, err := b.Acquire(t.Context(), "pbx-old", "another daemon", time.Minute)
	b.must(err)
	b.want("another daemon serves it", []string{"pbx-new"})
	b.must(b.Surrender(t.Context(), lease))

	cancelled := b.attempt("", now)
	_, err = b.Append(t.Context(), queue.Change{ID: cancelled, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: now, Actor: queue.ActorSystem, Kind: queue.KindCancelled, Details: queue.Details{Reason: "r"}}}, nil
	}})
	b.must(err)
	b.want("what any daemon can seal waits at none", []string{"pbx-new"}, stranded.Switch{Name: "pbx-old", FollowUps: 2})
}

// A call that was under way keeps its agent and number until its switch is asked.
func TestFindWhatIsHeld(t *testing.T) {
	b := open(t)
	b.attempt("", now)
	b.must(b.PutAgent(t.Context(), queue.Agent{ID: "a", Endpoint: "PJSIP/a", Switch: "pbx-old"}))
	b.want("an agent alone strands nothing", nil)
	_, err := b.SetPresence(t.Context(), "a", queue.PresenceReady, "", now)
	b.must(err)
	lease, err := b.Acquire(t.Context(), "pbx-old", "gone", time.Minute)
	b.must(err)
	_, err = b.Claim(t.Context(), queue.Claim{Agent: "a", Lease: lease, Now: now})
	b.must(err)
	b.must(b.Surrender(t.Context(), lease))
	b.want("a call is under way", nil, stranded.Switch{Name: "pbx-old", FollowUps: 1})
	b.must(b.PutAgent(t.Context(), queue.Agent{ID: "a", Endpoint: "PJSIP/a", Switch: "pbx-new"}))
	b.want("its agent has moved", []string{"pbx-new"}, stranded.Switch{Name: "pbx-old", FollowUps: 1})
}

// unreadable is a ledger that fails at one question.
type unreadable struct {
	stranded.Ledger
	at string
}

var errAway = errors.New("away")

func (u unreadable) fails(at string) error {
	if u.at == at {
		return errAway
	}
	return nil
}

func (u unreadable) Agents(context.Context) ([]queue.Agent, error) {
	return []queue.Agent{{Switch: "pbx-old"}}, u.fails("agents")
}
func (u unreadable) Find(context.Context, queue.Filter) ([]queue.State, error) {
	return nil, u.fails("find")
}
func (u unreadable) Owner(context.Context, string) (string, error) { return "", u.fails("owner") }
func (u unreadable) Held(context.Context, string) ([]queue.ID, error) {
	return []queue.ID{"1"}, u.fails("held")
}
func (u unreadable) PendingEvidence(_ context.Context, name string, _ int) ([]queue.ID, error) {
	return nil, u.fails("evidence" + name)
}

func TestFindSaysWhatItCouldNotAsk(t *testing.T) {
	for _, at := range []string{"agents", "find", "owner", "held", "evidence", "evidencepbx-old"} {
		if found, err := stranded.Find(t.Context(), unreadable{at: at}, nil, now); !errors.Is(err, errAway) || found != nil {
			t.Errorf("%s: %v, %v", at, found, err)
		}
	}
	if found, err := stranded.Find(t.Context(), unreadable{}, nil, now); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}
