// Package tone makes and measures test signals: what a telephone says in a
// test, and what was heard of it at the other end.
//
// A signal is 16-bit linear PCM at 8,000 samples a second, one channel, as on
// every telephone line. Levels are in dBFS: 0 dB is a sine whose peaks reach
// the largest sample. A [Source] makes a signal; it is a pure function of the
// position, so one value may be played on any number of calls at once. The
// measuring half works on slices:
//
//	tone.Level(heard)                 // how loud
//	tone.Power(heard, 440)            // how much of one frequency
//	tone.Separation(heard, 440, 880)  // how much louder one frequency is than another
//	tone.FirstSound(heard, -40)       // where it begins
//	tone.ClickOnset(heard)            // where a Click lies, to the sample
package tone

import (
	"math"
	"time"
)

// SampleRate is in samples a second.
const SampleRate = 8000

// fullScale is the largest sample, the peak of a sine of 0 dBFS.
const fullScale = math.MaxInt16

// Samples is the number of samples in d, rounded to the nearest. It is exact up
// to 36 hours.
func Samples(d time.Duration) int {
	return int(math.Round(float64(d) * SampleRate / float64(time.Second)))
}

// Duration is the time that n samples take.
func Duration(n int) time.Duration { return time.Duration(n) * time.Second / SampleRate }
