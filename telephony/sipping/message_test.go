package sipping

import (
	"net"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// FuzzStatus: whatever comes back, only an answer to the question counts.
func FuzzStatus(f *testing.F) {
	var target sip.Uri
	if err := sip.ParseUri("sip:127.0.0.1:9", &target); err != nil {
		f.Fatal(err)
	}
	request := options(target, "udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 5060})
	ours := sip.NewResponseFromRequest(request, 200, "OK", nil).String()
	if got := (&question{request: request}).status([]byte(ours)); got != 200 {
		f.Fatalf("the answer is read as %d", got)
	}
	for _, seed := range []string{"", "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\nCall-ID: another\r\nContent-Length: 99999999999\r\n\r\n", "SIP/2.0 999", "\r\n\r\n", request.String()} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, received []byte, stream bool) {
		q := &question{request: request, stream: stream}
		if status := q.status(received); status != 0 {
			t.Errorf("%q passes as an answer, %d", received, status)
		}
	})
}
