package softphone_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/icholy/digest"
)

// registrar is a tiny one: it challenges every REGISTER and INVITE, and checks
// the digest.
type registrar struct {
	t        testing.TB
	conn     *net.UDPConn
	password string
	expires  int // granted, in seconds
	status   int // of the challenge: 401 or 407

	mu   sync.Mutex
	seen []string // the Expires of each REGISTER with right credentials, "invite" for an INVITE
	deaf bool     // refuses everything with 503
}

func newRegistrar(t testing.TB, expires, status int) *registrar {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	r := &registrar{t: t, conn: conn, password: "secret", expires: expires, status: status}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.serve()
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return r
}

func (r *registrar) addr() string { return r.conn.LocalAddr().String() }

func (r *registrar) serve() {
	buffer := make([]byte, 4096)
	for {
		n, from, err := r.conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		if reply := r.reply(string(buffer[:n])); reply != "" {
			if _, err := r.conn.WriteToUDPAddrPort([]byte(reply), from); err != nil {
				r.t.Error(err)
			}
		}
	}
}

// reply answers one message; nothing to an ACK.
func (r *registrar) reply(message string) string {
	method, _, _ := strings.Cut(message, " ")
	if method == "ACK" {
		return ""
	}
	lines := []string{}
	headers := map[string]string{}
	for line := range strings.Lines(message) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		headers[name] = value
		switch name {
		case "Via", "From", "To", "Call-ID", "CSeq":
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status := "200 OK"
	switch {
	case r.deaf:
		status = "503 Service Unavailable"
	case !r.right(method, headers):
		challenge := `Digest realm="sambung", nonce="n1", algorithm=MD5, qop="auth"`
		status = "401 Unauthorized"
		name := "WWW-Authenticate"
		if r.status == 407 {
			status, name = "407 Proxy Authentication Required", "Proxy-Authenticate"
		}
		lines = append(lines, name+`: Digest realm="sambung", nonce="n0", algorithm=MD5-sess`, name+": "+challenge)
	case headers["Expires"] == "1":
		status = "423 Interval Too Brief"
		lines = append(lines, "Min-Expires: 30")
	case method == "INVITE":
		status = "486 Busy Here"
		r.seen = append(r.seen, "invite")
	default:
		r.seen = append(r.seen, headers["Expires"])
		lines = append(lines, fmt.Sprintf("Contact: %s;expires=%d", headers["Contact"], r.expires))
	}
	return strings.Join(append([]string{"SIP/2.0 " + status}, append(lines, "Content-Length: 0", "", "")...), "\r\n")
}

// right checks the credentials.
func (r *registrar) right(method string, headers map[string]string) bool {
	given, err := digest.ParseCredentials(headers["Authorization"] + headers["Proxy-Authorization"])
	if err != nil {
		return false
	}
	want, err := digest.Digest(
		&digest.Challenge{Realm: "sambung", Nonce: "n1", Algorithm: "MD5", QOP: []string{"auth"}},
		digest.Options{
			Method: method, URI: given.URI, Count: given.Nc, Cnonce: given.Cnonce,
			Username: "agent-1", Password: r.password,
		})
	return err == nil && given.Username == "agent-1" && given.Response == want.Response
}

func (r *registrar) registers() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.seen...)
}

func (r *registrar) setDeaf(deaf bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deaf = deaf
}
