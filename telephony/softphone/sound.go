package softphone

import (
	"math/rand/v2"
	"sync"
	"time"

	"sambung/telephony/softphone/internal/media"
	"sambung/telephony/softphone/tone"
)

// Audio is what was heard of the other side: 8,000 samples a second on one line
// of time.
type Audio struct {
	Samples   []int16
	Start     time.Time // when the packet arrived that holds Samples[0]; zero if none came
	Truncated bool      // there was more than Config.MaxKept
}

// Since is the part from a moment on. Before Start there is nothing: the
// silence until then is not filled in.
func (a Audio) Since(t time.Time) []int16 {
	first := min(max(tone.Samples(t.Sub(a.Start)), 0), len(a.Samples))
	return a.Samples[first:]
}

// Heard is what was heard until now, also after the call's end.
func (c *Call) Heard() Audio {
	s := c.sound.Load()
	if s == nil {
		return Audio{}
	}
	samples, start, truncated := s.session.Heard()
	return Audio{Samples: samples, Start: start, Truncated: truncated}
}

// sound is the media session of a call with what we said about it.
type sound struct {
	session *media.Session

	mu      sync.Mutex // guards what was said last
	local   media.Description
	id      uint64
	version uint64
}

// openSound takes a socket for a call's sound. It is closed when the call ends.
func (c *Call) openSound() (*sound, error) {
	session, err := media.Open(media.Options{
		IP: c.phone.stack.addr.Addr(), Now: c.phone.config.Now, MaxKept: c.phone.config.MaxKept, OnDigit: c.heardDigit,
	})
	if err != nil {
		return nil, err
	}
	id := uint64(rand.Uint32())
	s := &sound{session: session, id: id, version: id}
	c.sound.Store(s)
	return s, nil
}

// offer is our description of a call that we begin.
func (s *sound) offer() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.local = media.Offer(s.session.Addr())
	return s.local.Marshal(s.id, s.version)
}

// answer takes an offer and gives our side of it: byte for byte the one before
// if nothing changed.
func (s *sound) answer(offer media.Description) []byte {
	s.session.Connect(offer)
	local := media.Answer(offer, s.session.Addr())
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.local.Codecs) > 0 && !s.local.Equal(local) {
		s.version++
	}
	s.local = local
	return local.Marshal(s.id, s.version)
}

// again is what we said last.
func (s *sound) again() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.local.Marshal(s.id, s.version)
}

// heardDigit is called by the goroutine that hears.
func (c *Call) heardDigit(key byte, at time.Time) {
	e := Event{At: at, Kind: DigitHeard, CallID: c.invite.CallID, Digit: key}
	c.phone.book.note(e, func() { c.record.Digits += string(rune(key)) })
}
