package telephonytest

import (
	"bytes"
	"slices"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// order checks that exactly these events came, in this order.
func (s *scene) order(want ...telephony.Kind) {
	s.Helper()
	if got := s.ledger.kinds(); !slices.Equal(got, want) {
		s.Errorf("events\n %v, want\n %v", got, want)
	}
}

// never checks that none of these came.
func (s *scene) never(kinds ...telephony.Kind) {
	s.Helper()
	for _, k := range kinds {
		if len(s.ledger.all(k)) > 0 {
			s.Errorf("%s was reported", k)
		}
	}
}

// keyed checks the outcomes that were keyed: key and way, in turns.
func (s *scene) keyed(want ...string) {
	s.Helper()
	var got []string
	for _, e := range s.ledger.all(telephony.OutcomeKeyed) {
		got = append(got, e.Key, string(e.Via))
	}
	if !slices.Equal(got, want) {
		s.Errorf("outcomes keyed %v, want %v", got, want)
	}
}

// rung checks how often the network was asked for the taxpayer.
func (s *scene) rung(times int) {
	s.Helper()
	if n := len(s.site.TaxpayerCalls()); n != times {
		s.Errorf("the network was asked %d times for the taxpayer, want %d", n, times)
	}
}

// agentRung checks how often the agent's telephone rang.
func (s *scene) agentRung(times int) {
	s.Helper()
	if n := len(s.site.AgentCalls()); n != times {
		s.Errorf("the agent's telephone rang %d times, want %d", n, times)
	}
}

// track is what the switch recorded of one side.
type track struct {
	samples []int16
	began   time.Time
}

// tracks fetches both recordings of a call.
func (s *scene) tracks(r telephony.Result) (agent, taxpayer track) {
	s.Helper()
	if r.Tracks == nil {
		s.Fatal("nothing was recorded")
	}
	return track{s.fetch(r.Tracks.Agent), r.Tracks.AgentStartedAt}, track{s.fetch(r.Tracks.Taxpayer), r.Tracks.TaxpayerStartedAt}
}

func (s *scene) fetch(name string) []int16 {
	s.Helper()
	var file bytes.Buffer
	n, err := s.sw.Fetch(s.within(), name, &file)
	if err != nil {
		s.Fatalf("fetching %s: %v", name, err)
	}
	if n != int64(file.Len()) {
		s.Errorf("%s: said %d bytes, gave %d", name, n, file.Len())
	}
	sound, err := wav.Read(&file)
	if err != nil || sound.Rate != tone.SampleRate || sound.Channels != 1 {
		s.Fatalf("%s: %v, %d Hz, %d channels", name, err, sound.Rate, sound.Channels)
	}
	return sound.Samples
}

// index is where a moment lies on the track.
func (t track) index(at time.Time) int {
	return min(max(tone.Samples(at.Sub(t.began)), 0), len(t.samples))
}

// between is what was recorded between two moments.
func (t track) between(from, to time.Time) []int16 { return t.samples[t.index(from):t.index(to)] }

// end is the moment at which the track ends.
func (t track) end() time.Time { return t.began.Add(tone.Duration(len(t.samples))) }

// at is the moment of a sample.
func (t track) at(index int) time.Time { return t.began.Add(tone.Duration(index)) }

// hears checks that a tone fills a stretch of a track and another is absent.
func (s *scene) hears(side string, samples []int16, wanted, unwanted float64) {
	s.Helper()
	if len(samples) < tone.Samples(500*time.Millisecond) {
		s.Errorf("%s: only %d samples", side, len(samples))
		return
	}
	if p := tone.Power(samples, wanted); p < -25 {
		s.Errorf("%s: %.0f Hz at %.1f dB only", side, wanted, p)
	}
	if d := tone.Separation(samples, wanted, unwanted); d < 40 {
		s.Errorf("%s: %.0f Hz only %.1f dB above %.0f Hz", side, wanted, d, unwanted)
	}
}

// gaps are the stretches of silence in the samples, none shorter than least and
// what the machine was late by at once.
func (s *scene) gaps(samples []int16, least time.Duration) []time.Duration {
	least += s.lag.most()
	const window = tone.SampleRate / 100 // 10 ms
	var found []time.Duration
	run := 0
	note := func() {
		if d := tone.Duration(run * window); d >= least {
			found = append(found, d)
		}
		run = 0
	}
	for part := range slices.Chunk(samples, window) {
		if tone.Level(part) < -45 {
			run++
			continue
		}
		note()
	}
	note()
	return found
}

// promisedGap is what a takeover may leave unheard.
const promisedGap = 100 * time.Millisecond

// unbroken checks that there is no silence in the samples worth the name.
func (s *scene) unbroken(what string, samples []int16) {
	s.Helper()
	if found := s.gaps(samples, promisedGap); len(found) > 0 {
		s.Errorf("%s has gaps: %v", what, found)
	}
}

// near checks that two moments or lengths differ by no more than a tolerance,
// and what the machine was late by.
func (s *scene) near(what string, got, want, tolerance time.Duration) {
	s.Helper()
	if late := s.lag.sum(); (got - want).Abs() > tolerance+late {
		s.Errorf("%s: %s, want %s ± %s (and %s for a slow machine)", what, got, want, tolerance, late)
	}
}
