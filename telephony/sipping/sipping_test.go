package sipping_test

import (
	"context"
	"errors"
	"net"
	"strings"
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

// The peer is a few lines of text here, so that a fault of the library cannot
// hide behind the same fault at the other end.
func TestWhatTheOtherSideSaysIsTold(t *testing.T) {
	t.Parallel()
	peer, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string, 1)
	go func() {
		packet := make([]byte, 64<<10)
		n, from, err := peer.ReadFrom(packet)
		if err != nil {
			done <- err.Error()
			return
		}
		lines := strings.Split(string(packet[:n]), "\r\n")
		reply := []string{"SIP/2.0 503 Service Unavailable"}
		for _, line := range lines {
			for _, copied := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
				if strings.HasPrefix(line, copied) {
					reply = append(reply, line)
				}
			}
		}
		_, err = peer.WriteTo([]byte(strings.Join(append(reply, "Content-Length: 0", "", ""), "\r\n")), from)
		if err != nil {
			done <- err.Error()
			return
		}
		done <- lines[0]
	}()
	t.Cleanup(func() { peer.Close() })
	address := "sip:" + peer.LocalAddr().String()
	answer, err := ask(t, address, 5*time.Second)
	if err != nil || answer.Status != 503 {
		t.Errorf("%+v, %v", answer, err)
	}
	if asked := <-done; asked != "OPTIONS "+address+" SIP/2.0" {
		t.Errorf("asked %q", asked)
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
