package faultproxy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"sambung/internal/faultproxy"
)

func serve(t *testing.T) (*faultproxy.Proxy, *atomic.Int32, *http.Client) {
	t.Helper()
	var served atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		_, _ = io.WriteString(w, r.URL.Path)
	}))
	t.Cleanup(srv.Close)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return faultproxy.Start(t, strings.TrimPrefix(srv.URL, "http://")), &served, client
}

func get(p *faultproxy.Proxy, c *http.Client, path string) (string, error) {
	resp, err := c.Post("http://"+p.Addr+path, "", nil) // a POST is not repeated by the client
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  faultproxy.Fault
		served int32
		failed bool
	}{
		{"request dropped", faultproxy.Fault{Match: "/dial", DropRequest: true}, 1, true},
		{"reply dropped", faultproxy.Fault{Match: "/dial", DropReply: true}, 2, true},
		{"passed on", faultproxy.Fault{Match: "/nothing", DropReply: true}, 2, false},
		{"second match", faultproxy.Fault{Match: "/", Nth: 2, DropRequest: true}, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, served, client := serve(t)
			struck := p.Arm(c.fault)
			if body, err := get(p, client, "/other"); err != nil || body != "/other" {
				t.Fatalf("an unmatched request: %q, %v", body, err)
			}
			_, err := get(p, client, "/dial")
			if (err != nil) != c.failed {
				t.Errorf("error %v, want failure %v", err, c.failed)
			}
			if served.Load() != c.served {
				t.Errorf("the server saw %d requests, want %d", served.Load(), c.served)
			}
			if c.failed {
				<-struck
			}
		})
	}
}

func TestBeforeAndAfter(t *testing.T) {
	p, served, client := serve(t)
	var before, after int32
	p.Arm(faultproxy.Fault{
		Match:  "/dial",
		Before: func() { before = served.Load() },
		After:  func() { after = served.Load() },
	})
	if _, err := get(p, client, "/dial"); err != nil {
		t.Fatal(err)
	}
	if before != 0 || after != 1 {
		t.Errorf("requests served before %d and after %d, want 0 and 1", before, after)
	}
}

func TestDown(t *testing.T) {
	p, _, client := serve(t)
	p.SetDown(true)
	if _, err := get(p, client, "/"); err == nil {
		t.Error("a proxy that is down answered")
	}
	p.SetDown(false)
	if _, err := get(p, client, "/"); err != nil {
		t.Errorf("a proxy that is up again: %v", err)
	}
}
