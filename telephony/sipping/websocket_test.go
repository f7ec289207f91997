package sipping_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/icholy/digest"

	"sambung/telephony/sipping"
)

// answering is a switch that answers each message by what answer says; nothing where
// that is empty.
func answering(t *testing.T, secure bool, answer func(request string) []byte) *httptest.Server {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}})
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for {
			_, message, err := conn.Read(r.Context())
			if err != nil {
				return
			}
			if conn.Write(r.Context(), websocket.MessageText, []byte("\r\n\r\n")) != nil { // a keep-alive
				return
			}
			if text := answer(string(message)); text != nil && conn.Write(r.Context(), websocket.MessageText, text) != nil {
				return
			}
		}
	})
	server := httptest.NewUnstartedServer(handler)
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server
}

func open(t *testing.T, server *httptest.Server) (*sipping.WebSocket, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	trust := &tls.Config{RootCAs: x509.NewCertPool()}
	if server.Certificate() != nil {
		trust.RootCAs.AddCert(server.Certificate())
	}
	w, err := sipping.DialWebSocket(ctx, strings.Replace(server.URL, "http", "ws", 1)+"/ws", trust)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w, ctx
}

func TestOptionsOverAWebSocket(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		asked := make(chan string, 1)
		w, ctx := open(t, answering(t, secure, func(request string) []byte {
			asked <- request
			return reply(request, "401 Unauthorized")
		}))
		if status, err := w.Options(ctx, "pbx.example.go.id"); err != nil || status != 401 {
			t.Errorf("%d, %v", status, err)
		}
		via := map[bool]string{false: "Via: SIP/2.0/WS ", true: "Via: SIP/2.0/WSS "}[secure]
		if request := <-asked; !strings.HasPrefix(request, "OPTIONS sip:pbx.example.go.id SIP/2.0\r\n") || !strings.Contains(request, via) || !strings.Contains(request, ".invalid") {
			t.Errorf("asked %q", request)
		}
		if (w.Certificate != nil) != secure {
			t.Errorf("certificate %v", w.Certificate)
		}
	}
}

func headerOf(message, name string) string {
	for line := range strings.SplitSeq(message, "\r\n") {
		if value, ok := strings.CutPrefix(line, name+": "); ok {
			return value
		}
	}
	return ""
}

// A switch that asks for a password lets in who has it, and nothing is registered.
func TestRegistrable(t *testing.T) {
	t.Parallel()
	challenge := &digest.Challenge{Realm: "asterisk", Nonce: "n", Algorithm: "MD5", QOP: []string{"auth"}}
	requests := make(chan string, 8)
	server := answering(t, false, func(request string) []byte {
		requests <- request
		credentials, err := digest.ParseCredentials(headerOf(request, "Authorization"))
		if err != nil {
			return []byte(strings.Replace(string(reply(request, "401 Unauthorized")), "Content-Length", "WWW-Authenticate: "+challenge.String()+"\r\nContent-Length", 1))
		}
		want, err := digest.Digest(challenge, digest.Options{Method: "REGISTER", URI: credentials.URI, Username: "agent-1", Password: "the right one", Cnonce: credentials.Cnonce, Count: 1})
		if err != nil || credentials.Response != want.Response {
			return reply(request, "403 Forbidden")
		}
		return reply(request, "200 OK")
	})
	w, ctx := open(t, server)
	for password, want := range map[string]int{"the right one": 200, "another": 403} {
		if status, err := w.Registrable(ctx, "agent-1", "pbx.example.go.id", password); err != nil || status != want {
			t.Errorf("%s: %d, %v", password, status, err)
		}
		first, second := <-requests, <-requests
		if headerOf(first, "Call-ID") != headerOf(second, "Call-ID") || headerOf(second, "CSeq") != "2 REGISTER" || headerOf(first+second, "Contact") != "" || headerOf(first+second, "Expires") != "" {
			t.Errorf("asked %q and %q", first, second)
		}
		if strings.Contains(first+second, password) {
			t.Error("the password was sent")
		}
	}
}

func TestASwitchThatSaysNothing(t *testing.T) {
	t.Parallel()
	w, _ := open(t, answering(t, false, func(string) []byte { return nil }))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if status, err := w.Options(ctx, "pbx"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%d, %v", status, err)
	}
}

func TestDomainsAreChecked(t *testing.T) {
	t.Parallel()
	w, ctx := open(t, answering(t, false, func(string) []byte { return nil }))
	for _, domain := range []string{"", "a b", "a\r\nX: y"} {
		if _, err := w.Options(ctx, domain); !errors.Is(err, sipping.ErrAddress) {
			t.Errorf("%q: %v", domain, err)
		}
		if _, err := w.Registrable(ctx, "agent-1", domain, "x"); !errors.Is(err, sipping.ErrAddress) {
			t.Errorf("%q: %v", domain, err)
		}
	}
}

func TestHandshakesThatFail(t *testing.T) {
	t.Parallel()
	for status, handler := range map[int]http.HandlerFunc{
		404: http.NotFound,
		502: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
		301: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusMovedPermanently)
		},
	} {
		server := httptest.NewServer(handler)
		_, err := sipping.DialWebSocket(t.Context(), strings.Replace(server.URL, "http", "ws", 1), nil)
		server.Close()
		if failed := (*sipping.HandshakeError)(nil); !errors.As(err, &failed) || failed.Status != status {
			t.Errorf("%d: %v", status, err)
		}
	}
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, err := websocket.Accept(w, r, nil); err == nil {
			_, _, _ = conn.Read(r.Context()) // until the other side has gone
		}
	}))
	defer plain.Close()
	if _, err := sipping.DialWebSocket(t.Context(), strings.Replace(plain.URL, "http", "ws", 1), nil); !errors.Is(err, sipping.ErrSubprotocol) {
		t.Errorf("without a subprotocol: %v", err)
	}
	foreign := httptest.NewTLSServer(http.NotFoundHandler())
	defer foreign.Close()
	if _, err := sipping.DialWebSocket(t.Context(), strings.Replace(foreign.URL, "http", "ws", 1), &tls.Config{RootCAs: x509.NewCertPool()}); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("of no authority: %v", err)
	}
}
