package dispatch

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
)

// Metrics are the figures of dispatching. A nil *Metrics counts nothing.
type Metrics struct {
	attempts *prometheus.CounterVec
	outcomes *prometheus.CounterVec
	waited   prometheus.Histogram
	talk     prometheus.Histogram
}

// NewMetrics makes the figures and registers them with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sambung_attempts_total", Help: "Attempts settled, by result of the telephone.",
		}, []string{"result"}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sambung_outcomes_total", Help: "Answered attempts settled, by outcome.",
		}, []string{"outcome"}),
		waited: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sambung_claim_wait_seconds", Help: "From entering a follow-up to its claim.",
			Buckets: prometheus.ExponentialBuckets(1, 3, 10),
		}),
		talk: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sambung_talk_seconds", Help: "From the taxpayer's answer to the hang-up.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 12),
		}),
	}
	reg.MustRegister(m.attempts, m.outcomes, m.waited, m.talk)
	return m
}

func (m *Metrics) claimed(waited time.Duration) {
	if m != nil {
		m.waited.Observe(waited.Seconds())
	}
}

func (m *Metrics) settled(s queue.State) {
	if m == nil {
		return
	}
	m.attempts.WithLabelValues(string(s.Call.Result)).Inc()
	if s.Call.Result == queue.ResultAnswered {
		m.outcomes.WithLabelValues(string(s.Call.Outcome)).Inc()
		m.talk.Observe(float64(s.Call.TalkMS) / 1000)
	}
}
