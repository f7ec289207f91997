package simulator

import (
	"slices"
	"testing"
	"time"

	"sambung/telephony/softphone/tone"
)

// TestAgenda: what is due happens in the order of its moments, those of one
// moment in the order in which they were planned, and nothing that was dropped.
func TestAgenda(t *testing.T) {
	now := time.Unix(1000, 0)
	s := &Simulator{options: Options{Now: func() time.Time { return now }}, agenda: newAgenda()}
	var done []int
	plan := func(n int, d time.Duration) *task { return s.after(d, func() { done = append(done, n) }) }
	plan(3, 3*time.Second)
	dropped := plan(9, 2*time.Second)
	plan(1, time.Second)
	plan(2, time.Second)
	s.after(time.Second, func() { plan(4, 5*time.Second) })
	s.drop(dropped, nil)
	if wait := s.doDue(); wait != time.Second || len(done) != 0 {
		t.Errorf("wait %s, done %v", wait, done)
	}
	now = now.Add(4 * time.Second)
	if wait := s.doDue(); wait != 5*time.Second || !slices.Equal(done, []int{1, 2, 3}) {
		t.Errorf("wait %s, done %v", wait, done)
	}
	now = now.Add(time.Minute)
	s.doDue()
	s.drop(dropped) // again, and after everything
	if !slices.Equal(done, []int{1, 2, 3, 4}) {
		t.Errorf("done %v", done)
	}
}

// TestScore: what is said lies where it was said, with its pauses, and no
// further than it was said.
func TestScore(t *testing.T) {
	start := time.Unix(1000, 0)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	level := tone.Func(func(int) int16 { return 100 })
	var s score
	s.play(level, at(100))
	s.pause(at(200), 100*time.Millisecond)
	s.play(tone.Func(func(n int) int16 { return int16(n) }), at(500))
	s.rest(at(600))
	samples := make([]int16, tone.Samples(time.Second))
	s.mix(samples, start, at(0), at(550))
	for ms, want := range map[int]int16{0: 0, 99: 0, 100: 100, 199: 100, 200: 0, 299: 0, 300: 100, 499: 100, 500: 0, 540: 320, 550: 0, 700: 0} {
		if got := samples[ms*8]; got != want {
			t.Errorf("at %d ms: %d, want %d", ms, got, want)
		}
	}
	loud := make([]int16, len(samples))
	for range 400 {
		s.mix(loud, start, at(100), at(200))
	}
	if loud[150*8] != 32767 {
		t.Errorf("what is too loud is %d", loud[150*8])
	}
}
