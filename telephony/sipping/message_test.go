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

// FuzzFinalResponse: of what comes over a WebSocket only the final answer to this very
// request counts, and not one to the request before it under the same Call-ID.
func FuzzFinalResponse(f *testing.F) {
	domain := sip.Uri{Scheme: "sip", Host: "pbx.example.go.id"}
	request := ask(sip.REGISTER, domain, domain, domain, &sip.ViaHeader{Transport: "WS", Host: "x.invalid"})
	answer := func(status int) []byte {
		return []byte(sip.NewResponseFromRequest(request, status, "any", nil).String())
	}
	early, provisional := answer(401), answer(100)
	request.CSeq().SeqNo = 2
	if r := finalResponse(request, answer(200)); r == nil || r.StatusCode != 200 {
		f.Fatalf("the answer is read as %v", r)
	}
	for _, seed := range [][]byte{early, provisional, {}, []byte("\r\n\r\n"), []byte("SIP/2.0 200 OK\r\n\r\n"), []byte(request.String())} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, received []byte) {
		if r := finalResponse(request, received); r != nil {
			t.Errorf("%q passes as an answer, %d", received, r.StatusCode)
		}
	})
}
