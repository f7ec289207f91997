package ari

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// fake is a server that speaks as much ARI as a stream needs, and does harm.
type fake struct {
	t   *testing.T
	srv *httptest.Server

	mu       sync.Mutex
	seen     []seen                                 // mu; requests, but the stream's own
	filters  int                                    // mu; times the event filter was set
	sockets  []*websocket.Conn                      // mu; oldest first
	override map[string]http.HandlerFunc            // mu; by "METHOD /path"
	probes   func(f *fake, name string) (keep bool) // mu; false swallows the probe
}

// seen is a request that came in.
type seen struct{ Method, URI, Body string }

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, override: make(map[string]http.HandlerFunc)}
	f.srv = httptest.NewServer(f)
	t.Cleanup(func() {
		f.cut()
		f.srv.CloseClientConnections()
		f.srv.Close()
	})
	return f
}

// on answers a request, "METHOD /path", in its own way from now on; nil undoes it.
func (f *fake) on(request string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.override[request] = h
}

// answering replies with a status and a body.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/ari")
	f.mu.Lock()
	h := f.override[r.Method+" "+path]
	f.mu.Unlock()
	user, password, _ := r.BasicAuth()
	probe, isEvent := strings.CutPrefix(path, "/events/user/")
	switch {
	case user != "user" || password != "secret":
		w.WriteHeader(http.StatusUnauthorized)
	case h != nil:
		f.record(r)
		h(w, r)
	case path == "/events":
		f.accept(w, r)
	case path == "/applications/app/eventFilter":
		f.mu.Lock()
		f.filters++
		f.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	case isEvent && strings.HasPrefix(probe, "probe-"):
		f.echo(probe)
		w.WriteHeader(http.StatusNoContent)
	default:
		f.record(r)
		body := "{}"
		if path == "/channels" || path == "/bridges" || path == "/recordings/stored" {
			body = "[]"
		}
		_, _ = io.WriteString(w, body)
	}
}

func (f *fake) record(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, seen{r.Method, strings.TrimPrefix(r.RequestURI, "/ari"), string(body)})
}

func (f *fake) requests() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

// accept takes a socket in. As in Asterisk, the newest wins.
func (f *fake) accept(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock() // so that no request of the client's overtakes its socket
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		f.mu.Unlock()
		return
	}
	old := f.sockets
	f.sockets = append(f.sockets[:len(f.sockets):len(f.sockets)], conn)
	f.mu.Unlock()
	for _, c := range old {
		_ = c.Write(r.Context(), websocket.MessageText, []byte(`{"type":"ApplicationReplaced"}`))
	}
	<-conn.CloseRead(context.Background()).Done()
	_ = conn.CloseNow()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, c := range f.sockets {
		if c == conn {
			f.sockets = append(f.sockets[:i:i], f.sockets[i+1:]...)
			return
		}
	}
}

// echo brings a probe back, unless it is to be swallowed.
func (f *fake) echo(name string) {
	f.mu.Lock()
	probes := f.probes
	f.mu.Unlock()
	if probes == nil || probes(f, name) {
		// Whoever gave it up may have no socket at this moment; it is lost then.
		_ = f.write(fmt.Sprintf(`{"type":"ChannelUserevent","eventname":%q}`, name))
	}
}

// send writes frames to the newest socket.
func (f *fake) send(frames ...string) {
	if err := f.write(frames...); err != nil {
		f.t.Errorf("sending an event: %v", err)
	}
}

func (f *fake) write(frames ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.sockets) == 0 {
		return errors.New("there is no socket")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, frame := range frames {
		if err := f.sockets[len(f.sockets)-1].Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
			return err
		}
	}
	return nil
}

// cut closes all sockets without a word.
func (f *fake) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.sockets {
		_ = c.CloseNow()
	}
}

// client makes a client of the fake.
func (f *fake) client(change ...func(*Config)) *Client {
	f.t.Helper()
	config := Config{URL: f.srv.URL + "/ari", Application: "app", User: "user", Password: "secret"}
	for _, c := range change {
		c(&config)
	}
	c, err := New(config)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(c.Close)
	return c
}
