package tone

import "math"

// Floor is what a level is called that has no logarithm: digital silence, in
// dBFS.
const Floor = -200.0

// Level is the root mean square of the samples in dBFS: 0 for a sine whose
// peaks reach the largest sample, [Floor] for silence.
func Level(samples []int16) float64 {
	var sum float64
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	if len(samples) == 0 {
		return Floor
	}
	return decibels(2 * sum / float64(len(samples)) / (fullScale * fullScale))
}

// Power is the level of one frequency in dBFS: what a sine of hz in the samples
// would have as its [Level]. It is the Goertzel algorithm over a Hann window: a
// tone elsewhere is suppressed by more than 60 dB when it is at least 8/T away,
// T being the length of the samples in seconds (with 0.1 s: 80 Hz).
func Power(samples []int16, hz float64) float64 {
	n := len(samples)
	if n == 0 {
		return Floor
	}
	var s1, s2, weights float64
	coefficient := 2 * math.Cos(2*math.Pi*hz/SampleRate)
	for i, sample := range samples {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(n))
		weights += w
		s1, s2 = w*float64(sample)+coefficient*s1-s2, s1
	}
	square := s1*s1 + s2*s2 - coefficient*s1*s2
	peak := 2 * math.Sqrt(max(square, 0)) / weights
	return decibels(peak * peak / (fullScale * fullScale))
}

// Separation is by how many dB the wanted frequency is stronger than the
// unwanted one.
func Separation(samples []int16, wantedHz, unwantedHz float64) float64 {
	return Power(samples, wantedHz) - Power(samples, unwantedHz)
}

// decibels of a ratio of powers.
func decibels(ratio float64) float64 {
	if ratio <= 0 {
		return Floor
	}
	return max(10*math.Log10(ratio), Floor)
}
