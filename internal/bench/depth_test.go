package bench_test

import (
	"testing"
	"time"

	"sambung/internal/bench"
	"sambung/internal/realservers"
)

// measureDepth compares claims from a deep queue with claims from a shallow one.
// Nothing is written to the disk meanwhile: its pauses would hide the depth.
func measureDepth(tb testing.TB, s size) []bench.Figure {
	open := func(waiting int) *ledger {
		l := openLedger(tb, realservers.Redis(tb, realservers.RedisConfig("appendonly", "no")).Addr, 1)
		began := time.Now()
		l.fill(tb, waiting, s.workers)
		tb.Logf("%d follow-ups entered in %s", waiting, time.Since(began).Round(time.Millisecond))
		return l
	}
	shallow, deep := open(s.shallow), open(s.deep)
	p99 := bench.Figure{
		Name: "claim-depth-p99", What: "p99 of a claim with a million waiting, against a thousand", Unit: "ms", Measure: bench.Ratio, Goal: bench.AtMost(1.5),
	}
	p50 := bench.Figure{Name: "claim-depth-p50", What: "the same at p50", Unit: "ms", Measure: bench.Ratio}
	for range s.rounds {
		thousand, million := make([]float64, s.claims), make([]float64, s.claims)
		for i := range s.claims { // in turns: what disturbs one disturbs both
			thousand[i], million[i] = shallow.timeClaim(tb), deep.timeClaim(tb)
		}
		p99.Ours, p99.Peer = append(p99.Ours, bench.Quantile(million, 0.99)), append(p99.Peer, bench.Quantile(thousand, 0.99))
		p50.Ours, p50.Peer = append(p50.Ours, bench.Quantile(million, 0.5)), append(p50.Peer, bench.Quantile(thousand, 0.5))
	}
	return []bench.Figure{p99, p50}
}

// timeClaim claims, in milliseconds, then finishes and enters another, so that
// as many wait as before.
func (l *ledger) timeClaim(tb testing.TB) float64 {
	tb.Helper()
	began := time.Now()
	claimed, err := l.claim(tb.Context(), 0)
	took := time.Since(began)
	if err == nil {
		err = l.finish(tb.Context(), claimed)
	}
	if err == nil {
		_, err = l.enqueue(tb.Context())
	}
	if err != nil {
		tb.Fatal(err)
	}
	return float64(took) / float64(time.Millisecond)
}
