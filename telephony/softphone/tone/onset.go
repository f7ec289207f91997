package tone

import "math"

// FirstSound is the index of the first sample whose magnitude reaches the peak
// of a sine of dbfs, or -1 if none does.
func FirstSound(samples []int16, dbfs float64) int {
	threshold := amplitude(dbfs)
	for i, s := range samples {
		if math.Abs(float64(s)) >= threshold {
			return i
		}
	}
	return -1
}

// LastSound is the index of the last sample whose magnitude reaches the peak of
// a sine of dbfs, or -1 if none does.
func LastSound(samples []int16, dbfs float64) int {
	threshold := amplitude(dbfs)
	for i := len(samples) - 1; i >= 0; i-- {
		if math.Abs(float64(samples[i])) >= threshold {
			return i
		}
	}
	return -1
}

// clickStep is how much louder a sample must be than everything in the 5 ms
// before it to begin a click, as a factor (20 dB).
const clickStep = 10

// ClickOnset is the index at which the first [Click] begins: the first loud
// sample (above -20 dBFS) that stands 20 dB out of the 5 ms before it. It is -1
// if there is none: a tone that swells, or speech, is not taken for a click.
func ClickOnset(samples []int16) int {
	loud := amplitude(-20)
	for i, s := range samples {
		magnitude := math.Abs(float64(s))
		if magnitude >= loud && magnitude >= clickStep*peak(samples[max(0, i-SampleRate/200):i]) {
			return i
		}
	}
	return -1
}

// peak is the largest magnitude.
func peak(samples []int16) float64 {
	var largest float64
	for _, s := range samples {
		largest = max(largest, math.Abs(float64(s)))
	}
	return largest
}
