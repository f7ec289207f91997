package reindex_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"sambung/daemon/reindex"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/storagetest"
)

// interrupted is an archive that goes away between manifest and pointers, once.
type interrupted struct {
	*storagetest.Memory
	meanwhile func() error
}

func (i *interrupted) Put(ctx context.Context, o storage.Object, body io.ReadSeeker) (storage.Object, error) {
	if i.meanwhile == nil || !strings.HasPrefix(o.Key, "pointers/") {
		return i.Memory.Put(ctx, o, body)
	}
	meanwhile := i.meanwhile
	i.meanwhile = nil
	return storage.Object{}, errors.Join(errors.New("away"), meanwhile())
}

// What came late while a dossier was being sealed is shipped by the next try, and not in the
// seal: that stands, and is brought back.
func TestASealThatWasInterrupted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.open()
	id := o.enter()
	o.delivered(id)
	late := func() error {
		_, err := o.q.Append(context.Background(), queue.Change{ID: id, Decide: func(queue.State) ([]queue.Entry, error) {
			return []queue.Entry{{At: o.now, Actor: queue.ActorSystem, Kind: queue.KindDeadlineWarning}}, nil
		}})
		return err
	}
	o.archive = storagetest.NewFaulty(&interrupted{o.memory, late})
	o.ship()
	o.stopped()
	was := o.state(id)
	if history, err := o.q.History(t.Context(), id); err != nil || history[len(history)-2].Kind != queue.KindDeadlineWarning {
		t.Fatalf("nothing came before the seal: %+v, %v", history, err)
	}
	o.newLedger()
	found, sum := o.reindex()
	if f := found[id]; f.Action != reindex.Added || !f.Sealed || f.Err != nil || sum.Broken != 0 {
		t.Errorf("%+v, %+v", f, sum)
	}
	if s := o.state(id); s.Dossier != queue.DossierSealed || s.Manifest != was.Manifest || s.Status != was.Status {
		t.Errorf("%s, was %s", essence(t, s), essence(t, was))
	}
	o.quiet()
}
