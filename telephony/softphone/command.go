package softphone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sambung/telephony/softphone/internal/media"
	"sambung/telephony/softphone/tone"
)

// Errors of what is asked of a call.
var (
	ErrKeys     = media.ErrKeys     // a key that telephones do not have
	ErrNoDigits = media.ErrNoDigits // the other side takes no RFC 4733 digits
	ErrNoSound  = errors.New("softphone: the call has no sound yet")
)

// order is what is asked of the control goroutine.
type order int

const (
	orderHangUp order = 0
	orderAnswer order = 200
	// any other value is the final status to refuse with
)

// Answer answers a call that rings.
func (c *Call) Answer(ctx context.Context) error { return c.order(ctx, orderAnswer) }

// Reject refuses a call that rings, with a final status from 300 to 699.
func (c *Call) Reject(ctx context.Context, status int) error {
	if !refuses(status) {
		return fmt.Errorf("softphone: reject with status %d: want 300 to 699", status)
	}
	return c.order(ctx, order(status))
}

// HangUp ends the call, whatever its state, and waits for the end: BYE, or
// CANCEL, or 480 to a call that rings here.
func (c *Call) HangUp(ctx context.Context) error {
	if err := c.order(ctx, orderHangUp); err != nil && !errors.Is(err, ErrClosed) {
		return err
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Call) order(ctx context.Context, o order) error {
	select {
	case c.orders <- o:
		return nil
	case <-c.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// SendDigits presses keys (0 to 9, *, #, A to D) one after another, 100 ms each
// with 100 ms between, and waits until the last one is released.
func (c *Call) SendDigits(ctx context.Context, keys string) error {
	return c.withSound(func(s *media.Session) error { return s.SendDigits(ctx, keys) })
}

// Mute sends silence in place of what is played, or again what is played. The
// packets go on.
func (c *Call) Mute(on bool) error {
	return c.withSound(func(s *media.Session) error { s.Mute(on); return nil })
}

// StopSending sends no packets at all from now on for a while.
func (c *Call) StopSending(d time.Duration) error {
	return c.withSound(func(s *media.Session) error { s.Pause(c.phone.config.Now(), d); return nil })
}

// Play plays a source from its beginning, now, in place of what was played.
func (c *Call) Play(source tone.Source) error {
	return c.withSound(func(s *media.Session) error { s.Speak(source, c.phone.config.Now()); return nil })
}

// withSound does something with the sound of a call that lives.
func (c *Call) withSound(do func(*media.Session) error) error {
	s := c.sound.Load()
	select {
	case <-c.done:
		return ErrClosed
	default:
	}
	if s == nil {
		return ErrNoSound
	}
	if err := do(s.session); !errors.Is(err, media.ErrClosed) {
		return err
	}
	return ErrClosed
}
