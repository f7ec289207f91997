package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// bareARI is the least that speaks ARI: pooled requests, and events handed to
// whoever waits for their call. It repeats nothing, checks nothing, and trusts
// its socket.
type bareARI struct {
	base, user, password, app string
	http                      *http.Client

	mu    sync.Mutex
	calls map[string]chan bareEvent // mu; by the part of an id before the last dash
}

// bareEvent is what the flow needs of an event.
type bareEvent struct {
	Type    string
	Channel struct{ ID, State string }
	// Recording of the recording events.
	Recording struct{ Name string }
}

func (e bareEvent) object() string { return e.Channel.ID + e.Recording.Name }

// openBareARI connects and asks for the events of the flow only.
func openBareARI(ctx context.Context, s switchSpec, app string) (*bareARI, error) {
	a := &bareARI{
		base: s.URL, user: s.User, password: s.Password, app: app, calls: make(map[string]chan bareEvent),
		http: &http.Client{Transport: &http.Transport{MaxConnsPerHost: 64, MaxIdleConnsPerHost: 64, DisableCompression: true}},
	}
	target := strings.Replace(s.URL, "http", "ws", 1) + "/events?app=" + app + "&api_key=" + s.User + ":" + s.Password
	conn, _, err := websocket.Dial(ctx, target, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	go a.read(ctx, conn)
	var allowed []map[string]string
	for _, kind := range []string{"StasisStart", "ChannelStateChange", "ChannelDestroyed", "RecordingStarted", "RecordingFinished"} {
		allowed = append(allowed, map[string]string{"type": kind})
	}
	return a, a.send(ctx, http.MethodPut, "/applications/"+app+"/eventFilter", map[string]any{"allowed": allowed})
}

func (a *bareARI) read(ctx context.Context, conn *websocket.Conn) {
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			return // the calls time out
		}
		var e bareEvent
		if json.Unmarshal(text, &e) != nil {
			continue
		}
		call, _, _ := strings.Cut(e.object(), "-")
		a.mu.Lock()
		events := a.calls[call]
		a.mu.Unlock()
		if events != nil {
			events <- e
		}
	}
}

func (a *bareARI) subscribe(call string) chan bareEvent {
	events := make(chan bareEvent, 100) // more than a call has
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls[call] = events
	return events
}

func (a *bareARI) unsubscribe(call string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.calls, call)
}

func (a *bareARI) post(ctx context.Context, path string, query ...string) error {
	values := url.Values{}
	for i := 0; i < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	return a.send(ctx, http.MethodPost, path+"?"+values.Encode(), nil)
}

func (a *bareARI) delete(ctx context.Context, path string) error {
	return a.send(ctx, http.MethodDelete, path, nil)
}

var errBare = errors.New("the bare loop was refused")

func (a *bareARI) send(ctx context.Context, method, path string, body any) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = strings.NewReader(string(text))
	}
	return a.exchange(ctx, method, path, content)
}

// exchange makes a request and reads the reply to its end.
func (a *bareARI) exchange(ctx context.Context, method, path string, body io.Reader) error {
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, body)
	if err != nil {
		return err
	}
	req.SetBasicAuth(a.user, a.password)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%w: %s %s: %s", errBare, method, path, resp.Status)
	}
	return nil
}
