package faults

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sambung/internal/faultproxy"
	"sambung/queue"
	archivestore "sambung/storage/embedded"
)

var (
	one   = flag.String("schedule", "", "run this schedule alone, as a failure wrote it down")
	again = flag.Bool("replay", false, "run the schedules that failed before, and no others")
	many  = flag.Int("schedules", 200, "how many schedules TestSchedules runs")
	seed  = flag.Uint64("seed", 20, "of the schedules with two faults")
)

// atOnce is how many schedules run side by side. They mostly wait.
const atOnce = 40

func sortSchedules(all []schedule) {
	slices.SortFunc(all, func(a, b schedule) int { return strings.Compare(a.String(), b.String()) })
}

func startArchive(t *testing.T) *archivestore.Server {
	t.Helper()
	back, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	shared, err := archivestore.Start(t.Context(), archivestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	// Its buckets are found by relative paths; failures are written by absolute ones.
	failed = back + "/failed"
	t.Cleanup(func() { _ = shared.Close() })
	return shared
}

// failed is where failed schedules are written.
var failed = "failed"

// TestSchedule runs one schedule again.
func TestSchedule(t *testing.T) {
	text := *one
	if text == "" {
		text = fault{pbx, "/dial?", 2, replyLost}.String()
	}
	s, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	run(t, startArchive(t), "one", s)
}

// TestSchedules runs every single fault, and as many pairs as are wanted.
func TestSchedules(t *testing.T) {
	all := singles()
	sortSchedules(all)
	all = append(all, pairs(*seed, max(0, *many-len(all)))...)
	if *again {
		all = saved(t)
	}
	shared := startArchive(t)
	var struck, armed atomic.Int64
	places := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for i, s := range all[:min(*many, len(all))] {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			t.Run(s.String(), func(t *testing.T) {
				n := run(t, shared, fmt.Sprintf("schedule-%d", i), s)
				struck.Add(int64(n))
				armed.Add(int64(len(s)))
			})
		})
	}
	running.Wait()
	t.Logf("%d schedules; %d of %d faults struck", min(*many, len(all)), struck.Load(), armed.Load())
	if struck.Load() < armed.Load()/2 {
		t.Errorf("only %d of %d faults struck: the operations are no longer what they were", struck.Load(), armed.Load())
	}
}

// saved are the schedules that failed before, each once.
func saved(t *testing.T) []schedule {
	t.Helper()
	text, err := os.ReadFile(failed + "/schedules.txt")
	if err != nil {
		t.Fatalf("no schedule has failed yet, or it was not kept: %v", err)
	}
	var all []schedule
	seen := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		s, err := parse(line)
		if err != nil {
			t.Fatal(err)
		}
		if !seen[line] {
			seen[line], all = true, append(all, s)
		}
	}
	return all
}

// run runs one schedule and returns how many of its faults struck.
func run(t *testing.T, shared *archivestore.Server, bucket string, s schedule) int {
	o := newOffice(t, shared, bucket)
	defer func() {
		if t.Failed() {
			t.Logf("run it again: go test ./internal/faults -run '^TestSchedule$' -schedule %q", s)
			if err := keep(s); err != nil {
				t.Log(err)
			}
		}
	}()
	first := o.startDaemon("first")
	o.awaitOwner("first/")
	standby := o.startDaemon("standby")
	victims := []*node{first, first}
	if s[0].deadly() {
		victims[1] = standby
	}
	var struck []<-chan struct{}
	for i, f := range s {
		struck = append(struck, arm(victims[i], f))
	}
	id := o.enqueue()
	o.awaitSettled(id)
	for _, n := range o.daemons {
		n.cutOff(false) // whoever slept is awake now, and may do nothing more
	}
	o.end()
	o.check()
	if t.Failed() {
		o.tell(id)
	}
	return count(struck)
}

func count(struck []<-chan struct{}) int {
	n := 0
	for _, c := range struck {
		select {
		case <-c:
			n++
		default:
		}
	}
	return n
}

// arm sets a fault up on a daemon's way to a server.
func arm(n *node, f fault) <-chan struct{} {
	way := n.ways[f.server]
	p := faultproxy.Fault{Match: f.match, Nth: f.nth}
	switch f.harm {
	case requestLost:
		p.DropRequest = true
	case replyLost:
		p.DropReply = true
	case refused:
		p.Answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
		if f.server == ledger {
			p.Answer = "-ERR refused by a fault\r\n"
		}
	case late:
		p.Delay = lateBy
	case away:
		p.DropRequest = true
		p.Before = func() {
			way.SetDown(true)
			time.AfterFunc(awayFor, func() { way.SetDown(false) })
		}
	case deadBefore:
		p.DropRequest = true
		p.Before = func() { n.sleep() }
	case deadAfter:
		p.DropReply = true
		p.After = func() { n.sleep() }
	}
	return way.Arm(p)
}

// sleep cuts a daemon off until its lease has run out and a standby had time.
func (n *node) sleep() {
	n.cutOff(true)
	time.AfterFunc(leaseTTL+1500*time.Millisecond, func() { n.cutOff(false) })
}

func (o *office) awaitOwner(prefix string) {
	o.Helper()
	o.await("the first daemon owns the switch", func() bool {
		return strings.HasPrefix(o.redis.HGet("{sambung:faults}:switch:pbx", "owner"), prefix)
	})
}

// awaitSettled waits until nothing more is to be done for the follow-up.
func (o *office) awaitSettled(id queue.ID) {
	o.Helper()
	o.await("the follow-up is settled", func() bool {
		o.ready()
		s, err := o.queue.State(o.Context(), id)
		if err != nil {
			return false
		}
		_, due := s.EvidenceDue()
		return !due && (s.Status == queue.StatusHandedBack || s.Status.Ended())
	})
}

func (o *office) await(what string, holds func() bool) {
	o.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); !holds(); {
		select {
		case <-tick.C:
		case <-late:
			o.Errorf("not within %s: %s", patience, what)
			return
		}
	}
}
