package deadline

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
	"sambung/queue/workhours"
)

// late is a ledger with one follow-up that is closed and not documented, whose
// evidence any daemon can bring in: so every switch lists it.
type late struct {
	queue.Queue
	state   queue.State
	written int
}

func (l *late) Agents(context.Context) ([]queue.Agent, error)             { return nil, nil }
func (l *late) Find(context.Context, queue.Filter) ([]queue.State, error) { return nil, nil }
func (l *late) State(context.Context, queue.ID) (queue.State, error)      { return l.state, nil }
func (l *late) PendingEvidence(context.Context, string, int) ([]queue.ID, error) {
	return []queue.ID{"1"}, nil
}

func (l *late) Append(_ context.Context, c queue.Change) (queue.State, error) {
	entries, err := c.Decide(l.state)
	for _, e := range entries {
		l.state.Missed = l.state.Missed || e.Kind == queue.KindDeadlineMissed
	}
	l.written += len(entries)
	return l.state, err
}

// TestAlarmIsCountedOnce: by however many daemons, and by however many ways one
// daemon comes upon it.
func TestAlarmIsCountedOnce(t *testing.T) {
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	l := &late{state: queue.State{
		FollowUp: queue.FollowUp{ID: "1", Deadline: now.Add(-time.Minute)}, Version: 1, Status: queue.StatusClosed, Dossier: queue.DossierArchiving,
	}}
	figures := prometheus.NewRegistry()
	m := &Monitor{
		Queue: l, Switches: []string{"pbx1", "pbx2"}, Policy: queue.DefaultPolicy(), Calendar: workhours.AlwaysOpen(),
		Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Alarms: NewAlarms(figures),
	}
	for range 2 {
		if err := m.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	families, err := figures.Gather()
	if err != nil || len(families) != 1 || len(families[0].GetMetric()) != 1 {
		t.Fatalf("%d figures, %v; want one alarm", len(families), err)
	}
	if counted := families[0].GetMetric()[0].GetCounter().GetValue(); l.written != 1 || counted != 1 {
		t.Errorf("written %d times, counted %v times", l.written, counted)
	}
}
