package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
)

// TestTable: every pair has at most one line, every line says why, and nothing
// that may be evidence is removed unless it is safe or never was.
func TestTable(t *testing.T) {
	seen := make(map[[2]string]bool)
	for _, r := range Table() {
		key := [2]string{string(r.Found), string(r.Standing)}
		if seen[key] || r.Why == "" {
			t.Errorf("%s: twice, or without a reason", r)
		}
		seen[key] = true
		if r.Decision == Remove && r.Standing != Archived && r.Standing != Undialled {
			t.Errorf("%s: removed while it may be all there is", r)
		}
		if r.Found == Call && r.Decision == Adopt && r.Standing != InHand {
			t.Errorf("%s: a call of nobody's is carried on", r)
		}
	}
	for _, s := range standings {
		for _, f := range []Found{Call, NoCall, Recording, SpoolFile} {
			if d := Decide(f, s.standing); !seen[[2]string{string(f), string(s.standing)}] && d != Alarm {
				t.Errorf("%s, %s is not in the table, and its decision is %s", f, s.standing, d)
			}
		}
	}
}

func TestParseAttempt(t *testing.T) {
	const id = "01JARCHIVE0000000000000001"
	for name, want := range map[string]Attempt{
		id + "-3": {id, 3}, id + "-12-agent": {id, 12}, id + "-1-taxpayer-snoop": {id, 1}, id + "-2.wav": {id, 2},
	} {
		if got, ok := ParseAttempt(name); !ok || got != want {
			t.Errorf("%q is %v, %v; want %v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "doctor-abc", "manual-" + id + "-X.wav", id, id + "-0", id + "--1", "-1"} {
		if got, ok := ParseAttempt(name); ok {
			t.Errorf("%q is taken for %v", name, got)
		}
	}
}

// books is a ledger of one follow-up in its second attempt, which is under way.
// In the first the taxpayer was dialled, or not; or it was lost, and is presumed.
type books struct {
	recordings    []queue.Recording
	dialled, lost bool
	err           error
}

const known = queue.ID("01JARCHIVE0000000000000001")

func (b *books) State(_ context.Context, id queue.ID) (queue.State, error) {
	if id != known {
		return queue.State{}, queue.ErrNotFound
	}
	return queue.State{Attempt: 2, Status: queue.StatusTalking, Assignment: &queue.Assignment{Switch: "pbx1", Attempt: 2}, Recordings: b.recordings}, b.err
}

func (b *books) History(_ context.Context, id queue.ID) ([]queue.Activity, error) {
	kinds := []queue.Kind{queue.KindAssigned}
	switch {
	case b.dialled:
		kinds = append(kinds, queue.KindTaxpayerDialing)
	case b.lost:
		kinds[0] = queue.KindAttemptPresumed
	}
	var history []queue.Activity
	for _, k := range kinds {
		a, err := queue.Chain(id, len(history), "", queue.Entry{Kind: k, Details: queue.Details{Attempt: 1}})
		if err != nil {
			return nil, err
		}
		history = append(history, a)
	}
	return history, nil
}

// TestSweep: for each standing of the first attempt, what becomes of its two
// tracks, of those of the attempt under way, and of what is nobody's.
func TestSweep(t *testing.T) {
	inHand, foreign, unknown := string(known)+"-2-agent", "doctor-x", "01JARCHIVE0000000000000009-1-agent"
	of := func(status queue.RecordingStatus) []queue.Recording {
		return []queue.Recording{{Attempt: 1, Status: status}}
	}
	for _, c := range []struct {
		name    string
		books   books
		removed bool
		alarms  int // beside the one for what is in no ledger
	}{
		{"due", books{recordings: of(queue.RecordingAtSwitch), dialled: true}, false, 0},
		{"archived", books{recordings: of(queue.RecordingVerified), dialled: true}, true, 0},
		{"alarmed", books{recordings: of(queue.RecordingAlarmed), dialled: true}, false, 0},
		{"undialled", books{}, true, 0},
		{"presumed", books{lost: true}, false, 2},
		{"unrecorded", books{dialled: true}, false, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracks := []string{string(known) + "-1-agent", string(known) + "-1-taxpayer"}
			there := append([]string{inHand, foreign, unknown}, tracks...)
			var log strings.Builder
			figures := prometheus.NewRegistry()
			m := NewMetrics(figures)
			s := &Sweeper{
				Place: Place{
					Name: "pbx1", Found: Recording,
					List: func(context.Context) ([]string, error) { return slices.Clone(there), nil },
					Remove: func(_ context.Context, name string) error {
						there = slices.DeleteFunc(there, func(n string) bool { return n == name })
						return nil
					},
				},
				Ledger: &c.books, Log: slog.New(slog.NewTextHandler(&log, nil)), Metrics: m,
			}
			for range 2 {
				if err := s.Sweep(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			want := []string{inHand, foreign, unknown}
			if !c.removed {
				want = append(want, tracks...)
			}
			if !slices.Equal(there, want) {
				t.Errorf("left: %v, want %v", there, want)
			}
			if got := unexplained(t, figures); got != c.alarms+1 {
				t.Errorf("%d are unexplained, want %d", got, c.alarms+1)
			}
			over, cancel := context.WithCancel(t.Context())
			cancel()
			if s.Run(over, time.Minute); unexplained(t, figures) != -1 {
				t.Error("the figure of a switch that was lost stays")
			}
			if n := strings.Count(log.String(), "cannot explain"); n != c.alarms+1 {
				t.Errorf("%d alarms were logged in two sweeps, want %d:\n%s", n, c.alarms+1, log.String())
			}
		})
	}
}

// unexplained reads the figure.
func unexplained(t *testing.T, g prometheus.Gatherer) int {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "sambung_unexplained_recordings" {
			return int(f.GetMetric()[0].GetGauge().GetValue())
		}
	}
	return -1
}

// TestNothingIsRemovedWithoutTheLedger: what it cannot be asked about stays.
func TestNothingIsRemovedWithoutTheLedger(t *testing.T) {
	away := errors.New("the ledger is away")
	s := &Sweeper{
		Place: Place{
			Found: Recording,
			List:  func(context.Context) ([]string, error) { return []string{string(known) + "-1-agent"}, nil },
			Remove: func(context.Context, string) error {
				t.Error("removed")
				return nil
			},
		},
		Ledger: &books{err: away}, Log: slog.New(slog.DiscardHandler),
	}
	if err := s.Sweep(t.Context()); !errors.Is(err, away) {
		t.Errorf("swept with %v", err)
	}
}
