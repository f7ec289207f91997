package acceptance_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/internal/daemonchild"
	"sambung/queue"
	"sambung/telephony/softphone"
)

// TestSeenThenDied: the ledger is away when a talk is confirmed and ends, and the
// daemon that saw it is killed before the ledger is back. Its next run tells what
// the last one saw, with the times at which it happened.
func TestSeenThenDied(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	o.person(number(0), stays())
	o.script("SEEN", silent())
	o.addAgent(q, 0)
	config := s.nodeConfig("node-a", s.redis.Addr, s.asterisk.ARIURL)
	p := daemonchild.Start(t, config)
	s.tellLog("node-a", p)
	id := s.enqueue(q, "SEEN", number(0), 0)
	eventually(t, 20*time.Second, "they talk", func() bool { return s.last(q, id, queue.KindAnnouncementPlayed).Seq > 0 })
	agent := s.callOf(s.phones[0], func(r softphone.CallRecord) bool { return r.Answered() })
	taxpayer := s.callOf(s.carrier, func(r softphone.CallRecord) bool { return r.Answered() })

	away := time.Now()
	s.redis.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := errors.Join(agent.SendDigits(ctx, "*1"), taxpayer.HangUp(ctx)); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(config.Spool.Dir, "journal", "observations")
	eventually(t, 20*time.Second, "the journal holds what was seen", func() bool {
		text, err := os.ReadFile(kept)
		return err == nil && holds(text, queue.KindOutcomeConfirmed) && holds(text, queue.KindCallEnded)
	})
	p.Kill()
	s.redis.Restart()
	back := time.Now()
	s.tellLog("node-a again", daemonchild.Start(t, config))

	s.settledAll(q, 90*time.Second, id)
	s.delivered(q, id)
	for _, k := range []queue.Kind{queue.KindOutcomeConfirmed, queue.KindCallEnded} {
		if at := s.last(q, id, k).At; !within(at, away, back) {
			t.Errorf("%s at %s; the ledger was away from %s to %s", k, at, away, back)
		}
	}
	if info, err := os.Stat(kept); err != nil || info.Size() != 0 {
		t.Errorf("the journal is not empty: %+v, %v", info, err)
	}
	if n := s.state(q, id).Attempt; n != 1 {
		t.Errorf("%d attempts, want 1", n)
	}
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// holds reports whether a journal's text has an observation of that kind.
func holds(text []byte, k queue.Kind) bool { return bytes.Contains(text, []byte(`"`+string(k)+`"`)) }
