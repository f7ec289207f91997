package reindex_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/daemon/evidence"
	"sambung/daemon/reindex"
	"sambung/queue"
	"sambung/storage"
)

// While daemons are at work, what was archived lately comes back, of follow-ups
// entered on earlier days, too; what was put before is not looked at.
func TestRecent(t *testing.T) {
	t.Parallel()
	o, sealed, waiting, fresh := life(t)
	o.now = o.now.Add(72 * time.Hour)
	since := o.now
	o.open()
	o.append(fresh, queue.KindDesignated, queue.Details{Agent: "a9"}) // not before the others
	o.delivered(waiting)
	o.ship()
	later := o.enter()
	o.busy(later)
	o.ship()
	o.put(fmt.Sprintf("recordings/2026/11/23/%s/1.wav", fresh), []byte("recording"))
	whole := o.state(waiting)
	o.set(map[queue.ID]int{sealed: -1, waiting: 1, fresh: 1})
	o.open()
	found := make(map[queue.ID]reindex.Finding)
	sum, err := o.job(func(f reindex.Finding) { found[f.FollowUp] = f }).Recent(t.Context(), since, time.UTC)
	o.must(err)
	if sum.Extended != 2 || sum.Added != 1 || sum.Broken+sum.Unknown != 0 || sum.FollowUps != 3 {
		t.Errorf("%+v", sum)
	}
	if s := o.state(waiting); s.Dossier != queue.DossierSealed || s.Manifest != whole.Manifest || s.Attempt != 2 {
		t.Errorf("delivered lately: %+v", s)
	}
	if s := o.state(later); s.Status != queue.StatusQueued || s.Attempt != 1 {
		t.Errorf("entered lately: %+v", s)
	}
	if s := o.state(fresh); s.Status != queue.StatusHandedBack || s.Attempt != 1 {
		t.Errorf("recorded lately: %+v", s)
	}
	if s := o.state(sealed); s.Dossier == queue.DossierSealed {
		t.Errorf("sealed three days ago: %+v, %+v", found[sealed], s)
	}
	if e, err := o.q.Epoch(t.Context()); err != nil || e != 0 {
		t.Errorf("the epoch is %d, %v", e, err)
	}
}

// What was brought back after its first attempt is tried again, sealed and proven
// like any other.
func TestWhatWasBroughtBackIsSealedLater(t *testing.T) {
	t.Parallel()
	o, _, waiting, _ := life(t)
	o.newLedger()
	o.reindex()
	o.open()
	o.delivered(waiting)
	o.ship()
	if s := o.state(waiting); s.Dossier != queue.DossierSealed || s.Attempt != 2 {
		t.Fatalf("%+v", s)
	}
	o.must(evidence.Verify(t.Context(), o.archive, evidence.Selection{}, nil, func(_, _ int, v evidence.Verdict) {
		if v.Err != nil {
			t.Errorf("%s: %v", v.FollowUp, v.Err)
		}
	}))
}

// sealing is an archive in which a seal is completed when it is first read.
type sealing struct {
	storage.Archive
	once sync.Once
	rest func()
}

func (s *sealing) Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	if strings.HasPrefix(key, "manifests/") {
		s.once.Do(s.rest)
	}
	return s.Archive.Get(ctx, key)
}

// A daemon seals while the archive is looked at: the last part of the history was
// not there yet when its parts were listed.
func TestRecentBesideAnArchivist(t *testing.T) {
	t.Parallel()
	o, sealed, _, _ := life(t)
	whole, day := o.state(sealed), "history/2026/11/23/"+string(sealed)+"/"
	o.set(map[queue.ID]int{sealed: -1})
	last := fmt.Sprintf("%s%d.jsonl", day, whole.Version-1)
	content := o.content(last)
	o.memory.Lose(last)
	found := make(map[queue.ID]reindex.Finding)
	job := o.job(func(f reindex.Finding) { found[f.FollowUp] = f })
	job.Archive = &sealing{Archive: o.archive, rest: func() { o.put(last, content) }}
	_, err := job.Recent(t.Context(), time.Time{}, time.UTC)
	o.must(err)
	if s := o.state(sealed); s.Dossier != queue.DossierSealed || found[sealed].Err != nil {
		t.Errorf("%+v, %+v", found[sealed], s)
	}
}
