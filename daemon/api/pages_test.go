package api_test

import (
	"bufio"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

const openPages = 500

// TestFiveHundredPages: what is written to the ledger reaches every open page soon,
// and a page costs little. The figures include the pages' own ends, which are in
// the same process. (On a machine of its own: 500 pages within some 20 ms.)
func TestFiveHundredPages(t *testing.T) {
	s := apitest.New(t, nil)
	before := memory()
	arrivals := make(chan time.Time, openPages)
	for range openPages {
		conn, err := net.Dial("tcp", s.Server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		fmt.Fprintf(conn, "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", apitest.TokenQA)
		stands := make(chan struct{})
		go watch(conn, stands, arrivals)
		select {
		case <-stands:
		case <-time.After(30 * time.Second):
			t.Fatal("a stream does not begin")
		}
	}
	each := (memory() - before) / openPages

	var spread []time.Duration
	var last time.Duration
	for n := range 20 {
		began := time.Now()
		s.Submit(t, fmt.Sprintf("T-%d", n), "")
		for range openPages {
			select {
			case at := <-arrivals:
				spread = append(spread, at.Sub(began))
			case <-time.After(30 * time.Second):
				t.Fatalf("activity %d did not reach every page", n)
			}
		}
		last = max(last, slices.Max(spread[len(spread)-openPages:]))
	}
	slices.Sort(spread)
	t.Logf("%d pages: from the write to a page p50 %s, p99 %s, last of all %s; %d KiB for each, both ends",
		openPages, spread[len(spread)/2], spread[len(spread)*99/100], last, each>>10)
	if last > 10*time.Second || each > 512<<10 {
		t.Errorf("last %s, %d bytes", last, each)
	}
}

// watch tells when a stream stands, and when each activity arrives.
func watch(conn net.Conn, stands chan<- struct{}, arrivals chan<- time.Time) {
	lines := bufio.NewReaderSize(conn, 512)
	for begun := false; ; {
		line, err := lines.ReadString('\n')
		switch {
		case err != nil:
			return
		case !begun && strings.HasPrefix(line, "id: "):
			begun = true
			close(stands)
		case strings.HasPrefix(line, "data: ") && strings.Contains(line, string(queue.KindReceived)):
			arrivals <- time.Now()
		}
	}
}

// memory is what the process has in use, in bytes.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
