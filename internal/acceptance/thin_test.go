package acceptance_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
)

// TestOneFollowUp is the main job at its thinnest: one follow-up, one agent, one
// taxpayer, a recording in the archive.
func TestOneFollowUp(t *testing.T) {
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(3*time.Second))
	o.script("T-1", keypad("1"))
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	s.addAgent(q, 0)
	id := s.enqueue(q, "T-1", number(1), -1)
	eventually(t, 40*time.Second, "the follow-up is closed and documented", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Status == queue.StatusClosed && !st.DocumentedAt.IsZero()
	})
	stop()
	s.tell(q, id)
	s.check(checker.World{Queue: q, Archive: s.bucket()})
}
