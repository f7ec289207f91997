package s3_test

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// between stands between the client and the server and changes the answers to
// GETs of the object "key".
func between(t *testing.T, server *realservers.MinIOServer, change func(*http.Response) error) string {
	t.Helper()
	return answering(t, server, func(r *http.Response) error {
		if r.Request.Method == http.MethodGet && r.Request.URL.Path == "/sambung/key" && r.StatusCode == http.StatusOK {
			return change(r)
		}
		return nil
	})
}

// answering is between, for every answer.
func answering(t *testing.T, server *realservers.MinIOServer, change func(*http.Response) error) string {
	t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: server.Endpoint})
	proxy.ErrorLog = log.New(io.Discard, "", 0) // its complaints about the harm
	proxy.ModifyResponse = change
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// flip turns one bit of the body around.
func flip(r *http.Response) error {
	b, err := io.ReadAll(r.Body)
	b[len(b)/2] ^= 1
	r.Body = io.NopCloser(bytes.NewReader(b))
	return err
}

func TestCorruptReadBack(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	direct := open(t, server)
	content := bytes.Repeat([]byte("sound"), 10_000)
	a := connect(t, server, through(between(t, server, flip)))
	for range 2 { // also where it finds what it wrote before
		err := put(t.Context(), a, "key", content)
		if !errors.Is(err, storage.ErrCorrupt) {
			t.Errorf("Put whose read-back is corrupt: %v, want ErrCorrupt", err)
		}
		wantText(t, err, "read back key", storagetest.Hash(content), "heal")
	}
	if _, err := read(t.Context(), a, "key"); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("Get of corrupt content: %v, want ErrCorrupt", err)
	}
	// The harm was on the way: what is there is right, and Put can be repeated.
	if err := put(t.Context(), direct, "key", content); err != nil {
		t.Errorf("Put over a sound connection: %v", err)
	}
	// Other content is a conflict, however it is read.
	if err := put(t.Context(), a, "key", []byte("other")); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("Put of other content: %v, want ErrConflict", err)
	}
}

func TestShortReadBack(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	open(t, server)
	cut := func(r *http.Response) error {
		b, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(b[:len(b)-1]))
		r.ContentLength = int64(len(b) - 1)
		r.Header.Set("Content-Length", "49999")
		return err
	}
	a := connect(t, server, through(between(t, server, cut)))
	if err := put(t.Context(), a, "key", bytes.Repeat([]byte("sound"), 10_000)); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("Put whose read-back is short: %v, want ErrCorrupt", err)
	}
}

// A body that stops in its middle is not waited for for ever.
func TestStalledReadBack(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	open(t, server)
	stop := make(chan struct{})
	stall := func(r *http.Response) error {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(r.Body, 1000), waiting{stop}), r.Body}
		return nil
	}
	a := connect(t, server, through(between(t, server, stall)), func(c *s3.Config) { c.Timeout = time.Second })
	err := put(t.Context(), a, "key", bytes.Repeat([]byte("sound"), 10_000))
	close(stop)
	if err == nil || !strings.Contains(err.Error(), "nothing was received for 1s") {
		t.Errorf("Put whose read-back stalls: %v", err)
	}
}

// waiting is a body that comes no further.
type waiting struct{ stop chan struct{} }

func (w waiting) Read([]byte) (int, error) {
	<-w.stop
	return 0, io.ErrUnexpectedEOF
}
