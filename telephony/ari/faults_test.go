package ari

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		reply              http.HandlerFunc
		status             int
		said               string
		gone, state, maybe bool
	}{
		"not found":      {answering(404, `{"message":"Channel not found"}`), 404, "Channel not found", true, false, false},
		"conflict":       {answering(409, `{"message":"Channel not in Stasis application"}`), 409, "Channel not in Stasis application", false, true, false},
		"bad request":    {answering(400, `{"error":"Bad Request"}`), 400, "Bad Request", false, false, false},
		"not carried":    {answering(500, `{"error":"Allocation failed"}`), 500, "Allocation failed", false, false, false},
		"a proxy's word": {answering(502, "<h1>Bad Gateway</h1>\n"), 502, "<h1>Bad Gateway</h1>", false, false, true},
		"gateway, mute":  {answering(504, ""), 504, "", false, false, true},
		"another page":   {answering(404, "<h1>nginx</h1>"), 404, "<h1>nginx</h1>", false, false, false}, // Asterisk's own, too, while it starts
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/ari/elsewhere", http.StatusTemporaryRedirect)
		},
			307, "", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.on("POST /channels/c/dial", c.reply)
			err := f.client().Dial(t.Context(), "c", "", time.Second)
			var e *Error
			if !errors.As(err, &e) || e.Method != "POST" || e.Resource != "/channels/c/dial" || e.Message != c.said {
				t.Errorf("error %#v", err)
			}
			if Status(err) != c.status || IsNotFound(err) != c.gone || IsConflict(err) != c.state || MaybeDone(err) != c.maybe {
				t.Errorf("status %d, not found %t, conflict %t, maybe done %t", Status(err), IsNotFound(err), IsConflict(err), MaybeDone(err))
			}
			if n := len(f.requests()); n != 1 {
				t.Errorf("the server was asked %d times", n)
			}
		})
	}
}

// hangUp closes the connection without a reply, as a server that dies does.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// TestReplyLost: the server has the request, the client no reply. It must not
// ask again by itself, on a fresh connection or on one used before.
func TestReplyLost(t *testing.T) {
	for name, warm := range map[string]bool{"fresh": false, "used before": true} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			c := f.client()
			want := 1
			if warm {
				want++
				if err := c.Ping(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			f.on("POST /channels/create", hangUp)
			_, err := c.CreateChannel(t.Context(), CreateChannel{ID: "c", Endpoint: "PJSIP/x", Variables: map[string]string{"a": "b"}})
			if err == nil || !MaybeDone(err) || Status(err) != 0 {
				t.Errorf("error %v, maybe done %t", err, MaybeDone(err))
			}
			if n := len(f.requests()); n != want {
				t.Errorf("the server was asked %d times, want %d", n, want)
			}
		})
	}
}

// TestReplyCut: the status says it is done, what was made is not said.
func TestReplyCut(t *testing.T) {
	f := newFake(t)
	f.on("POST /channels/create", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"id":"c"`)
	})
	_, err := f.client().CreateChannel(t.Context(), CreateChannel{ID: "c", Endpoint: "PJSIP/x"})
	if !MaybeDone(err) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, maybe done %t", err, MaybeDone(err))
	}
}

func TestConnectionRefused(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	c, err := New(Config{URL: "http://" + ln.Addr().String() + "/ari", Application: "app"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.HangUp(t.Context(), "c"); err == nil || MaybeDone(err) || Status(err) != 0 {
		t.Errorf("error %v, maybe done %t", err, MaybeDone(err))
	}
}

// TestTimeout: a server that says nothing, for the whole pool of connections.
func TestTimeout(t *testing.T) {
	f := newFake(t)
	asked, release := make(chan struct{}), make(chan struct{})
	f.on("POST /channels/c/dial", func(http.ResponseWriter, *http.Request) { close(asked); <-release })
	c := f.client(func(c *Config) { c.MaxConns, c.Timeout = 1, 300*time.Millisecond })
	held := make(chan error, 1)
	go func() { held <- c.Dial(context.WithoutCancel(t.Context()), "c", "", time.Second) }()
	<-asked
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := c.HangUp(short, "c"); !errors.Is(err, context.DeadlineExceeded) || MaybeDone(err) {
		t.Errorf("a request that never had a connection: %v, maybe done %t", err, MaybeDone(err))
	}
	if err := <-held; !errors.Is(err, context.DeadlineExceeded) || !MaybeDone(err) {
		t.Errorf("a request without a reply: %v, maybe done %t", err, MaybeDone(err))
	}
	close(release)
}

func TestEmptyID(t *testing.T) {
	f := newFake(t)
	if err := f.client().HangUp(t.Context(), ""); err == nil || MaybeDone(err) {
		t.Errorf("error %v", err)
	}
	if n := len(f.requests()); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

func TestBadConfig(t *testing.T) {
	for _, bad := range []Config{
		{}, {URL: "http://x/ari"}, {URL: "ftp://x/ari", Application: "a"}, {URL: "http://", Application: "a"},
		{URL: "http://x/ari", Application: "a,b"}, {URL: "http://u:secret@x/ari", Application: "a"},
		{URL: "http://x/ari?y", Application: "a"}, {URL: "http://x/ari", Application: "a", Timeout: -1},
	} {
		if _, err := New(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestOpenRecording(t *testing.T) {
	const file = "/recordings/stored/d/r/file"
	f := newFake(t)
	c := f.client(func(c *Config) { c.Timeout = time.Second })
	var got bytes.Buffer

	f.on("GET "+file, func(w http.ResponseWriter, _ *http.Request) {
		for range 5 { // longer than the time-out in all, never standing still for that long
			_, _ = io.WriteString(w, "sound")
			w.(http.Flusher).Flush()
			time.Sleep(300 * time.Millisecond) // the server is slow
		}
	})
	if n, err := c.RecordingFile(t.Context(), "d/r", &got); n != 25 || err != nil || got.String() != strings.Repeat("sound", 5) {
		t.Errorf("a slow file: %d bytes, %v", n, err)
	}
	f.on("GET "+file, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "half.")
	})
	if n, err := c.RecordingFile(t.Context(), "d/r", &got); n != 5 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut file: %d bytes, %v", n, err)
	}
	f.on("GET "+file, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half.")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	if n, err := c.RecordingFile(t.Context(), "d/r", &got); n != 5 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a file that stands still: %d bytes, %v", n, err)
	}
	f.on("GET "+file, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if _, _, err := c.OpenRecording(t.Context(), "d/r"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no reply: %v", err)
	}
	f.on("GET "+file, answering(404, `{"message":"Recording not found"}`))
	if _, _, err := c.OpenRecording(t.Context(), "d/r"); !IsNotFound(err) {
		t.Errorf("a file that is not there: %v", err)
	}
}
