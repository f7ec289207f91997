package s3_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"runtime"
	"testing"

	"sambung/internal/realservers"
	"sambung/storage"
)

// counting is content of any length in no memory.
type counting struct{}

func (counting) ReadAt(p []byte, offset int64) (int, error) {
	for i := range p {
		at := offset + int64(i)
		p[i] = byte(at ^ at>>8 ^ at>>16)
	}
	return len(p), nil
}

func big(size int64) (storage.Object, *io.SectionReader) {
	sum := sha256.New()
	_, _ = io.Copy(sum, io.NewSectionReader(counting{}, 0, size))
	return storage.Object{Key: "big", Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}, io.NewSectionReader(counting{}, 0, size)
}

func TestBigObjectInBoundedMemory(t *testing.T) {
	server := realservers.MinIO(t)
	a := open(t, server)
	o, body := big(50 << 20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := a.Put(t.Context(), o, body); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("%d bytes were allocated to put %d", used, o.Size)
	}
	stored, err := a.Stat(t.Context(), o.Key)
	if err != nil || stored.Size != o.Size || stored.SHA256 != o.SHA256 {
		t.Errorf("stored: %+v, %v", stored, err)
	}
}

// cancelling calls a function when it is read at all.
type cancelling struct {
	*io.SectionReader
	read   int64
	after  int64
	cancel func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	n, err := c.SectionReader.Read(p)
	if c.read += int64(n); c.read > c.after {
		c.cancel()
	}
	return n, err
}

func TestCancelledInTheMiddle(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	a := open(t, server)
	o, body := big(50 << 20)
	for name, after := range map[string]int64{"while hashing": 25 << 20, "while sending": 75 << 20} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := a.Put(ctx, o, &cancelling{SectionReader: body, after: after, cancel: cancel})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
		if _, err := a.Stat(t.Context(), o.Key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s: something was stored: %v", name, err)
		}
	}
}
