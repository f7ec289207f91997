package s3_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// forgetful is a server that says it has stored an object, and returns it as
// rot has left it.
type forgetful struct {
	rot func(content []byte)

	mu      sync.Mutex
	content []byte // mu
}

func (f *forgetful) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w.Header().Set("ETag", `"1"`)
	if r.Method == http.MethodPut {
		f.content, _ = io.ReadAll(r.Body)
		f.rot(f.content)
		return
	}
	w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Length", strconv.Itoa(len(f.content)))
	_, _ = w.Write(f.content)
}

// TestWhatIsStoredIsReadBack: Put believes its own eyes alone.
func TestWhatIsStoredIsReadBack(t *testing.T) {
	t.Parallel()
	content := []byte("what was said")
	for name, c := range map[string]struct {
		rot  func([]byte)
		want error
	}{
		"sound":   {func([]byte) {}, nil},
		"one bit": {func(b []byte) { b[len(b)/2] ^= 1 }, storage.ErrCorrupt},
		"nothing": {func(b []byte) { clear(b) }, storage.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(&forgetful{rot: c.rot})
			t.Cleanup(server.Close)
			a, err := s3.New(s3.Config{
				Endpoint: strings.TrimPrefix(server.URL, "http://"), Region: "us-east-1", Bucket: "sambung", AccessKey: "a", SecretKey: "s",
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = a.Close() })
			o := storage.Object{Key: "key", Size: int64(len(content)), SHA256: storagetest.Hash(content)}
			if _, err := a.Put(t.Context(), o, strings.NewReader(string(content))); !errors.Is(err, c.want) {
				t.Errorf("Put: %v, want %v", err, c.want)
			}
		})
	}
}
