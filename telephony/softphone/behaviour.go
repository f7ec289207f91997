package softphone

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"sambung/telephony/softphone/internal/media"
	"sambung/telephony/softphone/tone"
)

// Behaviour is what a telephone does with one call. The zero value answers at
// once, sends silence, and stays until the other side hangs up. Behaviours are
// values: the methods return changed copies, so that they read as a sentence,
//
//	softphone.AnswerAfter(2*time.Second).
//		Playing(voice).
//		Pressing(10*time.Second, "1").
//		HangingUp(12 * time.Second)
type Behaviour struct {
	// Ring sends 180 Ringing at once.
	Ring bool
	// Early, if not nil, sends 183 with SDP at once and plays this until the
	// final response.
	Early tone.Source
	// Delay is the time from the INVITE to the final response.
	Delay time.Duration
	// Status is the final response: 300 to 699, or 200, which 0 stands for.
	Status int
	// RingOut sends no final response: the call rings until the caller cancels,
	// or until Call.Answer, Call.Reject or Call.HangUp.
	RingOut bool

	// Play is what is said from the answer on, where its position 0 is; nil is
	// silence.
	Play tone.Source
	// Pauses are when nothing is sent at all.
	Pauses []Pause
	// Keys are what is pressed, as RFC 4733 digits, in this order.
	Keys []KeyPress
	// HangUp is the time from the answer to our BYE; 0 means never.
	HangUp time.Duration
}

// Pause is a time without RTP: the other side hears nothing, and sees a gap.
type Pause struct {
	From time.Duration // since the answer
	For  time.Duration
}

// KeyPress is pressing keys, one after another, 100 ms each with 100 ms between
// them.
type KeyPress struct {
	At   time.Duration // since the answer
	Keys string        // 0 to 9, *, #, A to D
}

// Answer answers at once, without ringing.
func Answer() Behaviour { return Behaviour{} }

// AnswerAfter rings for d and answers.
func AnswerAfter(d time.Duration) Behaviour { return Behaviour{Ring: true, Delay: d} }

// RingOut rings until the caller gives up, or until it is told otherwise on the
// [Call].
func RingOut() Behaviour { return Behaviour{Ring: true, RingOut: true} }

// Reject refuses at once with a final status from 300 to 699: 404 (no such
// number), 403, 503 ...
func Reject(status int) Behaviour { return Behaviour{Status: status} }

// Busy refuses with 486 Busy Here.
func Busy() Behaviour { return Reject(486) }

// Decline refuses with 603 Decline.
func Decline() Behaviour { return Reject(603) }

// After rings for d before it does what it did: RingOut excepted, which only
// rings anyhow.
func (b Behaviour) After(d time.Duration) Behaviour {
	b.Ring, b.Delay = true, d
	return b
}

// WithEarlyMedia sends 183 with SDP in place of 180, and plays the source until
// the final response: a network's own ringing tone, or an announcement ("the
// number you have dialled ..."). Position 0 is the moment of the 183.
func (b Behaviour) WithEarlyMedia(source tone.Source) Behaviour {
	b.Ring, b.Early = false, source
	return b
}

// Playing says something from the answer on.
func (b Behaviour) Playing(source tone.Source) Behaviour {
	b.Play = source
	return b
}

// Pausing stops sending RTP at a time after the answer, for a while.
func (b Behaviour) Pausing(from, length time.Duration) Behaviour {
	b.Pauses = append(slices.Clip(b.Pauses), Pause{From: from, For: length})
	return b
}

// Pressing presses keys at a time after the answer.
func (b Behaviour) Pressing(at time.Duration, keys string) Behaviour {
	b.Keys = append(slices.Clip(b.Keys), KeyPress{At: at, Keys: keys})
	return b
}

// HangingUp sends BYE at a time after the answer; 0 as soon as the answer is
// acknowledged.
func (b Behaviour) HangingUp(after time.Duration) Behaviour {
	b.HangUp = max(after, 1)
	return b
}

// final is the status of the final response. One that is none becomes 500, and
// problem says why.
func (b Behaviour) final() (status int, problem string) {
	switch {
	case b.Status == 0 || b.Status == 200:
		return 200, ""
	case refuses(b.Status):
		return b.Status, ""
	default:
		return 500, fmt.Sprintf("behaviour with status %d: want 200, or 300 to 699", b.Status)
	}
}

// refuses reports whether a status is a final response that is no answer.
func refuses(status int) bool { return status >= 300 && status <= 699 }

// apply gives the sound of an answered call its script. Keys that cannot be
// pressed are an error; the rest happens.
func (b Behaviour) apply(s *media.Session, answered time.Time) error {
	s.Speak(b.Play, answered)
	for _, p := range b.Pauses {
		s.Pause(answered.Add(p.From), p.For)
	}
	var problems []error
	for _, k := range b.Keys {
		_, err := s.Press(answered.Add(k.At), k.Keys)
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}
