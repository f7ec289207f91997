package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sambung/daemon/journal"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

var errAway = errors.New("the ledger is away")

// sleepy is a ledger that is away until a moment, and a switch beside it. What
// it is not asked for here it does not have.
type sleepy struct {
	queue.Queue
	telephony.Switch
	until   time.Time
	away    error       // what it says until then; nil: errAway
	state   queue.State // what decisions are asked about
	entries []queue.Entry
	claims  int
	lists   int // of agents
}

// History is what was written.
func (s *sleepy) History(_ context.Context, id queue.ID) (history []queue.Activity, err error) {
	if time.Now().Before(s.until) {
		return nil, s.absent()
	}
	for _, e := range s.entries {
		a, err := queue.Chain(id, len(history), "", e)
		if err != nil {
			return nil, err
		}
		history = append(history, a)
	}
	return history, nil
}

func (s *sleepy) Append(_ context.Context, c queue.Change) (queue.State, error) {
	if time.Now().Before(s.until) {
		return queue.State{}, s.absent()
	}
	entries, err := c.Decide(s.state)
	s.entries = append(s.entries, entries...)
	return queue.State{}, err
}

func (s *sleepy) absent() error {
	if s.away != nil {
		return s.away
	}
	return errAway
}

func (s *sleepy) Agents(context.Context) ([]queue.Agent, error) {
	s.lists++
	return []queue.Agent{{ID: "a1", Switch: "pbx1", Presence: queue.PresenceReady}}, nil
}

func (s *sleepy) Claim(context.Context, queue.Claim) (queue.State, error) {
	s.claims++
	return queue.State{}, queue.ErrNothingToClaim
}

// Check is the switch's and the ledger's.
func (s *sleepy) Check(context.Context) error { return nil }

// Lease, Lost and Confirm make it the owner, too.
func (s *sleepy) Lease() (queue.Lease, error)   { return queue.Lease{Switch: "pbx1", Fence: 1}, nil }
func (s *sleepy) Lost() <-chan struct{}         { return nil }
func (s *sleepy) Confirm(context.Context) error { return nil }

// shut is an office that never works.
type shut struct{ queue.WorkingTime }

func (shut) Open(time.Time) bool { return false }

// over is a dispatcher over s.
func over(t *testing.T, s *sleepy, office queue.WorkingTime) *Dispatcher {
	d := New(Config{Calendar: office, MaxCalls: 1}, Deps{
		Queue: s, Switch: s, Owner: s, Journal: openJournal(t, t.TempDir()), MayBegin: func() error { return nil }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	d.callCtx = t.Context()
	d.trials.set(nil)
	return d
}

func openJournal(t *testing.T, dir string) *journal.Journal {
	t.Helper()
	j, damaged, err := journal.Open(dir)
	if err != nil || damaged != 0 {
		t.Fatalf("opening the journal: %d damaged lines, %v", damaged, err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

// carried is a call that a dispatcher carries.
func carried(d *Dispatcher) *liveCall {
	return &liveCall{d: d, id: "01JSLEEPY00000000000000001", agent: "a1", attempt: 1, sw: "pbx1"}
}

// sees tells of something that happened in the call.
func (c *liveCall) sees(k telephony.Kind) error {
	return c.observe(telephony.Event{Kind: k, At: time.Now(), Channel: "c"})
}

// observe tells the dispatcher what happened in a call that it carries.
func observe(d *Dispatcher, k telephony.Kind) error { return carried(d).sees(k) }

func (s *sleepy) wrote(t *testing.T, want ...queue.Kind) {
	t.Helper()
	var written []queue.Kind
	for _, e := range s.entries {
		written = append(written, e.Kind)
	}
	if !slices.Equal(written, want) {
		t.Errorf("the ledger was given %v, want %v", written, want)
	}
}

// TestAnObservationOutlivesTheLedgersAbsence: what was seen holds up no call
// while the ledger is away, and is written when it is back, however long that
// takes, in order and once.
func TestAnObservationOutlivesTheLedgersAbsence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := &sleepy{until: began.Add(10 * time.Minute)}
		d := over(t, s, workhours.AlwaysOpen())
		c := carried(d)
		for _, k := range []telephony.Kind{telephony.TaxpayerAnswered, telephony.AnnouncementPlayed, telephony.Ended} {
			if err := c.sees(k); err != nil {
				t.Errorf("%s: given up: %v", k, err)
			}
		}
		if waited := time.Since(began); waited > 2*tellSoon || d.Journal.Depth() != 3 {
			t.Errorf("the call waited %s, and the journal holds %d of 3", waited, d.Journal.Depth())
		}
		if err := c.caughtUp(t.Context()); err != nil {
			t.Error(err)
		}
		s.wrote(t, queue.KindTaxpayerAnswered, queue.KindAnnouncementPlayed, queue.KindCallEnded)
		if late := time.Since(s.until); late > 5*time.Second || d.Journal.Depth() != 0 {
			t.Errorf("written %s after the ledger was back; the journal still holds %d", late, d.Journal.Depth())
		}
	})
}

// TestAnObservationOutlivesItsFollowUp: what is seen of a call whose follow-up a failover
// lost is written when that comes back, and holds the call up no longer when it does not.
func TestAnObservationOutlivesItsFollowUp(t *testing.T) {
	for gone, written := range map[time.Duration][]queue.Kind{
		comebackLimit / 2: {queue.KindTaxpayerAnswered, queue.KindCallEnded},
		time.Hour:         nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			s := &sleepy{until: began.Add(gone), away: queue.ErrNotFound}
			d := over(t, s, workhours.AlwaysOpen())
			c := carried(d)
			for _, k := range []telephony.Kind{telephony.TaxpayerAnswered, telephony.Ended} {
				if err := c.sees(k); err != nil {
					t.Errorf("%s: given up: %v", k, err)
				}
			}
			if err := c.caughtUp(t.Context()); err != nil {
				t.Error(err)
			}
			s.wrote(t, written...)
			if waited := time.Since(began); waited > 3*comebackLimit || d.Journal.Depth() != 0 {
				t.Errorf("the call waited %s, and the journal holds %d", waited, d.Journal.Depth())
			}
		})
	}
}

// TestAnObservationOutlivesTheProcess: what the ledger did not take is told by
// the next run of the daemon, once, also when the reply to an earlier try was lost.
func TestAnObservationOutlivesTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sleepy{until: time.Now().Add(time.Hour)}
		dead := over(t, s, workhours.AlwaysOpen())
		ctx, die := context.WithCancel(t.Context())
		dead.callCtx = ctx
		c := carried(dead)
		for _, k := range []telephony.Kind{telephony.TaxpayerAnswered, telephony.Ended} {
			if err := c.sees(k); err != nil {
				t.Errorf("%s: %v", k, err)
			}
		}
		die()
		c.telling.Wait()
		s.wrote(t)

		s.until = time.Now()
		s.entries = append(s.entries, dead.Journal.Left("pbx1")[0].Entry) // it was carried out, in truth
		next := over(t, s, workhours.AlwaysOpen())
		next.Journal = dead.Journal
		if err := next.tellLeft(t.Context(), "pbx1"); err != nil {
			t.Error(err)
		}
		s.wrote(t, queue.KindTaxpayerAnswered, queue.KindCallEnded)
		if n := next.Journal.Depth(); n != 0 {
			t.Errorf("the journal still holds %d", n)
		}
	})
}

// TestACorrectionOutlivesTheLedgersAbsence: of outcomes that were keyed one after
// another, each is told; one that was overtaken by a later word is not, nor is the
// same one twice.
func TestACorrectionOutlivesTheLedgersAbsence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sleepy{until: time.Now().Add(time.Minute)}
		d := over(t, s, workhours.AlwaysOpen())
		c := carried(d)
		for _, key := range []string{"2", "1"} {
			if err := c.observe(telephony.Event{Kind: telephony.OutcomeKeyed, At: time.Now(), Key: key, Via: telephony.ViaInTalk}); err != nil {
				t.Error(err)
			}
			time.Sleep(2 * time.Second)
		}
		if err := c.caughtUp(t.Context()); err != nil {
			t.Error(err)
		}
		s.wrote(t, queue.KindOutcomeConfirmed, queue.KindOutcomeConfirmed)
		if last := s.entries[len(s.entries)-1].Details.Outcome; last != queue.OutcomeDelivered {
			t.Errorf("the outcome is %s: the agent's correction is lost", last)
		}
		for _, e := range slices.Clone(s.entries) {
			if err := tellOnce(t.Context(), s, journal.Kept{Record: journal.Record{Entry: e}}, func(context.Context, queue.Change) error {
				t.Errorf("%s is told again", e.Details.Outcome)
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestAnIntentWaitsForWhatWasSeenBefore: the history is in order.
func TestAnIntentWaitsForWhatWasSeenBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sleepy{until: time.Now().Add(time.Second)}
		c := carried(over(t, s, workhours.AlwaysOpen()))
		if err := c.sees(telephony.AgentAnswered); err != nil {
			t.Error(err)
		}
		if err := c.sees(telephony.TaxpayerDialing); !errors.Is(err, telephony.ErrNotYet) {
			t.Errorf("an intent before what was seen earlier: %v", err)
		}
		if err := c.caughtUp(t.Context()); err != nil {
			t.Error(err)
		}
		if err := c.sees(telephony.TaxpayerDialing); err != nil {
			t.Error(err)
		}
		s.wrote(t, queue.KindAgentAnswered, queue.KindTaxpayerDialing)
	})
}

// TestLateIsToldOnceTheAttemptIsSettled: while another owner has the attempt in
// hand, nothing that was seen before moves it.
func TestLateIsToldOnceTheAttemptIsSettled(t *testing.T) {
	s := &sleepy{state: queue.State{Status: queue.StatusDialing, Attempt: 1}}
	d := over(t, s, workhours.AlwaysOpen())
	seen, err := entry(telephony.Event{Kind: telephony.TaxpayerAnswered, At: start}, 1, "a1", "pbx1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Journal.Keep(journal.Record{FollowUp: "01JSLEEPY00000000000000001", Switch: "pbx1", Entry: seen}); err != nil {
		t.Fatal(err)
	}
	late := Late{Queue: s, Journal: d.Journal, Log: d.Log}
	late.Tell(t.Context(), "pbx1")
	s.wrote(t)
	s.state.Status = queue.StatusQueued
	late.Tell(t.Context(), "pbx1")
	late.Tell(t.Context(), "pbx1")
	s.wrote(t, queue.KindTaxpayerAnswered)
	if n := d.Journal.Depth(); n != 0 {
		t.Errorf("the journal still holds %d", n)
	}
}

// TestAnIntentIsRefusedWhileTheLedgerIsAway: what cannot be announced is not
// done, and is not announced later, when nobody means to do it any more.
func TestAnIntentIsRefusedWhileTheLedgerIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sleepy{until: time.Now().Add(time.Second)}
		if err := observe(over(t, s, workhours.AlwaysOpen()), telephony.TaxpayerDialing); !errors.Is(err, errAway) {
			t.Errorf("an intent that is not durable: %v", err)
		}
		time.Sleep(time.Minute)
		s.wrote(t)
	})
}

// TestNobodyIsRungOnceTheOfficeHasClosed: the hour may pass between the claim
// and the dial. What was seen of the call is written at any hour.
func TestNobodyIsRungOnceTheOfficeHasClosed(t *testing.T) {
	s := &sleepy{}
	d := over(t, s, shut{})
	if err := observe(d, telephony.TaxpayerDialing); !errors.Is(err, errClosed) {
		t.Errorf("the taxpayer is to be rung in the night: %v", err)
	}
	s.wrote(t)
	if err := observe(d, telephony.AgentAnswered); err != nil {
		t.Error(err)
	}
	s.wrote(t, queue.KindAgentAnswered)
}

// TestNothingIsClaimedOutsideOfficeHours: and inside them it is.
func TestNothingIsClaimedOutsideOfficeHours(t *testing.T) {
	for _, c := range []struct {
		office queue.WorkingTime
		claims int
	}{{shut{}, 0}, {workhours.AlwaysOpen(), 1}} {
		s := &sleepy{}
		if err := over(t, s, c.office).claimAll(t.Context()); err != nil || s.claims != c.claims {
			t.Errorf("open: %v: %d claims, %v; want %d", c.office.Open(time.Now()), s.claims, err, c.claims)
		}
	}
}
