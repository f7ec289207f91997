package archivist

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
)

// Metrics are the figures of archiving, for the archivists of all switches. A nil
// *Metrics counts nothing.
type Metrics struct {
	mu         sync.Mutex
	due        map[string][]queue.ID // mu; by switch
	pending    prometheus.Gauge
	recordings *prometheus.CounterVec
	failures   prometheus.Counter
	sealed     prometheus.Counter
}

// NewMetrics makes the figures and registers them with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		due: make(map[string][]queue.ID),
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

// depth notes what is due for one switch; nothing, when its archivist ends: from then on
// another daemon tells. What is due for no switch in particular is on every list.
func (m *Metrics) depth(switchName string, due []queue.ID) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.due[switchName] = due
	all := make(map[queue.ID]bool)
	for _, ids := range m.due {
		for _, id := range ids {
			all[id] = true
		}
	}
	m.pending.Set(float64(len(all)))
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
