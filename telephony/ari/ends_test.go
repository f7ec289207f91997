package ari

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
)

// TestReplaced: the stream ends for good, and says so to those there are and to
// those to come; nothing is asked any more.
func TestReplaced(t *testing.T) {
	f := newFake(t)
	s := run(t, f.client(), func(context.Context) error { t.Error("permission was asked"); return nil }).up()
	sub := s.Subscribe("A-1")
	defer sub.Close()
	other := run(t, f.client(), nil).up()
	if got := next(t, sub, 1); kinds(got) != "Replaced" {
		t.Errorf("received %s", kinds(got))
	}
	if err := <-s.done; !errors.Is(err, ErrReplaced) {
		t.Errorf("Run returned %v", err)
	}
	late := s.Subscribe("A-2")
	defer late.Close()
	if got := next(t, late, 1); kinds(got) != "Replaced" {
		t.Errorf("a late subscription received %s", kinds(got))
	}
	if err := s.WaitUp(t.Context()); !errors.Is(err, ErrReplaced) || !errors.Is(s.Err(), ErrReplaced) || s.Up() {
		t.Errorf("WaitUp returned %v, state %+v", err, s.State())
	}
	if !other.Up() || other.Gaps() != 0 {
		t.Errorf("the other stream: %+v", other.State())
	}
}

// TestPermission: reconnecting would take the application from its new owner.
func TestPermission(t *testing.T) {
	f := newFake(t)
	answers := make(chan error, 3)
	answers <- errors.New("the lease cannot be read")
	answers <- fmt.Errorf("%w: the lease is another's", ErrReplaced)
	s := run(t, f.client(), func(context.Context) error { return <-answers }).up()
	f.cut()
	if err := <-s.done; !errors.Is(err, ErrReplaced) {
		t.Errorf("Run returned %v", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.filters != 1 {
		t.Errorf("%d connections", f.filters)
	}
}

// TestSlowOwner: what an owner leaves is replaced by a gap, in order.
func TestSlowOwner(t *testing.T) {
	f := newFake(t)
	s := run(t, f.client(), nil).up()
	slow, quick := s.Subscribe("A-1"), s.Subscribe("A-2")
	defer slow.Close()
	defer quick.Close()
	for i := range mailbox + 2 {
		f.send(channelEvent(ChannelStateChange, fmt.Sprintf("A-1-%d", i)))
	}
	f.send(channelEvent(StasisEnd, "A-2-agent"))
	next(t, quick, 1) // so all before it were delivered
	got := next(t, slow, 3)
	if want := fmt.Sprintf("Gap, ChannelStateChange A-1-%d, ChannelStateChange A-1-%d", mailbox, mailbox+1); kinds(got) != want {
		t.Errorf("received %s", kinds(got))
	}
	if st := s.State(); !got[0].Overflow || st.Overflows != 1 || st.Gaps != 0 {
		t.Errorf("%+v; %+v", got[0], st)
	}
}

// TestStop: Run returns without an error and the subscriptions stay usable.
func TestStop(t *testing.T) {
	f := newFake(t)
	s := NewStream(f.client(), callOf, nil, run(t, f.client(), nil).up().log)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Errorf("Run returned %v", err)
	}
	sub := s.Subscribe("A-1")
	sub.Close()
	sub.Close()
	if st := s.State(); st.Subscriptions != 0 || st.Err != nil {
		t.Errorf("%+v", st)
	}
}

// BenchmarkDeliver is the cost of one event, its decoding included, among the
// subscriptions of 10,000 calls.
func BenchmarkDeliver(b *testing.B) {
	s := NewStream(&Client{}, callOf, nil, slog.New(slog.DiscardHandler))
	frames := make([][]byte, 10_000)
	subs := make([]*Subscription, len(frames))
	for i := range frames {
		call := fmt.Sprintf("01JTEST%019d-1", i)
		subs[i] = s.Subscribe(call)
		frames[i] = []byte(channelEvent(ChannelStateChange, call+"-agent"))
	}
	i := 0
	for b.Loop() {
		e, err := decode(frames[i%len(frames)])
		if err != nil {
			b.Fatal(err)
		}
		e.Key = s.key(e.object())
		s.subs.deliver(e)
		if got := subs[i%len(subs)].Take(); len(got) != 1 {
			b.Fatalf("%d events", len(got))
		}
		i++
	}
}
