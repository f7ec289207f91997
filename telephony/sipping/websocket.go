package sipping

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/coder/websocket"
	"github.com/emiago/sipgo/sip"

	"sambung/telephony/sipauth"
)

// ErrSubprotocol means that a WebSocket is there, and SIP is not spoken over it.
var ErrSubprotocol = errors.New("the server does not agree to the subprotocol sip")

// HandshakeError says that no WebSocket was opened, because an HTTP server answered
// with another status than 101, or none did.
type HandshakeError struct {
	Status int // of HTTP; 0 if there was no answer
	Err    error
}

func (e *HandshakeError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *HandshakeError) Unwrap() error { return e.Err }

// WebSocket is SIP over a WebSocket (RFC 7118), as a telephone in a browser has it.
// It is for one goroutine. Close it.
type WebSocket struct {
	conn *websocket.Conn
	via  string // transport of our messages
	// Certificate is the server's own; nil without TLS.
	Certificate *x509.Certificate
}

// maxMessage bounds a message that comes, in bytes.
const maxMessage = 64 << 10

// DialWebSocket opens one at an address such as wss://pbx.example.go.id/ws. Errors:
// *HandshakeError, of TLS too, and ErrSubprotocol.
func DialWebSocket(ctx context.Context, address string, trust *tls.Config) (*WebSocket, error) {
	transport := &http.Transport{TLSClientConfig: trust, DisableKeepAlives: true}
	conn, answer, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport, CheckRedirect: stay}, Subprotocols: []string{"sip"},
	})
	if err != nil {
		failed := &HandshakeError{Err: err}
		if answer != nil {
			failed.Status = answer.StatusCode
		}
		if failed.Status == http.StatusSwitchingProtocols {
			return nil, fmt.Errorf("%w: %w", ErrSubprotocol, err)
		}
		return nil, failed
	}
	w := &WebSocket{conn: conn, via: "WS"}
	conn.SetReadLimit(maxMessage)
	if conn.Subprotocol() != "sip" {
		w.Close()
		return nil, ErrSubprotocol
	}
	if answer.TLS != nil && len(answer.TLS.PeerCertificates) > 0 {
		w.via, w.Certificate = "WSS", answer.TLS.PeerCertificates[0]
	}
	return w, nil
}

// stay keeps a handshake at its address, as browsers do (Fetch, section 3.2).
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close ends it; what the other side says to that is not waited for.
func (w *WebSocket) Close() { _ = w.conn.CloseNow() }

// Options asks the switch of a domain whether it is there, and returns the status of
// the final response.
func (w *WebSocket) Options(ctx context.Context, domain string) (status int, err error) {
	target, err := domainURI(domain, "")
	if err != nil {
		return 0, err
	}
	us := target
	us.User = "doctor"
	answer, err := w.exchange(ctx, w.ask(sip.OPTIONS, target, us, target))
	if err != nil {
		return 0, fmt.Errorf("OPTIONS: %w", err)
	}
	return answer.StatusCode, nil
}

// Registrable tries whether a user may register with a password: by a REGISTER that
// asks for what is registered and changes nothing of it (RFC 3261, section 10.2.3).
// It returns the status of the final response, that to the password where one was
// asked for.
func (w *WebSocket) Registrable(ctx context.Context, user, domain, password string) (status int, err error) {
	target, err := domainURI(domain, "")
	if err != nil {
		return 0, err
	}
	us, err := domainURI(domain, user)
	if err != nil {
		return 0, err
	}
	request := w.ask(sip.REGISTER, target, us, us)
	answer, err := w.exchange(ctx, request)
	if err == nil && sipauth.Challenged(answer) {
		credentials, failed := sipauth.Answer(request, answer, user, password)
		if failed != nil {
			return 0, fmt.Errorf("REGISTER: %w", failed)
		}
		again := w.ask(sip.REGISTER, target, us, us)
		again.CSeq().SeqNo = 2
		again.ReplaceHeader(request.CallID())
		again.AppendHeader(credentials)
		answer, err = w.exchange(ctx, again)
	}
	if err != nil {
		return 0, fmt.Errorf("REGISTER: %w", err)
	}
	return answer.StatusCode, nil
}

// ask makes a request. The host of a browser's Via can be reached by nobody (RFC
// 7118, section 5.1): answers come by the WebSocket.
func (w *WebSocket) ask(method sip.RequestMethod, target, from, to sip.Uri) *sip.Request {
	return ask(method, target, from, to, &sip.ViaHeader{Transport: w.via, Host: sip.GenerateTagN(12) + ".invalid"})
}

// exchange sends a request and waits for its final response; what else comes is
// passed over.
func (w *WebSocket) exchange(ctx context.Context, request *sip.Request) (*sip.Response, error) {
	if err := w.conn.Write(ctx, websocket.MessageText, []byte(request.String())); err != nil {
		return nil, err
	}
	for {
		_, message, err := w.conn.Read(ctx)
		if err != nil {
			return nil, err
		}
		if answer := finalResponse(request, message); answer != nil {
			return answer, nil
		}
	}
}

// domainURI is the address of a user of a domain, or of the domain itself.
func domainURI(domain, user string) (sip.Uri, error) {
	at := domain
	if user != "" {
		at = user + "@" + domain
	}
	var uri sip.Uri
	if err := sip.ParseUri("sip:"+at, &uri); err != nil || uri.Host == "" || strings.ContainsAny(at, "\r\n \t") {
		return sip.Uri{}, fmt.Errorf("%w: %q is no domain of SIP", ErrAddress, domain)
	}
	return uri, nil
}
