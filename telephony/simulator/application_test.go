package simulator

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// eager calls back before the handshake of a WebSocket is answered.
type eager struct {
	http.ResponseWriter
	before func()
}

// Hijack implements http.Hijacker.
func (e eager) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(e.ResponseWriter).Hijack()
}

// WriteHeader answers the handshake.
func (e eager) WriteHeader(status int) {
	if status == http.StatusSwitchingProtocols {
		e.before()
	}
	e.ResponseWriter.WriteHeader(status)
}

// TestKnownBeforeTheHandshake: whoever has an answer to the handshake can set the
// filter at once, and what happened meanwhile waits for it.
func TestKnownBeforeTheHandshake(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	handler := s.handler()
	ask := func(method, path, body string) int {
		answer, request := httptest.NewRecorder(), httptest.NewRequest(method, path, strings.NewReader(body))
		request.SetBasicAuth(s.User(), s.Password())
		handler.ServeHTTP(answer, request)
		return answer.Code
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(eager{w, func() {
			if code := ask(http.MethodPut, "/ari/applications/app/eventFilter", `{"allowed":[{"type":"ChannelUserevent"}]}`); code != http.StatusOK {
				t.Errorf("the filter: %d", code)
			}
			if code := ask(http.MethodPost, "/ari/events/user/early?application=app", `{}`); code != http.StatusNoContent {
				t.Errorf("an event: %d", code)
			}
		}}, r)
	}))
	t.Cleanup(server.Close)
	events := httptest.NewRequest(http.MethodGet, "/", nil)
	events.SetBasicAuth(s.User(), s.Password())
	conn, _, err := websocket.Dial(t.Context(), server.URL+"/ari/events?app=app", &websocket.DialOptions{HTTPHeader: events.Header})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	limit := time.AfterFunc(10*time.Second, func() { _ = conn.CloseNow() })
	defer limit.Stop()
	if _, frame, err := conn.Read(t.Context()); err != nil || !strings.Contains(string(frame), `"early"`) {
		t.Errorf("read %s, %v", frame, err)
	}
}
