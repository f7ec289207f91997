package stranded_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/stranded"
)

func TestWatchTellsOnce(t *testing.T) {
	b, reg, log := open(t), prometheus.NewRegistry(), &bytes.Buffer{}
	w := stranded.NewWatch(b, []string{"pbx-new"}, func() time.Time { return now }, slog.New(slog.NewTextHandler(log, nil)), reg)
	figures := func(want ...string) {
		t.Helper()
		families, err := reg.Gather()
		b.must(err)
		var got []string
		for _, f := range families {
			for _, m := range f.GetMetric() {
				got = append(got, fmt.Sprintf("%s %s %v", f.GetName(), m.GetLabel()[0].GetValue(), m.GetGauge().GetValue()))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("figures %q, want %q", got, want)
		}
	}
	b.must(w.Look(t.Context()))
	figures()
	b.attempt("pbx-old", now, whole...)
	for range 2 {
		b.must(w.Look(t.Context()))
		figures("sambung_evidence_stranded pbx-old 1")
	}
	if text := log.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, "switch=pbx-old follow_ups=1") || !strings.Contains(text, "put it back into switches") {
		t.Errorf("the log says %s", text)
	}
	lease, err := b.Acquire(t.Context(), "pbx-old", "another daemon", time.Minute)
	b.must(err)
	b.must(w.Look(t.Context()))
	figures()
	if text := log.String(); strings.Count(text, "nothing waits any more") != 1 {
		t.Errorf("the log says %s", text)
	}
	b.must(b.Surrender(t.Context(), lease))
	b.must(w.Look(t.Context()))
	if text := log.String(); strings.Count(text, "level=ERROR") != 2 {
		t.Errorf("told anew: %s", text)
	}
}

// TestWatchGoesOn: a ledger that cannot be asked is asked again, an hour later.
func TestWatchGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		w := stranded.NewWatch(unreadable{at: "find"}, nil, time.Now, slog.New(slog.NewTextHandler(&log, nil)), prometheus.NewRegistry())
		ctx, cancel := context.WithTimeout(t.Context(), 2*stranded.Every+time.Minute)
		defer cancel()
		w.Run(ctx, time.Second)
		if n := strings.Count(log.String(), "trying again"); n != 3 {
			t.Errorf("asked %d times in two hours and a minute, want 3: %s", n, &log)
		}
	})
}
