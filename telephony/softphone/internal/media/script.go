package media

import (
	"time"

	"sambung/telephony/softphone/tone"
)

// Keys are sent as this long tones with this long pauses; RFC 4733 leaves both
// to the sender, and every switch takes 40 ms.
const (
	keyFrames = 5 // 100 ms
	gapFrames = 5 // 100 ms
)

// script is what is to be said, guarded by the session's mutex.
type script struct {
	source tone.Source // nil is silence
	origin time.Time   // when position 0 of the source is
	muted  bool
	pauses []pause
	keys   []keyPress // in the order in which they are pressed
}

// pause is a time in which nothing is sent.
type pause struct{ from, until time.Time }

// keyPress is a key that waits to be pressed.
type keyPress struct {
	due      time.Time
	code     byte
	released chan struct{} // closed when it was sent; nil if nobody waits
}

// Speak says what to send from now on: the source, whose position 0 is (or was,
// or will be) at origin.
func (s *Session) Speak(source tone.Source, origin time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script.source, s.script.origin = source, origin
}

// Mute sends silence in place of the source.
func (s *Session) Mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script.muted = on
}

// Pause sends nothing at all from a moment on, for a while.
func (s *Session) Pause(from time.Time, length time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script.pauses = append(s.script.pauses, pause{from, from.Add(length)})
}

// Press queues keys, the first of them not before due. The channel is closed
// when the last one was released. It returns an error that wraps [ErrKeys] or
// [ErrNoDigits].
func (s *Session) Press(due time.Time, pressed string) (sent <-chan struct{}, err error) {
	codes, err := eventCodes(pressed)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.peer == nil || s.peer.eventType == 0 {
		return nil, ErrNoDigits
	}
	done := make(chan struct{})
	if len(codes) == 0 {
		close(done)
		return done, nil
	}
	for i, code := range codes {
		k := keyPress{due: due, code: code}
		if i == len(codes)-1 {
			k.released = done
		}
		s.script.keys = append(s.script.keys, k)
	}
	return done, nil
}

// paused reports whether a moment lies in a pause.
func (c *script) paused(at time.Time) bool {
	for _, p := range c.pauses {
		if !at.Before(p.from) && at.Before(p.until) {
			return true
		}
	}
	return false
}

// nextKey takes the next key if it is due.
func (c *script) nextKey(at time.Time) (keyPress, bool) {
	if len(c.keys) == 0 || c.keys[0].due.After(at) {
		return keyPress{}, false
	}
	k := c.keys[0]
	c.keys = c.keys[1:]
	return k, true
}

// fill writes the samples of the frame that begins at a moment.
func (c *script) fill(frame []int16, at time.Time) {
	if c.source == nil || c.muted {
		clear(frame)
		return
	}
	c.source.Fill(frame, tone.Samples(at.Sub(c.origin)))
}
