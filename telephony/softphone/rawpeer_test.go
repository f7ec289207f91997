package softphone_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"sambung/telephony/softphone"
)

// rawPeer speaks SIP by hand, to do what no decent telephone does.
type rawPeer struct {
	t    testing.TB
	conn *net.UDPConn
	to   *softphone.Phone
}

func newRawPeer(t testing.TB, to *softphone.Phone) *rawPeer {
	t.Helper()
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &rawPeer{t: t, conn: conn, to: to}
}

// request is a message with what every request needs. toTag and body may be
// empty.
type request struct{ method, branch, cseq, callID, toTag, body string }

func (p *rawPeer) send(r request) {
	p.t.Helper()
	local := p.conn.LocalAddr().String()
	to := "<" + p.to.URI() + ">"
	if r.toTag != "" {
		to += ";tag=" + r.toTag
	}
	lines := []string{
		r.method + " " + p.to.URI() + " SIP/2.0",
		"Via: SIP/2.0/UDP " + local + ";branch=z9hG4bK" + r.branch + ";rport",
		"From: <sip:raw@" + local + ">;tag=raw", "To: " + to, "Call-ID: " + r.callID, "CSeq: " + r.cseq,
		"Contact: <sip:raw@" + local + ">", "Max-Forwards: 70", "X-Ticket: T-7",
		"Content-Type: application/sdp", fmt.Sprintf("Content-Length: %d", len(r.body)), "", r.body,
	}
	if _, err := p.conn.Write([]byte(strings.Join(lines, "\r\n"))); err != nil {
		p.t.Fatal(err)
	}
}

// receive is the next message that begins like this; 100 Trying and whatever
// else comes is passed over.
func (p *rawPeer) receive(beginning string) string {
	p.t.Helper()
	if err := p.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		p.t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	for {
		n, err := p.conn.Read(buffer)
		if err != nil {
			p.t.Fatalf("waiting for %q: %v", beginning, err)
		}
		if m := string(buffer[:n]); strings.HasPrefix(m, beginning) {
			return m
		}
	}
}

// answer sends 200 to a request, with a body if there is one.
func (p *rawPeer) answer(request, body string) {
	p.t.Helper()
	lines := []string{"SIP/2.0 200 OK"}
	for line := range strings.Lines(request) {
		name, _, _ := strings.Cut(line, ":")
		switch name {
		case "To":
			line = strings.TrimSpace(line)
			if !strings.Contains(line, ";tag=") {
				line += ";tag=raw"
			}
			lines = append(lines, line)
		case "Via", "From", "Call-ID", "CSeq":
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	lines = append(lines, "Contact: <sip:raw@"+p.conn.LocalAddr().String()+">", "Content-Type: application/sdp",
		fmt.Sprintf("Content-Length: %d", len(body)), "", body)
	if _, err := p.conn.Write([]byte(strings.Join(lines, "\r\n"))); err != nil {
		p.t.Fatal(err)
	}
}

// toTag is the tag that a response carries in To.
func toTag(t testing.TB, message string) string {
	t.Helper()
	for line := range strings.Lines(message) {
		if rest, ok := strings.CutPrefix(line, "To: "); ok {
			_, tag, _ := strings.Cut(strings.TrimSpace(rest), ";tag=")
			return tag
		}
	}
	t.Fatalf("no To in %q", message)
	return ""
}

// sound is an offer of a telephone that listens on a port.
func sound(port int, direction string) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"+
		"m=audio %d RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=%s\r\n", port, direction)
}
