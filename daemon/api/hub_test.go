package api

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"sambung/queue"
)

// source gives the events that a test puts in, and fails while it is told to.
type source struct {
	ch      chan queue.Event
	broken  chan struct{} // closed: works
	readers chan int      // of Events at once; capacity 1
}

func newSource() *source {
	s := &source{ch: make(chan queue.Event, 10_000), broken: make(chan struct{}), readers: make(chan int, 1)}
	s.readers <- 0
	return s
}

func (s *source) Events(ctx context.Context, cursor string, wait time.Duration) ([]queue.Event, string, error) {
	n := <-s.readers
	s.readers <- n + 1
	defer func() { n := <-s.readers; s.readers <- n - 1 }()
	select {
	case <-s.broken:
	default:
		return nil, "", errors.New("no store")
	}
	select {
	case e := <-s.ch:
		return []queue.Event{e}, e.Cursor, nil
	case <-time.After(wait):
		return nil, cursor, nil
	case <-ctx.Done():
		return nil, cursor, ctx.Err()
	}
}

func TestTheHubReadsOnceAndOnlyWhileAnyoneListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := newSource()
		close(src.broken)
		h := newHub(src, slog.New(slog.DiscardHandler))
		readers := func() int { synctest.Wait(); n := <-src.readers; src.readers <- n; return n }
		if readers() != 0 {
			t.Error("the hub reads although nobody listens")
		}
		a, leaveA, _ := h.subscribe()
		_, leaveB, _ := h.subscribe()
		<-a.ready
		if n := readers(); n != 1 {
			t.Errorf("%d readers for two listeners", n)
		}
		src.ch <- queue.Event{Cursor: "1"}
		if e := <-a.events; e.Cursor != "1" {
			t.Errorf("event = %+v", e)
		}
		leaveA()
		leaveB()
		if n := readers(); n != 0 {
			t.Errorf("%d readers, and nobody listens", n)
		}
		_, leave, _ := h.subscribe() // and begins again
		if n := readers(); n != 1 {
			t.Errorf("%d readers for a late listener", n)
		}
		leave()
	})
}

func TestTheHubWaitsForTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := newSource()
		h := newHub(src, slog.New(slog.DiscardHandler))
		sub, leave, _ := h.subscribe()
		defer leave()
		time.Sleep(5 * time.Second) // of the bubble
		select {
		case <-sub.ready:
			t.Fatal("ready without a store")
		default:
		}
		close(src.broken)
		<-sub.ready
		src.ch <- queue.Event{Cursor: "1"}
		<-sub.events
	})
}

// Who does not read is cut off, and knows it: nothing is dropped silently.
func TestAListenerThatFallsBehindIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := newSource()
		close(src.broken)
		h := newHub(src, slog.New(slog.DiscardHandler))
		slow, leaveSlow, _ := h.subscribe()
		quick, leaveQuick, _ := h.subscribe()
		defer leaveSlow()
		defer leaveQuick()
		<-slow.ready
		for i := range backlog + 1 {
			src.ch <- queue.Event{Cursor: strconv.Itoa(i)}
			<-quick.events
		}
		synctest.Wait()
		for i := range backlog {
			if e, open := <-slow.events; !open || e.Cursor != strconv.Itoa(i) {
				t.Fatalf("event %d: %+v, open %v", i, e, open)
			}
		}
		if _, open := <-slow.events; open {
			t.Error("the listener was not cut")
		}
	})
}

func TestTheHubBoundsItsListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := newSource()
		close(src.broken)
		h := newHub(src, slog.New(slog.DiscardHandler))
		for range maxStreams {
			_, leave, ok := h.subscribe()
			if !ok {
				t.Fatal("refused too early")
			}
			defer leave()
		}
		if _, _, ok := h.subscribe(); ok {
			t.Error("no bound")
		}
	})
}
