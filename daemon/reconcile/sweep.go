package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
)

// Ledger is what sweeping reads.
type Ledger interface {
	State(ctx context.Context, id queue.ID) (queue.State, error)
	History(ctx context.Context, id queue.ID) ([]queue.Activity, error)
}

// Place is where recordings lie: a switch, or a spool.
type Place struct {
	Name  string // of the switch, or "spool"; for logs and figures
	Found Found  // Recording or SpoolFile
	// List names what is there; what belongs to no attempt is left alone.
	List   func(context.Context) ([]string, error)
	Remove func(context.Context, string) error
}

// Sweeper settles what lies in one place by the table. Sweeping again does no
// harm, and two may sweep at a time: what is removed is safe elsewhere.
type Sweeper struct {
	Place
	Ledger  Ledger
	Log     *slog.Logger
	Metrics *Metrics

	told map[string]bool // alarms that were logged
}

// Run sweeps at once and then at intervals until ctx ends. Then the figure of the place is
// taken back: whoever looks at it from then on tells.
func (s *Sweeper) Run(ctx context.Context, every time.Duration) {
	defer s.Metrics.forget(s.Name)
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("looking for what nobody has in hand failed; trying again", "place", s.Name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// Sweep looks once. What cannot be settled now is left to the next look.
func (s *Sweeper) Sweep(ctx context.Context) error {
	names, err := s.List(ctx) // before the ledger: what is settled by then stays settled
	if err != nil {
		return fmt.Errorf("listing: %w", err)
	}
	standings := make(map[Attempt]Standing)
	alarms := 0
	var errs []error
	for _, name := range names {
		a, ok := ParseAttempt(name)
		if !ok {
			continue
		}
		if standings[a] == "" {
			if standings[a], err = ofRecording(ctx, s.Ledger, a); err != nil {
				return fmt.Errorf("asking the ledger about attempt %d of %s: %w", a.Number, a.FollowUp, err)
			}
		}
		decision := Decide(s.Found, standings[a])
		if decision == Alarm {
			alarms++
		}
		errs = append(errs, s.settle(ctx, name, Row{Found: s.Found, Standing: standings[a], Decision: decision}))
	}
	s.Metrics.unexplained(s.Name, alarms)
	return errors.Join(errs...)
}

func (s *Sweeper) settle(ctx context.Context, name string, r Row) error {
	switch r.Decision {
	case Remove:
		if err := s.Remove(ctx, name); err != nil {
			return fmt.Errorf("removing %s: %w", name, err)
		}
		s.Log.Info("removed what nobody needs any more", "place", s.Name, "name", name, "attempt", r.Standing)
		s.Metrics.Settled(r.Found, r.Decision)
	case Alarm:
		if s.told == nil {
			s.told = make(map[string]bool)
		}
		if !s.told[name] {
			s.told[name] = true
			s.Log.Error("a recording that the ledger cannot explain; it is kept", "place", s.Name, "name", name, "attempt", r.Standing)
			s.Metrics.Settled(r.Found, r.Decision)
		}
	}
	return nil
}

// Metrics are the figures of reconciliation. A nil *Metrics counts nothing.
type Metrics struct {
	settled *prometheus.CounterVec
	orphans *prometheus.GaugeVec
}

// NewMetrics makes the figures and registers them with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		settled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sambung_reconciled_total", Help: "Differences between ledger and world that were settled, by what was found and decided.",
		}, []string{"found", "decision"}),
		orphans: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "sambung_unexplained_recordings", Help: "Recordings that the ledger cannot explain, by where they lie.",
		}, []string{"place"}),
	}
	reg.MustRegister(m.settled, m.orphans)
	return m
}

// words are the labels of what is found.
var words = map[Found]string{Call: "call", NoCall: "no_call", Recording: "recording", SpoolFile: "spool_file"}

// Settled counts a difference that was settled.
func (m *Metrics) Settled(f Found, d Decision) {
	if m != nil {
		m.settled.WithLabelValues(words[f], string(d)).Inc()
	}
}

func (m *Metrics) forget(place string) {
	if m != nil {
		m.orphans.DeleteLabelValues(place)
	}
}

func (m *Metrics) unexplained(place string, n int) {
	if m != nil {
		m.orphans.WithLabelValues(place).Set(float64(n))
	}
}
