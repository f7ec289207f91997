package ari

import (
	"net"
	"strings"
	"testing"
	"time"
)

// carrier stands at the trunk's other end and answers every INVITE with one
// status, by hand: this package imports nothing of ours, a telephone included.
type carrier struct {
	t       *testing.T
	conn    net.PacketConn
	status  string
	invites chan string // headers and body; the first of each call
}

// newCarrier answers with a status such as "486 Busy Here".
func newCarrier(t *testing.T, status string) *carrier {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &carrier{t: t, conn: conn, status: status, invites: make(chan string, 16)}
	done := make(chan struct{})
	go func() { defer close(done); c.serve() }()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return c
}

func (c *carrier) addr() string { return c.conn.LocalAddr().String() }

func (c *carrier) serve() {
	calls := make(map[string]bool)
	packet := make([]byte, 64<<10)
	for {
		n, from, err := c.conn.ReadFrom(packet)
		if err != nil {
			return
		}
		message := string(packet[:n])
		method, _, _ := strings.Cut(message, " ")
		switch {
		case method == "INVITE":
			if id := header(message, "Call-ID"); !calls[id] {
				calls[id] = true
				c.invites <- message
			}
			_, _ = c.conn.WriteTo([]byte(reply(message, c.status)), from)
		case method == "CANCEL":
			_, _ = c.conn.WriteTo([]byte(reply(message, "200 OK")), from)
		}
	}
}

// invite waits for a call.
func (c *carrier) invite() string {
	c.t.Helper()
	select {
	case message := <-c.invites:
		return message
	case <-time.After(10 * time.Second):
		c.t.Fatal("no INVITE came")
		return ""
	}
}

// header returns a header's value.
func header(message, name string) string {
	for line := range strings.SplitSeq(message, "\r\n") {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// reply answers a request (RFC 3261, 8.2.6).
func reply(request, status string) string {
	var b strings.Builder
	b.WriteString("SIP/2.0 " + status + "\r\n")
	for _, name := range []string{"Via", "From", "Call-ID", "CSeq"} {
		b.WriteString(name + ": " + header(request, name) + "\r\n")
	}
	b.WriteString("To: " + header(request, "To") + ";tag=carrier\r\nContent-Length: 0\r\n\r\n")
	return b.String()
}
