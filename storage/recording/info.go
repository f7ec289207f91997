package recording

import (
	"fmt"
	"time"
)

// The channels of a composed recording.
const (
	Agent    = 0 // left
	Taxpayer = 1 // right
)

// Span is the conversation within a recording, from the recording's beginning.
// The zero Span means that there was none.
type Span struct {
	From, To time.Duration
}

// Info is what was measured of a recording.
type Info struct {
	Rate   int   // frames a second
	Frames int64 // with padding
	// TalkFrom and TalkTo are the frames of the conversation, cut to the
	// recording: the first one in it and the first one after it.
	TalkFrom, TalkTo int64
	Tracks           []Track // by channel
	Size             int64   // bytes of the file
	SHA256           string  // of the file, lower-case hex
}

// Track is one channel of a recording.
type Track struct {
	// Offset is the frame at which the track begins, and Frames its length
	// without padding. In an existing file padding cannot be told from silence.
	Offset, Frames int64
	Whole          Level // throughout the recording
	Talk           Level // throughout the conversation; if there was none, as Whole
	Repaired       bool  // the track's header was, see Header
}

// Duration is how long the recording is.
func (i Info) Duration() time.Duration { return i.span(i.Frames) }

// span is how long so many frames are.
func (i Info) span(frames int64) time.Duration {
	return time.Duration(frames/int64(i.Rate))*time.Second +
		time.Duration(frames%int64(i.Rate))*time.Second/time.Duration(i.Rate)
}

// frames is the frame nearest to a time.
func frames(d time.Duration, rate int) int64 {
	whole := int64(d / time.Second)
	part := int64(d % time.Second)
	return whole*int64(rate) + (part*int64(rate)+int64(time.Second)/2)/int64(time.Second)
}

// setTalk cuts the conversation to the recording.
func (i *Info) setTalk(s Span) error {
	if s.From < 0 || s.To < s.From {
		return fmt.Errorf("a conversation from %s to %s of the recording: it must end after it begins, and begin after 0", s.From, s.To)
	}
	i.TalkFrom = min(frames(s.From, i.Rate), i.Frames)
	i.TalkTo = min(frames(s.To, i.Rate), i.Frames)
	return nil
}
