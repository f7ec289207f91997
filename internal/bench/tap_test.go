package bench_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"
	"time"
)

// tap stands before an S3 server and notes when an object was stored: from that
// moment on it can be read. Both sides pass through it.
type tap struct {
	endpoint string
	stored   chan time.Time // of every object whose key has the part in it
}

func openTap(tb testing.TB, endpoint, part string) *tap {
	tb.Helper()
	t := &tap{stored: make(chan time.Time, 16)}
	pass := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", endpoint // the host that was signed stays
		},
		ModifyResponse: func(r *http.Response) error {
			if r.Request.Method == http.MethodPut && r.StatusCode == http.StatusOK && strings.Contains(r.Request.URL.Path, part) {
				t.stored <- time.Now()
			}
			return nil
		},
		Transport: &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true},
	}
	server := httptest.NewServer(pass)
	tb.Cleanup(server.Close)
	t.endpoint = strings.TrimPrefix(server.URL, "http://")
	return t
}

// wait returns when the next object was stored.
func (t *tap) wait(tb testing.TB) time.Time {
	tb.Helper()
	select {
	case at := <-t.stored:
		return at
	case <-time.After(30 * time.Second):
		tb.Fatal("no recording reached the bucket within 30 s")
		return time.Time{}
	}
}
