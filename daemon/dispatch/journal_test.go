package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

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
	written []queue.Kind
	claims  int
}

func (s *sleepy) Append(_ context.Context, c queue.Change) (queue.State, error) {
	if time.Now().Before(s.until) {
		return queue.State{}, errAway
	}
	entries, err := c.Decide(queue.State{})
	for _, e := range entries {
		s.written = append(s.written, e.Kind)
	}
	return queue.State{}, err
}

func (s *sleepy) Agents(context.Context) ([]queue.Agent, error) {
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
		Queue: s, Switch: s, Owner: s, MayBegin: func() error { return nil }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	d.callCtx = t.Context()
	return d
}

// observe tells the dispatcher what happened in a call that it carries.
func observe(d *Dispatcher, k telephony.Kind) error {
	c := &liveCall{d: d, id: "01JSLEEPY00000000000000001", agent: "a1", attempt: 1, sw: "pbx1"}
	return c.observe(telephony.Event{Kind: k, At: time.Now(), Channel: "c"})
}

func (s *sleepy) wrote(t *testing.T, want ...queue.Kind) {
	t.Helper()
	if !slices.Equal(s.written, want) {
		t.Errorf("the ledger was given %v, want %v", s.written, want)
	}
}

// TestAnObservationOutlivesTheLedgersAbsence: what was seen is written when the
// ledger is back, however long that takes, and once.
func TestAnObservationOutlivesTheLedgersAbsence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sleepy{until: time.Now().Add(10 * time.Minute)}
		if err := observe(over(t, s, workhours.AlwaysOpen()), telephony.TaxpayerAnswered); err != nil {
			t.Errorf("given up: %v", err)
		}
		s.wrote(t, queue.KindTaxpayerAnswered)
		if late := time.Since(s.until); late > 5*time.Second {
			t.Errorf("written %s after the ledger was back", late)
		}
	})
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
