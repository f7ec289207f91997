package archivist_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/archivist"
	"sambung/queue"
)

// backlog is a ledger that knows what is due, and else does not answer.
type backlog struct {
	queue.Queue
	due map[string][]queue.ID
}

var errAway = errors.New("away")

func (b backlog) PendingEvidence(_ context.Context, switchName string, _ int) ([]queue.ID, error) {
	return b.due[switchName], nil
}
func (backlog) State(context.Context, queue.ID) (queue.State, error) { return queue.State{}, errAway }
func (backlog) Events(ctx context.Context, _ string, _ time.Duration) ([]queue.Event, string, error) {
	<-ctx.Done()
	return nil, "", ctx.Err()
}

// The figure is that of all switches that the daemon owns, and of no other.
func TestWhatIsDueAtTwoSwitches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry := prometheus.NewRegistry()
		metrics := archivist.NewMetrics(registry)
		ledger := backlog{due: map[string][]queue.ID{"a": {"1", "2", "3"}, "b": {"3", "4"}}} // 3 is due anywhere
		var working sync.WaitGroup
		serve := func(switchName string) (stop context.CancelFunc) {
			ctx, stop := context.WithCancel(t.Context())
			a := archivist.New(archivist.Config{Poll: time.Second, Parallel: 1}, archivist.Deps{
				Queue: ledger, Owner: owner{queue.Lease{Switch: switchName}}, Now: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: metrics,
			})
			working.Go(func() { a.Run(ctx) })
			return stop
		}
		pending := func() float64 {
			t.Helper()
			time.Sleep(10 * time.Second)
			synctest.Wait()
			families, err := registry.Gather()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range families {
				if f.GetName() == "sambung_evidence_pending" {
					return f.GetMetric()[0].GetGauge().GetValue()
				}
			}
			t.Fatal("there is no such figure")
			return 0
		}
		stopA, stopB := serve("a"), serve("b")
		if n := pending(); n != 4 {
			t.Errorf("%v are pending at both, want 4", n)
		}
		stopA()
		if n := pending(); n != 2 {
			t.Errorf("%v are pending once the first switch was lost, want 2", n)
		}
		stopB()
		working.Wait()
		if n := pending(); n != 0 {
			t.Errorf("%v are pending, and no switch is owned", n)
		}
	})
}
