package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"sambung/storage"
)

// Locking is an archive whose server locks objects.
type Locking interface {
	storage.Archive
	storage.Locker
}

// RunLock runs the suite of object lock. open returns an archive whose bucket
// locks objects and retains evidence for so long, which is at least a minute.
// remove tries to delete the object in the bucket for good, past the archive, as
// somebody with its access key would.
func RunLock(t *testing.T, retention time.Duration, open func(t *testing.T) Locking, remove func(ctx context.Context, key string) error) {
	begin := func(t *testing.T) fixtureLock {
		a := open(t)
		return fixtureLock{fixture{t, a, "recordings/" + storage.Escape(t.Name()) + "/"}, a, remove}
	}
	t.Run("what it can do", func(t *testing.T) {
		if can, err := open(t).Check(t.Context()); err != nil || !can.ObjectLock || !can.LegalHold {
			t.Errorf("Check: %+v, %v", can, err)
		}
	})
	t.Run("evidence is retained", func(t *testing.T) { begin(t).retained(retention) })
	t.Run("nothing else is", func(t *testing.T) { begin(t).notRetained() })
	t.Run("legal hold", func(t *testing.T) { begin(t).legalHold() })
	t.Run("legal hold of nothing", func(t *testing.T) { begin(t).holdNothing() })
}

type fixtureLock struct {
	fixture
	locker storage.Locker
	remove func(ctx context.Context, key string) error
}

func (f fixtureLock) protection(key string) storage.Protection {
	f.t.Helper()
	p, err := f.locker.Protection(f.t.Context(), key)
	if err != nil {
		f.t.Fatalf("Protection of %s: %v", key, err)
	}
	return p
}

func (f fixtureLock) retained(retention time.Duration) {
	began := time.Now().Truncate(time.Second)
	o := f.mustPut("kept", []byte("what was said"))
	until := f.protection(o.Key).RetainUntil
	if until.Before(began.Add(retention)) || until.After(time.Now().Add(retention+time.Second)) {
		f.t.Errorf("retained until %s, put at %s for %s", until, began, retention)
	}
	// The same once more changes nothing, and is no error.
	f.mustPut("kept", []byte("what was said"))
	if again := f.protection(o.Key).RetainUntil; !again.Equal(until) {
		f.t.Errorf("retained until %s, after putting it again until %s", until, again)
	}
	if err := f.remove(f.t.Context(), o.Key); err == nil {
		f.t.Error("an object that is retained was deleted")
	}
	f.wantContent("kept", []byte("what was said"))
}

func (f fixtureLock) notRetained() {
	f.prefix = storage.ProbePrefix + storage.Escape(f.t.Name()) + "/"
	o := f.mustPut("free", []byte("x"))
	if p := f.protection(o.Key); !p.RetainUntil.IsZero() || p.LegalHold {
		f.t.Errorf("%+v", p)
	}
	if err := f.remove(f.t.Context(), o.Key); err != nil {
		f.t.Errorf("what nothing protects cannot be deleted: %v", err)
	}
}

func (f fixtureLock) legalHold() {
	f.prefix = storage.ProbePrefix + storage.Escape(f.t.Name()) + "/" // not retained
	o := f.mustPut("held", []byte("x"))
	for range 2 { // twice is no error
		if err := f.locker.SetLegalHold(f.t.Context(), o.Key, true); err != nil {
			f.t.Fatal(err)
		}
	}
	if !f.protection(o.Key).LegalHold {
		f.t.Error("it is not under legal hold")
	}
	if err := f.remove(f.t.Context(), o.Key); err == nil {
		f.t.Error("an object under legal hold was deleted")
	}
	f.wantContent("held", []byte("x"))
	for range 2 {
		if err := f.locker.SetLegalHold(f.t.Context(), o.Key, false); err != nil {
			f.t.Fatal(err)
		}
	}
	if f.protection(o.Key).LegalHold {
		f.t.Error("it is under legal hold still")
	}
	if err := f.remove(f.t.Context(), o.Key); err != nil {
		f.t.Errorf("what was released cannot be deleted: %v", err)
	}
}

func (f fixtureLock) holdNothing() {
	if err := f.locker.SetLegalHold(f.t.Context(), f.prefix+"none", true); !errors.Is(err, storage.ErrNotFound) {
		f.t.Errorf("SetLegalHold: %v, want ErrNotFound", err)
	}
	if p, err := f.locker.Protection(f.t.Context(), f.prefix+"none"); !errors.Is(err, storage.ErrNotFound) {
		f.t.Errorf("Protection: %+v, %v; want ErrNotFound", p, err)
	}
	if err := f.locker.SetLegalHold(f.t.Context(), "Siti 0812", true); !errors.Is(err, storage.ErrKey) {
		f.t.Errorf("SetLegalHold: %v, want ErrKey", err)
	}
}
