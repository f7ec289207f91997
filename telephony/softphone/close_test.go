package softphone_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// Leaks are found by TestMain; here every state of a call is closed upon.
func TestCloseEndsCallsInEveryState(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]softphone.Behaviour{
		"talking": softphone.Answer(), "ringing": softphone.RingOut(),
		"early media": softphone.RingOut().WithEarlyMedia(tone.Silence()), "busy": softphone.Busy(),
	} {
		for _, calleeFirst := range []bool{true, false} {
			callee, caller := answering(t, b), plug(t, softphone.Config{})
			var dialling sync.WaitGroup
			dialling.Go(func() { caller.Dial(within(t), callee.URI(), softphone.Answer()) })
			first(t, callee, any1)
			order := []*softphone.Phone{caller, callee}
			if calleeFirst {
				slices.Reverse(order)
			}
			for _, p := range order {
				if err := p.Close(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			dialling.Wait()
			for _, p := range order {
				for _, r := range p.Calls() {
					if !r.Ended() {
						t.Errorf("%s (callee first: %v): closed with a call that goes on: %+v", name, calleeFirst, r)
					}
				}
			}
		}
	}
}

// Whatever is under way when a phone is closed leaves no goroutine, no socket
// (TestMain) and no open record.
func TestCloseInTheMiddleOfAStorm(t *testing.T) {
	for round := range 40 {
		p := answering(t, softphone.RingOut())
		raw := newRawPeer(t, p)
		for n := range 30 {
			id := fmt.Sprintf("storm-%d-%d", round, n)
			raw.send(request{"INVITE", id, "1 INVITE", id, "", sound(9, "sendrecv")})
			raw.send(request{"OPTIONS", "o" + id, "1 OPTIONS", id, "", ""})
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Calls() {
			if !r.Ended() || r.Status == 0 {
				t.Fatalf("closed with a call that goes on: %+v", r)
			}
		}
	}
}

func TestAClosedPhone(t *testing.T) {
	t.Parallel()
	p := plug(t, softphone.Config{})
	if err := errors.Join(p.Close(), p.Close()); err != nil {
		t.Error(err)
	}
	if _, err := p.Dial(within(t), "sip:1@127.0.0.1:9", softphone.Answer()); !errors.Is(err, softphone.ErrClosed) {
		t.Errorf("dial: %v", err)
	}
	if err := p.Register(within(t), softphone.Account{Registrar: "127.0.0.1:9", User: "x"}); !errors.Is(err, softphone.ErrClosed) {
		t.Errorf("register: %v", err)
	}
	if _, err := p.WaitCall(within(t), any1); !errors.Is(err, softphone.ErrClosed) {
		t.Errorf("wait: %v", err)
	}
	if _, open := <-p.Events(t.Context()); open {
		t.Error("an event of a phone that did nothing")
	}
}

func TestDialToNobodyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	silent := newRegistrar(t, 1, 401)
	silent.conn.Close()
	p := plug(t, softphone.Config{})
	if _, err := p.Dial(ctx, "sip:1@"+silent.addr(), softphone.Answer()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
}

func TestListenRefusesWhatCannotBeReached(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", "localhost:0", "127.0.0.1", "127.0.0.1:99999"} {
		if p, err := softphone.Listen(softphone.Config{Addr: addr}); err == nil {
			t.Errorf("%q was taken", addr)
			p.Close()
		}
	}
	p := plug(t, softphone.Config{})
	if _, err := softphone.Listen(softphone.Config{Addr: p.Addr().String()}); err == nil {
		t.Error("an address was taken twice")
	}
	for _, to := range []string{"", "100", "tel:100", "sip:", "sips:1@127.0.0.1"} {
		if _, err := p.Dial(within(t), to, softphone.Answer()); err == nil {
			t.Errorf("%q was dialled", to)
		}
	}
}
