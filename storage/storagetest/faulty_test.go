package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"sambung/storage"
	"sambung/storage/storagetest"
)

var errFault = errors.New("fault")

func faulty(t *testing.T) (*storagetest.Faulty, storage.Object) {
	t.Helper()
	f := storagetest.NewFaulty(storagetest.NewMemory(clock))
	content := []byte("content")
	o := storage.Object{Key: "key", Size: int64(len(content)), SHA256: storagetest.Hash(content)}
	return f, o
}

func put(f storage.Archive, o storage.Object) error {
	_, err := f.Put(context.Background(), o, bytes.NewReader([]byte("content")))
	return err
}

func read(f storage.Archive, key string) ([]byte, error) {
	body, _, err := f.Get(context.Background(), key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}

func TestFaultBeforeAndAfterPut(t *testing.T) {
	f, o := faulty(t)
	f.Arm(storagetest.Fault{Op: storagetest.OpPut, Nth: 1, Before: errFault})
	f.Arm(storagetest.Fault{Op: storagetest.OpPut, Nth: 3, After: errFault})
	for i, c := range []struct {
		key     string
		want    error
		written bool
	}{{"first", errFault, false}, {"second", nil, true}, {"third", errFault, true}, {"fourth", nil, true}} {
		o.Key = c.key
		if err := put(f, o); !errors.Is(err, c.want) {
			t.Errorf("Put %d: %v, want %v", i+1, err, c.want)
		}
		_, err := f.Stat(t.Context(), c.key)
		if written := err == nil; written != c.written {
			t.Errorf("Put %d: written is %v (%v)", i+1, written, err)
		}
	}
	if f.Calls(storagetest.OpPut) != 4 || f.Calls(storagetest.OpStat) != 4 || f.Calls(storagetest.OpGet) != 0 {
		t.Error("the calls are counted wrong")
	}
}

func TestFaultsOfReading(t *testing.T) {
	f, o := faulty(t)
	if err := put(f, o); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		fault storagetest.Fault
		want  error
	}{
		"before":       {storagetest.Fault{Before: errFault}, errFault},
		"after":        {storagetest.Fault{After: errFault}, errFault},
		"corrupt":      {storagetest.Fault{Corrupt: true}, storage.ErrCorrupt},
		"short":        {storagetest.Fault{Short: 3}, storage.ErrCorrupt},
		"not so short": {storagetest.Fault{Short: 7}, nil},
	} {
		c.fault.Op = storagetest.OpGet
		f.Arm(c.fault)
		if got, err := read(f, o.Key); !errors.Is(err, c.want) {
			t.Errorf("%s: %q, %v; want %v", name, got, err, c.want)
		}
		f.Disarm()
		if got, err := read(f, o.Key); err != nil || string(got) != "content" {
			t.Errorf("after %s: %q, %v", name, got, err)
		}
	}
}

func TestFaultsOfTheRest(t *testing.T) {
	for name, fault := range map[string]storagetest.Fault{"before": {Before: errFault}, "after": {After: errFault}} {
		f, o := faulty(t)
		if err := put(f, o); err != nil {
			t.Fatal(err)
		}
		for _, op := range []storagetest.Op{storagetest.OpStat, storagetest.OpList, storagetest.OpCheck} {
			fault.Op = op
			f.Arm(fault)
		}
		_, stat := f.Stat(t.Context(), o.Key)
		_, check := f.Check(t.Context())
		var listed []error
		for _, err := range f.List(t.Context(), "") {
			listed = append(listed, err)
		}
		if !errors.Is(stat, errFault) || !errors.Is(check, errFault) || !errors.Is(listed[len(listed)-1], errFault) {
			t.Errorf("%s: %v, %v, %v", name, stat, check, listed)
		}
		if want := map[string]int{"before": 1, "after": 2}[name]; len(listed) != want {
			t.Errorf("%s: the list yields %d times, want %d", name, len(listed), want)
		}
	}
}

func TestDelayEndsWithItsContext(t *testing.T) {
	f, o := faulty(t)
	f.Arm(storagetest.Fault{Op: storagetest.OpPut, Nth: 1, Delay: time.Hour})
	f.Arm(storagetest.Fault{Op: storagetest.OpPut, Nth: 2, Delay: time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := f.Put(ctx, o, bytes.NewReader([]byte("content"))); !errors.Is(err, context.Canceled) {
		t.Errorf("delayed for an hour: %v", err)
	}
	if err := put(f, o); err != nil {
		t.Errorf("delayed a little: %v", err)
	}
}

func TestMemoryDoesHarm(t *testing.T) {
	m := storagetest.NewMemory(clock)
	_, o := faulty(t)
	if err := put(m, o); err != nil {
		t.Fatal(err)
	}
	m.Rot(o.Key, 3)
	if got, err := read(m, o.Key); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("rotten: %q, %v", got, err)
	}
	if err := put(m, o); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("put over what is rotten: %v", err)
	}
	m.Replace(o.Key, []byte("other"))
	if got, err := read(m, o.Key); err != nil || string(got) != "other" {
		t.Errorf("replaced: %q, %v", got, err)
	}
	if err := put(m, o); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("put over what was replaced: %v", err)
	}
	m.Lose(o.Key)
	if _, err := read(m, o.Key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("lost: %v", err)
	}
}
