package acceptance_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/configs"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
)

// smallDisk puts a disk of so many bytes over a folder, until the test ends. It
// needs root, as the Asterisk of these tests does.
func smallDisk(t *testing.T, dir string, bytes int64) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0777", bytes)); err != nil {
		t.Fatalf("mounting a small disk (which needs root, in a container with CAP_SYS_ADMIN): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmounting %s: %v", dir, err)
		}
	})
}

// TestSpoolFull: the bucket is away until the spool is full, by its limit or by
// its disk. It warns first; then no new call is begun, while the one under way
// goes on and is recorded to its end. When the bucket is back all of it resumes
// by itself, and nothing is lost.
func TestSpoolFull(t *testing.T) {
	for name, c := range map[string]struct {
		limit, disk int64
		nearly      float64 // bytes in the spool at which it is nearly full
	}{
		"by its limit": {limit: 2 << 20, nearly: 1.3e6},
		"by its disk":  {limit: 8 << 20, disk: 2 << 20, nearly: 0.7e6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // both wait for a minute of talks
			s := newSite(t, 3)
			s.config.Spool.Dir = filepath.Join(t.TempDir(), "spool")
			s.config.Spool.MaxBytes = configs.Bytes(c.limit)
			if c.disk > 0 {
				smallDisk(t, s.config.Spool.Dir, c.disk)
			}
			s.spoolFull(t, c.nearly)
		})
	}
}

func (s *site) spoolFull(t *testing.T, nearly float64) {
	q := s.ledger()
	o := openOffice(t, s, q)
	app, stop := s.runTold()
	for i := range 3 {
		s.addAgent(q, i)
	}
	call := func(n int, agent int, way softphone.Behaviour) queue.ID {
		ticket := fmt.Sprintf("FULL-%d", n)
		s.person(number(n), way)
		o.script(ticket, keypad("1"))
		return s.enqueue(q, ticket, number(n), agent)
	}
	first := call(0, 0, talks(time.Second))
	s.settledAll(q, 30*time.Second, first)

	s.minio.Kill()
	var ids []queue.ID
	for n := range 26 {
		ids = append(ids, call(2+n, n%2, talks(3*time.Second)))
	}
	eventually(t, 90*time.Second, "it is nearly full", func() bool { return s.figure(app, "sambung_spool_bytes") > nearly })
	long := call(1, 2, stays()) // short enough to fit when there is room again
	s.waitStatus(q, long, queue.StatusTalking)
	eventually(t, 2*time.Minute, "it begins no more calls, and says why", func() bool { return strings.Contains(s.readiness(app), "the spool") })
	if s.figure(app, "sambung_spool_bytes") == 0 || s.figure(app, "sambung_archive_reached") != 0 {
		t.Errorf("the spool holds %f bytes, the archive is reached: %f", s.figure(app, "sambung_spool_bytes"), s.figure(app, "sambung_archive_reached"))
	}
	eventually(t, 30*time.Second, "the calls under way but one end", func() bool { return s.figure(app, "sambung_calls_live") == 1 })
	begun := len(s.invites())
	throughout(t, 3*time.Second, "nothing new is begun, and the talk goes on", func() bool {
		return len(s.invites()) == begun && s.state(q, long).Status == queue.StatusTalking
	})
	if begun >= len(ids) {
		t.Fatalf("all %d calls were made: the spool was never full", begun)
	}
	t.Logf("%d of %d calls were made before the spool was full", begun, len(ids)+2)

	s.minio.Restart()
	ended := s.callOf(s.carrier, func(r softphone.CallRecord) bool { return r.Called == number(1) })
	if err := ended.HangUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.settledAll(q, 3*time.Minute, append(ids, long)...)
	for _, id := range append(ids, first, long) {
		s.kept(q, id)
	}
	if reason := s.readiness(app); reason != "" {
		t.Errorf("not ready after: %s", reason)
	}
	eventually(t, 15*time.Second, "nothing waits after", func() bool {
		return s.figure(app, "sambung_spool_bytes") == 0 && s.figure(app, "sambung_evidence_pending") == 0 && s.figure(app, "sambung_archive_reached") == 1
	})
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// TestSwitchDiskFull: the disk under Asterisk's recordings is full. Asterisk says
// that they are done all the same. The talk is not disturbed, its recording ends
// in an alarm that says what is wrong, with what there is archived and left at
// the switch; before and after, recordings are verified.
func TestSwitchDiskFull(t *testing.T) {
	s := newSite(t, 1)
	smallDisk(t, s.asterisk.RecordingDir, 2<<20)
	q := s.ledger()
	o := openOffice(t, s, q)
	app, stop := s.runTold()
	s.addAgent(q, 0)
	call := func(n int) queue.ID {
		ticket := fmt.Sprintf("DISK-%d", n)
		s.person(number(n), talks(8*time.Second))
		o.script(ticket, keypad("1"))
		id := s.enqueue(q, ticket, number(n), 0)
		s.settledAll(q, 90*time.Second, id)
		return id
	}
	// A machine that stands still for seconds makes a recording short, too.
	verified := func(when string, n int) {
		for last := n + 3; n < last; n++ {
			if s.state(q, call(n)).Recordings[0].Status == queue.RecordingVerified {
				return
			}
		}
		t.Errorf("%s no recording is verified", when)
	}
	verified("before", 0)

	filler := filepath.Join(s.asterisk.RecordingDir, "filler")
	fill(t, filler, s.asterisk.RecordingDir, 100<<10) // for some three seconds of two tracks
	during := call(10)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	st := s.state(q, during)
	alarm := s.last(q, during, queue.KindRecordingAlarm)
	if st.Status != queue.StatusClosed || st.Outcome != queue.OutcomeDelivered || st.Call.TalkMS < 7_500 || st.Dossier != queue.DossierSealed {
		t.Errorf("the talk: %s, %s, %d ms, dossier %s", st.Status, st.Outcome, st.Call.TalkMS, st.Dossier)
	}
	if alarm.Seq == 0 || len(st.Recordings) != 1 || st.Recordings[0].Status != queue.RecordingAlarmed || st.Recordings[0].Alarm == "" {
		t.Errorf("no alarm: %+v", st.Recordings)
		s.tell(q, during)
	}
	if s.last(q, during, queue.KindRecordingRemoved).Seq != 0 {
		t.Error("what there is was removed at the switch")
	}
	if st.MetDeadline() || s.last(q, during, queue.KindDeadlineMissed).Seq == 0 || s.causeOfMiss(q, during) != queue.CauseSystem {
		t.Error("the deadline was not reported as missed, though the talk is not documented")
	}
	if s.figure(app, `sambung_deadline_alarms_total`) < 1 {
		t.Error("the alarm about the deadline is in no figure")
	}
	t.Logf("the alarm: %s", st.Recordings[0].Alarm)

	verified("after", 20)
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// kept checks that a follow-up was delivered and sealed, and that its recording
// is in the archive: verified, or, on a machine that stood still, with an alarm.
func (s *site) kept(q queue.Queue, id queue.ID) {
	s.t.Helper()
	st := s.state(q, id)
	n := len(st.Recordings)
	if st.Outcome != queue.OutcomeDelivered || st.Dossier != queue.DossierSealed || n == 0 || st.Recordings[n-1].Key == "" {
		s.t.Errorf("%s, outcome %q, dossier %s, recordings %+v", st.Status, st.Outcome, st.Dossier, st.Recordings)
		s.tell(q, id)
	}
}

// fill writes a file until so many bytes are free on the disk.
func fill(t *testing.T, path, dir string, free int64) {
	t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	size := int64(disk.Bavail)*disk.Bsize - free
	if size <= 0 {
		t.Fatalf("only %d bytes are free", int64(disk.Bavail)*disk.Bsize)
	}
	if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
}
