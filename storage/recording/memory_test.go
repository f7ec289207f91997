package recording_test

import (
	"context"
	"io"
	"runtime"
	"testing"
	"time"

	"sambung/storage/recording"
)

// endless is a WAV file that was never finished, of any length, in no memory.
type endless struct{ head []byte }

func (e endless) ReadAt(p []byte, offset int64) (int, error) {
	for i := range p {
		p[i] = byte(offset + int64(i))
	}
	if offset < int64(len(e.head)) {
		copy(p, e.head[offset:])
	}
	return len(p), nil
}

// A quarter of an hour takes no more memory than a second.
func TestComposeInBoundedMemory(t *testing.T) {
	const quarter = 15 * time.Minute
	long := func(d time.Duration) recording.Source {
		return recording.Source{Audio: endless{header(0, 0)}, Size: 44 + int64(d/time.Second)*2*rate, Started: began}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	info, err := recording.Compose(context.Background(), io.Discard, long(quarter), long(quarter), recording.Span{To: quarter})
	runtime.ReadMemStats(&after)
	if err != nil || info.Duration() != quarter || !info.Tracks[0].Repaired {
		t.Fatalf("info %+v, %v", info, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d bytes were allocated for a recording of %d", used, info.Size)
	}
}

func BenchmarkCompose(b *testing.B) {
	const minute = 60 * 2 * rate
	b.SetBytes(2 * minute)
	for b.Loop() {
		s := recording.Source{Audio: endless{header(0, 0)}, Size: 44 + minute, Started: began}
		if _, err := recording.Compose(b.Context(), io.Discard, s, s, recording.Span{To: time.Minute}); err != nil {
			b.Fatal(err)
		}
	}
}
