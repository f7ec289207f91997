package tone

import (
	"math"
	"time"
)

// Source is a signal of unlimited length.
type Source interface {
	// Fill writes the samples from position at on into dst. Position 0 is where
	// the signal begins: for a call, the moment of the answer. Before that (at
	// < 0) and after its end a signal is silent. Fill must be safe for
	// concurrent use.
	Fill(dst []int16, at int)
}

// Func makes a Source of a function that says the sample at one position, which
// is never negative.
type Func func(at int) int16

// Fill implements [Source].
func (f Func) Fill(dst []int16, at int) {
	for i := range dst {
		if at+i < 0 {
			dst[i] = 0
		} else {
			dst[i] = f(at + i)
		}
	}
}

// Silence is digital silence.
func Silence() Source { return Func(func(int) int16 { return 0 }) }

// Sine is a pure tone of hz at dbfs (0 is the loudest, telephone tones are
// about -12).
func Sine(hz, dbfs float64) Source {
	peak := amplitude(dbfs)
	return Func(func(at int) int16 {
		// The phase of one second is taken away first, so that long tones stay
		// as pure as short ones.
		cycles := hz * (float64(at%SampleRate) / SampleRate)
		whole := hz * float64(at/SampleRate)
		return int16(math.Round(peak * math.Sin(2*math.Pi*(cycles+math.Mod(whole, 1)))))
	})
}

// clickLength is in samples: 1 ms, long enough to survive any codec, short
// enough to be one event.
const clickLength = SampleRate / 1000

// Click is silence with one loud pulse of 1 ms that begins at the offset.
// [ClickOnset] finds it again.
func Click(offset time.Duration) Source {
	first := Samples(offset)
	return Func(func(at int) int16 {
		if at < first || at >= first+clickLength {
			return 0
		}
		return int16(amplitude(-3))
	})
}

// Clip plays samples once. It does not copy them: they must not change any
// more.
func Clip(samples []int16) Source {
	return Func(func(at int) int16 {
		if at >= len(samples) {
			return 0
		}
		return samples[at]
	})
}

// Loop plays samples over and over. It does not copy them: they must not change
// any more.
func Loop(samples []int16) Source {
	if len(samples) == 0 {
		return Silence()
	}
	return Func(func(at int) int16 { return samples[at%len(samples)] })
}

// Delay plays a source d later; before, it is silent.
func Delay(s Source, d time.Duration) Source { return delayed{s, Samples(d)} }

type delayed struct {
	source Source
	by     int // samples
}

// Fill implements [Source].
func (d delayed) Fill(dst []int16, at int) { d.source.Fill(dst, at-d.by) }

// Mix adds sources, limiting what is too loud.
func Mix(sources ...Source) Source { return mix(sources) }

type mix []Source

func (m mix) Fill(dst []int16, at int) {
	clear(dst)
	part := make([]int16, len(dst))
	for _, s := range m {
		s.Fill(part, at)
		for i, p := range part {
			dst[i] = int16(min(max(int(dst[i])+int(p), math.MinInt16), math.MaxInt16))
		}
	}
}

// Record is the first d of a source as a slice: what an ideal line would
// deliver.
func Record(s Source, d time.Duration) []int16 {
	samples := make([]int16, Samples(d))
	s.Fill(samples, 0)
	return samples
}

// amplitude is the peak of a sine of dbfs.
func amplitude(dbfs float64) float64 { return fullScale * math.Pow(10, min(dbfs, 0)/20) }
