package recording

import (
	"fmt"
	"strings"
	"time"
)

// Fault is what is wrong with a recording.
type Fault string

// The faults.
const (
	FaultEmpty    Fault = "empty"     // not a single frame
	FaultTooShort Fault = "too_short" // shorter than the talk
	FaultSilent   Fault = "silent"    // a track is silent throughout the talk
)

// Finding is one fault of a recording.
type Finding struct {
	Fault Fault
	// Track is "agent" or "taxpayer", "only" in a file of one channel, empty
	// when the whole recording is meant.
	Track string
	// Want and Got are lengths, for FaultTooShort.
	Want, Got time.Duration
}

// DefaultTolerance is how much shorter than the talk a recording may be. The
// switch's clock says when the talk began and ended, the recording's length
// counts samples, and a packet is lost now and then.
const DefaultTolerance = 500 * time.Millisecond

// Expectation is what is known of a talk without its recording.
type Expectation struct {
	Talk      time.Duration // from answer to hang-up
	Tolerance time.Duration // 0 stands for DefaultTolerance
}

// Verify holds a recording against the talk. Nothing found means that the
// recording may be relied on.
func Verify(i Info, e Expectation) []Finding {
	if e.Tolerance == 0 {
		e.Tolerance = DefaultTolerance
	}
	if i.Frames == 0 {
		return []Finding{{Fault: FaultEmpty}}
	}
	var findings []Finding
	if got := i.Duration(); got < e.Talk-e.Tolerance {
		findings = append(findings, Finding{Fault: FaultTooShort, Want: e.Talk, Got: got})
	}
	for c, t := range i.Tracks {
		if got, ok := i.covered(t); ok && got < e.Talk-e.Tolerance {
			findings = append(findings, Finding{Fault: FaultTooShort, Track: name(c, len(i.Tracks)), Want: e.Talk, Got: got})
		}
		if t.Talk.Silent() {
			findings = append(findings, Finding{Fault: FaultSilent, Track: name(c, len(i.Tracks))})
		}
	}
	return findings
}

// covered is how much of the conversation a track holds; false without one.
func (i Info) covered(t Track) (time.Duration, bool) {
	from, to := max(i.TalkFrom, t.Offset), min(i.TalkTo, t.Offset+t.Frames)
	return i.span(max(0, to-from)), i.TalkTo > i.TalkFrom
}

func (f Finding) String() string {
	what := "the recording"
	if f.Track != "" {
		what = "the " + f.Track + " track"
	}
	switch f.Fault {
	case FaultEmpty:
		return what + " is empty"
	case FaultTooShort:
		return fmt.Sprintf("%s holds %s of a talk of %s", what, f.Got.Round(time.Millisecond), f.Want.Round(time.Millisecond))
	case FaultSilent:
		return what + " is silent throughout"
	}
	return what + ": " + string(f.Fault)
}

// Describe puts findings into words.
func Describe(findings []Finding) string {
	words := make([]string, len(findings))
	for i, f := range findings {
		words[i] = f.String()
	}
	return strings.Join(words, "; ")
}

// name is what a channel is called.
func name(channel, channels int) string {
	switch {
	case channels == 1:
		return "only"
	case channel == Agent:
		return "agent"
	}
	return "taxpayer"
}
