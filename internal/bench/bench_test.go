package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"sambung/internal/bench"
)

// resultsEnv names the file that takes the results of BenchmarkGoals.
const resultsEnv = "SAMBUNG_BENCH_RESULTS"

// size says how much is measured.
type size struct {
	rounds       int           // of each figure; the median of the pairs is judged
	pairs        int           // claims and finishes in a round
	workers      int           // at the queue at once
	shallow      int           // follow-ups that wait in the small queue
	deep         int           // and in the great one
	claims       int           // at each depth in a round
	calls        int           // through the switch in a round
	atOnce       int           // calls
	alone        int           // calls in a round, one at a time
	recording    time.Duration // length of an archived one
	recordings   int           // in a round
	talks        int           // conversations at once
	talkSwitches int           // that carry them
}

func full() size {
	return size{
		rounds: 5, pairs: 5000, workers: 32, shallow: 1000, deep: 1_000_000, claims: 4000, calls: 300, atOnce: 20, alone: 30,
		recording: 3 * time.Minute, recordings: 10, talks: 10_000, talkSwitches: 10,
	}
}

// short is for trying a change: a queue of 100,000 in place of a million, and a
// tenth of the conversations.
func short() size {
	s := full()
	s.rounds, s.deep, s.talks, s.talkSwitches = 3, 100_000, 1000, 1
	return s
}

// tiny shows that each measurement works. Its figures mean nothing.
func tiny() size {
	return size{
		rounds: 1, pairs: 40, workers: 4, shallow: 20, deep: 200, claims: 10, calls: 4, atOnce: 2, alone: 1,
		recording: time.Second, recordings: 1, talks: 10, talkSwitches: 2,
	}
}

// measurement takes the figures of one goal.
type measurement struct {
	name string
	take func(testing.TB, size) []bench.Figure
}

func measurements() []measurement {
	return []measurement{
		{"calls", measureCalls},
		{"queue", measureQueue},
		{"asynq", measureAsynq},
		{"depth", measureDepth},
		{"evidence", measureEvidence},
		{"talks", measureTalks},
	}
}

// BenchmarkGoals measures everything, once: run it with -benchtime 1x. It
// prints a line per figure, and writes them to the file that
// SAMBUNG_BENCH_RESULTS names. It asserts nothing of the figures.
func BenchmarkGoals(b *testing.B) {
	s := full()
	if testing.Short() {
		s = short()
	}
	results := bench.Results{At: time.Now(), Cores: runtime.NumCPU(), Go: runtime.Version(), Short: testing.Short(), Load: load(b)}
	for _, m := range measurements() {
		b.Run(m.name, func(b *testing.B) {
			for range b.N {
				figures := m.take(b, s)
				results.Figures = append(results.Figures, figures...)
				show(b, figures)
			}
		})
	}
	if file := os.Getenv(resultsEnv); file != "" {
		if err := results.Write(file); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSmoke shows that every measurement works, with tiny numbers.
func TestSmoke(t *testing.T) {
	for _, m := range measurements() {
		t.Run(m.name, func(t *testing.T) { show(t, m.take(t, tiny())) })
	}
}

func show(tb testing.TB, figures []bench.Figure) {
	tb.Helper()
	for _, f := range figures {
		if err := f.Validate(); err != nil {
			tb.Fatal(err)
		}
	}
	var text bytes.Buffer
	if err := bench.WriteText(&text, figures); err != nil {
		tb.Fatal(err)
	}
	fmt.Printf("\n%s\n", text.String()) // as soon as it is known: the whole takes minutes
}

// load is the machine's load over the last minute: what else it was doing.
func load(tb testing.TB) float64 {
	tb.Helper()
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		tb.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), " ")
	average, err := strconv.ParseFloat(first, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return average
}
