package sipping_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/telephony/sipping"
	"sambung/telephony/softphone"
)

func ask(t *testing.T, address string, limit time.Duration) (sipping.Answer, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return sipping.Ask(ctx, address)
}

func TestATelephoneAnswers(t *testing.T) {
	t.Parallel()
	phone, err := softphone.Listen(softphone.Config{User: "agent-1"})
	if err != nil {
		t.Fatal(err)
	}
	defer phone.Close()
	for _, address := range []string{"sip:agent-1@" + phone.Addr().String(), "sip:" + phone.Addr().String() + ";transport=UDP;ob"} {
		answer, err := ask(t, address, 5*time.Second)
		if err != nil || answer.Status != 200 || answer.Took <= 0 {
			t.Errorf("%s: %+v, %v", address, answer, err)
		}
	}
}

// reply answers a request as text, so that a fault of the library cannot hide
// behind the same fault at the other end.
func reply(request, status string) []byte {
	lines := []string{"SIP/2.0 " + status}
	for line := range strings.SplitSeq(request, "\r\n") {
		for _, copied := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
			if strings.HasPrefix(line, copied) {
				lines = append(lines, line)
			}
		}
	}
	return []byte(strings.Join(append(lines, "Content-Length: 0", "", ""), "\r\n"))
}

// A carrier that loses the first request, and takes its time over the second.
func TestTheQuestionIsRepeated(t *testing.T) {
	t.Parallel()
	peer, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan []string, 1)
	go func() {
		var asked []string
		defer func() { done <- asked }()
		packet := make([]byte, 64<<10)
		for len(asked) < 2 {
			n, from, err := peer.ReadFrom(packet)
			if err != nil {
				return
			}
			asked = append(asked, string(packet[:n]))
			if len(asked) == 2 {
				for _, status := range []string{"100 Trying", "503 Service Unavailable"} {
					_, _ = peer.WriteTo(reply(asked[1], status), from) // missing, it is missed below
				}
			}
		}
	}()
	t.Cleanup(func() { peer.Close() })
	address := "sip:" + peer.LocalAddr().String()
	answer, err := ask(t, address, 5*time.Second)
	if err != nil || answer.Status != 503 || answer.Took < 400*time.Millisecond {
		t.Errorf("%+v, %v", answer, err)
	}
	if asked := <-done; len(asked) != 2 || asked[0] != asked[1] || !strings.HasPrefix(asked[0], "OPTIONS "+address+" SIP/2.0\r\n") {
		t.Errorf("asked %q", asked)
	}
}

// Over TCP an answer may come in pieces.
func TestOverTCP(t *testing.T) {
	t.Parallel()
	peer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close() })
	go func() {
		conn, err := peer.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		packet := make([]byte, 64<<10)
		n, err := conn.Read(packet)
		if err != nil {
			return
		}
		for _, b := range append(reply(string(packet[:n]), "100 Trying"), reply(string(packet[:n]), "405 Method Not Allowed")...) {
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
		}
		_, _ = conn.Read(packet) // until the other side has gone
	}()
	answer, err := ask(t, "sip:trunk@"+peer.Addr().String()+";transport=tcp", 5*time.Second)
	if err != nil || answer.Status != 405 {
		t.Errorf("%+v, %v", answer, err)
	}
}

// Where nobody listens, the other machine says so at once.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"sip:127.0.0.1:1", "sip:127.0.0.1:1;transport=tcp"} {
		began := time.Now()
		if answer, err := ask(t, address, 10*time.Second); !errors.Is(err, syscall.ECONNREFUSED) || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %+v, %v after %s", address, answer, err, time.Since(began))
		}
	}
}

func TestSilenceIsAnError(t *testing.T) {
	t.Parallel()
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	began := time.Now()
	if answer, err := ask(t, "sip:"+silent.LocalAddr().String(), 300*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, %v", answer, err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the time-out of 300ms took %s", took)
	}
}

func TestOtherTransportsAreRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "agent-1", "tel:112", "sips:a@127.0.0.1", "*", "sip:a@127.0.0.1:5060;transport=ws", "sip:a@127.0.0.1;transport=TLS", "sip:a@127.0.0.1:99999",
	} {
		if answer, err := ask(t, address, time.Second); !errors.Is(err, sipping.ErrAddress) {
			t.Errorf("%q: %+v, %v", address, answer, err)
		}
	}
}

// FuzzAsk: whatever a switch gives as a contact, the question ends in time and
// without a panic. The network is out of reach for it.
func FuzzAsk(f *testing.F) {
	for _, seed := range []string{"sip:agent-1@127.0.0.1:9", "sip:[::1]:9;transport=udp", "sip:", "sip:a:b@", "<sip:x@y>", "sip:%00@1:1?x=y", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := sipping.Ask(ctx, address); err == nil {
			t.Errorf("%q was answered", address)
		}
	})
}
