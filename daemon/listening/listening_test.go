package listening_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sambung/daemon/listening"
	"sambung/storage"
	"sambung/storage/storagetest"
)

// counting is an archive that counts how often an object is read.
type counting struct {
	*storagetest.Memory
	reads atomic.Int64
}

func (c *counting) Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	c.reads.Add(1)
	return c.Memory.Get(ctx, key)
}

func archive(t *testing.T, objects map[string][]byte) *counting {
	t.Helper()
	m := storagetest.NewMemory(time.Now)
	for key, content := range objects {
		if _, err := m.Put(t.Context(), storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	return &counting{Memory: m}
}

// TestManyListenersReadOnce: a recording is fetched once for all of them.
func TestManyListenersReadOnce(t *testing.T) {
	content := bytes.Repeat([]byte("sound"), 100_000)
	a := archive(t, map[string][]byte{"a": content})
	c := listening.NewCache(a)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			audio, done, err := c.Open(t.Context(), "a", storagetest.Hash(content), int64(len(content)))
			if err != nil {
				t.Error(err)
				return
			}
			defer done()
			if got, err := io.ReadAll(audio); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
	all.Wait()
	if n := a.reads.Load(); n != 1 {
		t.Errorf("read %d times", n)
	}
}

// TestWhatIsHeldIsBounded, and what was let go is fetched again.
func TestWhatIsHeldIsBounded(t *testing.T) {
	objects := map[string][]byte{}
	for n := range 100 {
		objects[fmt.Sprint(n)] = fmt.Appendf(nil, "sound %d", n)
	}
	a := archive(t, objects)
	c := listening.NewCache(a)
	for range 2 {
		for n := range 100 {
			content := objects[fmt.Sprint(n)]
			audio, done, err := c.Open(t.Context(), fmt.Sprint(n), storagetest.Hash(content), int64(len(content)))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(audio); !bytes.Equal(got, content) {
				t.Errorf("%d: %q", n, got)
			}
			done()
		}
	}
	if n := a.reads.Load(); n != 200 {
		t.Errorf("read %d times: more is held than is allowed", n)
	}
}

func TestWhatIsBrokenIsNotHeard(t *testing.T) {
	content := []byte("sound")
	a := archive(t, map[string][]byte{"a": content})
	c := listening.NewCache(a)
	for name, open := range map[string]func() error{
		"lost": func() error { _, _, err := c.Open(t.Context(), "b", storagetest.Hash(nil), 5); return err },
		"hash": func() error { _, _, err := c.Open(t.Context(), "a", storagetest.Hash(nil), 5); return err },
		"size": func() error { _, _, err := c.Open(t.Context(), "a", storagetest.Hash(content), 4); return err },
	} {
		if err := open(); !errors.Is(err, storage.ErrNotFound) && !errors.Is(err, storage.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, done, err := c.Open(t.Context(), "a", storagetest.Hash(content), 5); err != nil {
		t.Errorf("a failure is remembered: %v", err)
	} else {
		done()
	}
}

// slow is an archive that does not answer the first one who asks.
type slow struct {
	*counting
	asked atomic.Bool
}

func (s *slow) Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	if !s.asked.Swap(true) {
		<-ctx.Done()
		return nil, storage.Object{}, ctx.Err()
	}
	return s.counting.Get(ctx, key)
}

// TestWhoHasLittleTimeSpoilsNothing: a waveform is not waited for as long as the sound,
// and is asked for first.
func TestWhoHasLittleTimeSpoilsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		content := []byte("sound")
		c := listening.NewCache(&slow{counting: archive(t, map[string][]byte{"a": content})})
		var all sync.WaitGroup
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
			defer cancel()
			if _, _, err := c.Open(ctx, "a", storagetest.Hash(content), 5); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who had little time: %v", err)
			}
		})
		synctest.Wait()
		_, done, err := c.Open(t.Context(), "a", storagetest.Hash(content), 5)
		if err != nil {
			t.Fatalf("who has time: %v", err)
		}
		done()
		all.Wait()
	})
}

// TestASitting begins once, again after a pause, and again after it failed.
func TestASitting(t *testing.T) {
	var s listening.Sittings
	now, begun := time.Unix(0, 0), 0
	first := func() error { begun++; return nil }
	for range 3 {
		if err := s.Begin("a", now, first); err != nil {
			t.Fatal(err)
		}
		now = now.Add(listening.Sitting - time.Second)
	}
	if begun != 1 {
		t.Errorf("begun %d times", begun)
	}
	now = now.Add(listening.Sitting)
	_ = s.Begin("a", now, first)
	_ = s.Begin("b", now, first)
	if begun != 3 {
		t.Errorf("begun %d times, want 3", begun)
	}
	away := errors.New("the archive is away")
	if err := s.Begin("c", now, func() error { return away }); !errors.Is(err, away) {
		t.Error(err)
	}
	if err := s.Begin("c", now, first); err != nil || begun != 4 {
		t.Errorf("after a failure: %v, begun %d times", err, begun)
	}
}

// TestWhoGoesAwaySpoilsNoSitting: a player gives its first request up when somebody jumps,
// and the next one is there before that has ended.
func TestWhoGoesAwaySpoilsNoSitting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s listening.Sittings
		var all sync.WaitGroup
		now, asked, cancel := time.Now(), 0, make(chan struct{})
		all.Go(func() {
			if err := s.Begin("a", now, func() error { <-cancel; return context.Canceled }); !errors.Is(err, context.Canceled) {
				t.Errorf("who went away: %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if err := s.Begin("a", now, func() error { asked++; return nil }); err != nil {
				t.Errorf("who came meanwhile: %v", err)
			}
		})
		synctest.Wait()
		close(cancel)
		all.Wait()
		if asked != 1 {
			t.Errorf("begun %d times", asked)
		}
	})
}
