package dispatch

import (
	"context"
	"errors"
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
	idleSwitch
	traces []telephony.Trace
}

func (s *strewn) Traces(context.Context) ([]telephony.Trace, error) { return s.traces, nil }

// owned is a ledger, and a switch that is held in it.
func owned(t *testing.T) (*redisqueue.Queue, *ownership.Keeper) {
	t.Helper()
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	keeper, err := ownership.Acquire(t.Context(), q, "pbx1", "d1", time.Minute, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return q, keeper
}

// bare is a switch at which there is nothing.
type bare struct{ idleSwitch }

func (*bare) Traces(context.Context) ([]telephony.Trace, error) { return nil, nil }

// another is a server that was never compared, beside an archive that may be away,
// or hold a recording of what the server does not know.
type another struct {
	away      error
	strangers []queue.ID
	compared  bool
}

func (a *another) Server(context.Context, string) (string, bool, error) {
	return "run", a.compared, nil
}
func (a *another) BringBack(context.Context) ([]queue.ID, error)  { return a.strangers, a.away }
func (a *another) Compared(context.Context, string, string) error { a.compared = true; return nil }
func (a *another) Trust(context.Context) error {
	if !a.compared {
		return queue.ErrUnsettled
	}
	return nil
}

// TestNewServerBesideAnArchiveThatIsAway: the calls of the switch are gone on with,
// and nothing is claimed until what was archived was looked at.
func TestNewServerBesideAnArchiveThatIsAway(t *testing.T) {
	q, keeper := owned(t)
	trust := &another{away: errors.New("the archive is away")}
	d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{
		Queue: q, Switch: &bare{}, Owner: keeper, Journal: openJournal(t, t.TempDir()), Trust: trust, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err := d.settle(t.Context()); err != nil {
		t.Errorf("the calls are not gone on with: %v", err)
	}
	if err := d.trust(t.Context()); !errors.Is(err, trust.away) || !errors.Is(err, queue.ErrUnsettled) || trust.compared {
		t.Errorf("%v; compared: %t", err, trust.compared)
	}
	trust.away = nil
	if err := d.trust(t.Context()); err != nil || !trust.compared {
		t.Errorf("the archive is back: %v; compared: %t", err, trust.compared)
	}
}

// TestEveryLostAttemptIsPresumed: of several attempts that a ledger lost, each comes
// into the book with its own recording, in whatever order they are found.
func TestEveryLostAttemptIsPresumed(t *testing.T) {
	q, keeper := owned(t)
	log, now := slog.New(slog.DiscardHandler), time.Now()
	id := queue.ID(ulid.Make().String())
	f := queue.FollowUp{ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628121000001"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")}); err != nil {
		t.Fatal(err)
	}
	sw := &strewn{traces: []telephony.Trace{{CallID: CallID(id, 2), Recorded: true}, {CallID: CallID(id, 1), Recorded: true}}}
	d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{Queue: q, Switch: sw, Owner: keeper, Now: time.Now, Log: log})
	lease, err := keeper.Lease()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.compare(t.Context(), lease); err != nil {
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

// TestAFollowUpThatComesBack: something is left of a follow-up that the new server does
// not know, because the daemon that entered it has not reached that server yet, or sleeps.
// When it is there the switch is compared again, and the attempt found.
func TestAFollowUpThatComesBack(t *testing.T) {
	q, keeper := owned(t)
	now := time.Now()
	id := queue.ID(ulid.Make().String())
	trust := &another{}
	d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{
		Queue: q, Switch: &strewn{traces: []telephony.Trace{{CallID: CallID(id, 1), Recorded: true}}}, Owner: keeper, Journal: openJournal(t, t.TempDir()),
		Trust: trust, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	compared := func(when string) {
		t.Helper()
		if err := d.ask(t.Context()); !errors.Is(err, queue.ErrUnsettled) {
			t.Fatalf("%s: %v; want it compared", when, err)
		}
		if err := d.trust(t.Context()); err != nil || !trust.compared {
			t.Fatalf("%s: %v; compared: %t", when, err, trust.compared)
		}
		if err := d.ask(t.Context()); err != nil {
			t.Fatalf("%s, and compared: %v", when, err)
		}
	}
	compared("it is not there")
	f := queue.FollowUp{ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628121000001"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")}); err != nil {
		t.Fatal(err)
	}
	trust.compared = false
	compared("it has come back")
	if s, err := q.State(t.Context(), id); err != nil || s.Status != queue.StatusHandedBack || s.Attempt != 1 {
		t.Errorf("%s after attempt %d, %v; want it handed back after the one that was found", s.Status, s.Attempt, err)
	}
}

// TestAFollowUpThatIsLost: what nobody writes again holds up nobody, be it found at the
// switch or in the archive.
func TestAFollowUpThatIsLost(t *testing.T) {
	q, keeper := owned(t)
	stranger := queue.ID(ulid.Make().String())
	for name, found := range map[string]struct {
		sw       telephony.Switch
		archived []queue.ID
	}{
		"at the switch":  {&strewn{traces: []telephony.Trace{{CallID: CallID(stranger, 1), Recorded: true}}}, nil},
		"in the archive": {&bare{}, []queue.ID{stranger}},
	} {
		trust := &another{strangers: found.archived}
		d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{
			Queue: q, Switch: found.sw, Owner: keeper, Journal: openJournal(t, t.TempDir()), Trust: trust, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		})
		if err := d.trust(t.Context()); err != nil || !trust.compared {
			t.Errorf("%s: %v; compared: %t", name, err, trust.compared)
		}
	}
}

// noticed is a server that was never compared; it tells when it was.
type noticed struct {
	another
	told func()
}

func (n *noticed) Compared(ctx context.Context, sw, server string) error {
	defer n.told()
	return n.another.Compared(ctx, sw, server)
}

// TestASwitchIsComparedWithNobodyToClaimFor: its agents may all be away, and the other
// switches wait for it.
func TestASwitchIsComparedWithNobodyToClaimFor(t *testing.T) {
	q, keeper := owned(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	trust := &noticed{told: cancel}
	d := New(Config{Calendar: workhours.AlwaysOpen(), Poll: 10 * time.Millisecond, MaxCalls: 1}, Deps{
		Queue: q, Switch: &bare{}, Owner: keeper, Journal: openJournal(t, t.TempDir()), MayBegin: func() error { return nil },
		Trust: trust, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	d.trials.set(nil)
	if err := d.serve(ctx); err != nil || !trust.compared {
		t.Errorf("%v; compared: %t", err, trust.compared)
	}
}

// TestAnAttemptUnderWayThatTheServerDoesNotKnow: its agent and its number are free there,
// so nothing is claimed until it is over, or known again.
func TestAnAttemptUnderWayThatTheServerDoesNotKnow(t *testing.T) {
	q, keeper := owned(t)
	now := time.Now()
	trust := &another{}
	d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{
		Queue: q, Switch: &bare{}, Owner: keeper, Journal: openJournal(t, t.TempDir()), Trust: trust, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	f := queue.FollowUp{ID: queue.ID(ulid.Make().String()), Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628121000001"}, ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour)}
	c := d.register(queue.State{FollowUp: f, Assignment: &queue.Assignment{Agent: "a1", Switch: "pbx1"}, Attempt: 1}, "PJSIP/a1")
	if err := d.trust(t.Context()); !errors.Is(err, errLostCall) || trust.compared {
		t.Errorf("of a follow-up that it does not know: %v; compared: %t", err, trust.compared)
	}
	if _, _, err := q.Enqueue(t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")}); err != nil {
		t.Fatal(err)
	}
	if err := d.trust(t.Context()); !errors.Is(err, errLostCall) || trust.compared {
		t.Errorf("of a follow-up that it knows: %v; compared: %t", err, trust.compared)
	}
	c.release()
	if err := d.trust(t.Context()); err != nil || !trust.compared {
		t.Errorf("it is over: %v; compared: %t", err, trust.compared)
	}
}

// TestATalkOfAStrangerIsNotCut: nothing is decided on while somebody talks in a call
// whose follow-up the new server does not know.
func TestATalkOfAStrangerIsNotCut(t *testing.T) {
	q, keeper := owned(t)
	trust := &another{}
	d := New(Config{Calendar: workhours.AlwaysOpen()}, Deps{
		Queue: q, Owner: keeper, Journal: openJournal(t, t.TempDir()), Trust: trust, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Switch: &talkative{strewn{traces: []telephony.Trace{{CallID: CallID(queue.ID(ulid.Make().String()), 1), Recorded: true, Alive: true, Talking: true}}}},
	})
	if err := d.settle(t.Context()); !errors.Is(err, errLostTalk) || trust.compared {
		t.Errorf("%v; compared: %t", err, trust.compared)
	}
}

// talkative is a switch whose calls are there, and are not to be taken down.
type talkative struct{ strewn }

func (s *talkative) Calls(context.Context) ([]string, error) {
	return []string{s.traces[0].CallID}, nil
}

func (s *talkative) Discard(context.Context, string) error {
	return errors.New("the talk was cut")
}
