package archivist_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"sambung/daemon/archivist"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/storage/spool"
)

// oldList is a ledger whose list of what is due is always that of a moment ago. It
// counts how often it was asked for after the seal.
type oldList struct {
	queue.Queue
	enough chan struct{} // closed when it was asked for often enough
	after  int
}

func (l *oldList) PendingEvidence(ctx context.Context, _ string, _ int) ([]queue.ID, error) {
	s, err := l.State(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Dossier == queue.DossierSealed {
		if l.after++; l.after == 20 {
			close(l.enough)
		}
	}
	return []queue.ID{id}, nil
}

// TestNothingIsAddedToWhatIsSealed: a follow-up that is still on a list of what is due,
// though it was sealed meanwhile, is let alone.
func TestNothingIsAddedToWhatIsSealed(t *testing.T) {
	d := newDesk(t)
	d.shelf.files["left"], d.shelf.files["right"] = sound(t, 440, 5*time.Second), sound(t, 880, 5*time.Second)
	d.talked(id, 4*time.Second)
	sp, err := spool.Open(t.TempDir(), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	list := &oldList{Queue: d.q, enough: make(chan struct{})}
	a := archivist.New(archivist.Config{Zone: workhours.AlwaysOpen().Zone(), Poll: time.Millisecond, Parallel: 1}, archivist.Deps{
		Queue: list, Archive: d.archive, Recordings: d.shelf, Spool: sp, Owner: owner{d.lease},
		Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var working sync.WaitGroup
	working.Go(func() { a.Run(ctx) })
	select {
	case <-list.enough:
	case <-ctx.Done():
		t.Error("it was not sealed, or not looked at again")
	}
	cancel()
	working.Wait()
	if err := sp.Close(); err != nil {
		t.Error(err)
	}
	history, err := d.q.History(t.Context(), id)
	if err != nil || history[len(history)-1].Kind != queue.KindSealed {
		t.Errorf("the history ends with %s (%v), not with the seal", history[len(history)-1].Kind, err)
	}
	parts := 0
	for o, err := range d.archive.List(t.Context(), "history/") {
		if parts++; err != nil || parts > 1 {
			t.Errorf("beside what is sealed there is %s (%v)", o.Key, err)
		}
	}
}
