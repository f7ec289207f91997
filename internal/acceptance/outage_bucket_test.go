package acceptance_test

import (
	"fmt"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
)

// TestBucketAway: the bucket is away for the length of fifty calls. The calls go
// on, what waits for the archive can be read off, and stays at the switch; when
// the bucket is back, all of it is archived, verified and sealed by itself.
func TestBucketAway(t *testing.T) {
	const agents, calls = 8, 50
	s := newSite(t, agents)
	q := s.ledger()
	o := openOffice(t, s, q)
	app, stop := s.runTold()
	for i := range agents {
		s.addAgent(q, i)
	}
	call := func(n int) queue.ID {
		ticket := fmt.Sprintf("AWAY-%d", n)
		s.person(number(n), talks(time.Second))
		o.script(ticket, keypad("1"))
		return s.enqueue(q, ticket, number(n), -1)
	}

	first := call(0)
	s.settledAll(q, 30*time.Second, first)
	eventually(t, 10*time.Second, "nothing waits before", func() bool {
		return s.figure(app, "sambung_evidence_pending") == 0 && s.tracksAtSwitch() == 0
	})
	earlier := s.figure(app, "sambung_archive_failures_total")

	s.minio.Kill()
	began := time.Now()
	var ids []queue.ID
	for n := range calls {
		ids = append(ids, call(n+1))
	}
	eventually(t, 90*time.Second, "all are called while the bucket is away", func() bool { return s.allHave(q, queue.StatusClosed, ids) })
	t.Logf("%d calls in %s while the bucket was away", calls, time.Since(began).Round(100*time.Millisecond))
	eventually(t, 40*time.Second, "all that waits is in the figures", func() bool {
		return s.figure(app, "sambung_evidence_pending") == calls
	})
	if s.figure(app, "sambung_archive_failures_total") <= earlier {
		t.Error("no step of archiving failed: the bucket was not away")
	}
	if n := s.tracksAtSwitch(); n != 2*calls {
		t.Errorf("%d tracks are at the switch, want the %d of all calls", n, 2*calls)
	}
	for _, id := range ids {
		if st := s.state(q, id); st.Dossier == queue.DossierSealed || len(st.Recordings) != 1 || st.Recordings[0].Status != queue.RecordingAtSwitch {
			t.Errorf("without a bucket: dossier %s, recordings %+v", st.Dossier, st.Recordings)
		}
	}
	if reason := s.readiness(app); reason != "" {
		t.Errorf("calls can be made, yet it is not ready: %s", reason)
	}

	back := time.Now()
	s.minio.Restart()
	s.settledAll(q, 2*time.Minute, ids...)
	t.Logf("all sealed %s after the bucket came back", time.Since(back).Round(100*time.Millisecond))
	for _, id := range append(ids, first) {
		s.delivered(q, id)
	}
	for _, id := range ids {
		if at := s.last(q, id, queue.KindRecordingRemoved).At; at.Before(back) {
			t.Errorf("removed at the switch at %s, the bucket was back at %s", at, back)
		}
	}
	eventually(t, 10*time.Second, "nothing waits after", func() bool {
		return s.figure(app, "sambung_evidence_pending") == 0 && s.tracksAtSwitch() == 0
	})
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// allHave reports whether every follow-up has a status.
func (s *site) allHave(q queue.Queue, status queue.Status, ids []queue.ID) bool {
	s.t.Helper()
	for _, id := range ids {
		if s.state(q, id).Status != status {
			return false
		}
	}
	return true
}
