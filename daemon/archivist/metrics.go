package archivist

import (
	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
)

// Metrics are the figures of archiving. A nil *Metrics counts nothing.
type Metrics struct {
	pending    prometheus.Gauge
	recordings *prometheus.CounterVec
	failures   prometheus.Counter
	sealed     prometheus.Counter
}

// NewMetrics makes the figures and registers them with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		pending: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "sambung_evidence_pending", Help: "Follow-ups whose evidence is not complete in the archive.",
		}),
		recordings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sambung_recordings_total", Help: "Recordings that reached the archive verified, or an alarm.",
		}, []string{"result"}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sambung_archive_failures_total", Help: "Steps of archiving that failed and are tried again.",
		}),
		sealed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sambung_dossiers_sealed_total", Help: "Dossiers sealed.",
		}),
	}
	reg.MustRegister(m.pending, m.recordings, m.failures, m.sealed)
	return m
}

func (m *Metrics) depth(n int) {
	if m != nil {
		m.pending.Set(float64(n))
	}
}

func (m *Metrics) archived(k queue.Kind) {
	if m == nil {
		return
	}
	result := "verified"
	if k == queue.KindRecordingAlarm {
		result = "alarm"
	}
	m.recordings.WithLabelValues(result).Inc()
}

func (m *Metrics) failed() {
	if m != nil {
		m.failures.Inc()
	}
}

func (m *Metrics) seal() {
	if m != nil {
		m.sealed.Inc()
	}
}
