package stranded

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Every is how often a Watch looks.
const Every = time.Hour

// Watch tells of such switches while a daemon runs. Make it with NewWatch.
type Watch struct {
	ledger     Ledger
	configured []string
	now        func() time.Time
	log        *slog.Logger
	waiting    *prometheus.GaugeVec
	told       map[string]bool
}

// NewWatch makes a watch, and registers its figure with reg.
func NewWatch(l Ledger, configured []string, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Watch {
	waiting := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "sambung_evidence_stranded", Help: "Follow-ups that wait at a switch that is in no configuration and that no daemon serves.",
	}, []string{"switch"})
	reg.MustRegister(waiting)
	return &Watch{ledger: l, configured: configured, now: now, log: log, waiting: waiting, told: make(map[string]bool)}
}

// Run looks until ctx ends, for the first time after a while: daemons that start
// together have taken their switches by then.
func (w *Watch) Run(ctx context.Context, after time.Duration) {
	for wait := after; ; wait = Every {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.log.Warn("what waits at switches that nobody serves cannot be found out; trying again", "error", err)
		}
	}
}

// Look tells once of each switch, and sets the figures.
func (w *Watch) Look(ctx context.Context) error {
	found, err := Find(ctx, w.ledger, w.configured, w.now())
	if err != nil {
		return err
	}
	w.waiting.Reset()
	was := w.told
	w.told = make(map[string]bool, len(found))
	for _, s := range found {
		w.told[s.Name] = true
		w.waiting.WithLabelValues(s.Name).Set(float64(s.FollowUps))
		if !was[s.Name] {
			w.log.Error("follow-ups wait at a switch that is in no configuration and that no daemon serves: they are never sealed",
				"switch", s.Name, "follow_ups", s.FollowUps, "remedy", Remedy)
		}
	}
	for name := range was {
		if !w.told[name] {
			w.log.Info("nothing waits any more at a switch that nobody served", "switch", name)
		}
	}
	return nil
}
