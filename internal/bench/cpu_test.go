package bench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sambung/internal/bench"
)

// usage is the processor time used so far, by the program's name: of this
// process, which is the telephones, and of its children.
type usage map[string]time.Duration

// telephones is the name of this process in a usage.
const telephones = "telephones"

func usageNow(tb testing.TB) usage {
	tb.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		tb.Fatal(err)
	}
	used := make(usage)
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		p := parseStat(tb, string(text))
		switch os.Getpid() {
		case p.pid:
			used[telephones] += p.cpu
		case p.parent:
			used[p.name] += p.cpu
		}
	}
	return used
}

// stat is what proc(5) says of a process in its file stat.
type stat struct {
	pid, parent int
	name        string
	cpu         time.Duration
}

func parseStat(tb testing.TB, text string) stat {
	tb.Helper()
	begin, after, _ := strings.Cut(text, " (")
	name, rest, _ := strings.Cut(after, ") ")
	fields := strings.Fields(rest)
	const parent, userTime, systemTime, hertz = 1, 11, 12, 100 // after the name; USER_HZ
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			tb.Fatalf("proc stat: %v", err)
		}
		return n
	}
	ticks := number(fields[userTime]) + number(fields[systemTime])
	return stat{pid: number(begin), parent: number(fields[parent]), name: name, cpu: time.Duration(ticks) * time.Second / hertz}
}

// cpu is the processor time that the program has used.
func (c *child) cpu() time.Duration {
	c.tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		c.tb.Fatal(err)
	}
	return parseStat(c.tb, string(text)).cpu
}

// shares are figures of where the processor time of a call goes, by program.
type shares struct {
	order   []string
	figures map[string]*bench.Figure
}

func newShares() *shares {
	s := &shares{order: []string{"asterisk", telephones, "redis-server", "minio"}, figures: make(map[string]*bench.Figure)}
	for _, name := range s.order {
		s.figures[name] = &bench.Figure{
			Name: "CPU per call, " + name, What: "processor time of the other programs in the same rounds", Unit: "ms", Measure: bench.Difference,
		}
	}
	return s
}

// ours and peer add a round.
func (s *shares) ours(before, after usage, calls int) {
	for name, f := range s.figures {
		f.Ours = append(f.Ours, perCall(after[name]-before[name], calls))
	}
}

func (s *shares) peer(before, after usage, calls int) {
	for name, f := range s.figures {
		f.Peer = append(f.Peer, perCall(after[name]-before[name], calls))
	}
}

func (s *shares) list() []bench.Figure {
	var list []bench.Figure
	for _, name := range slices.Clip(s.order) {
		list = append(list, *s.figures[name])
	}
	return list
}
