package softphone

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
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

// Call is a call of a phone, alive or ended. Its methods may be called from any goroutine.
type Call struct {
	phone  *Phone
	invite Invite
	dialog dialog // owned by the control goroutine, but for key and callID

	claimed   atomic.Bool // the control goroutine exists
	cancelled signal      // CANCEL arrived
	hungUp    signal      // BYE arrived
	orders    chan order  // to the control goroutine
	done      chan struct{}

	sound atomic.Pointer[sound]

	acksMu sync.Mutex
	acks   map[uint32]*signal // by the sequence number of the INVITE that was answered

	// Guarded by the phone's book.
	record   CallRecord
	branches map[string]bool // of the INVITE transactions counted
}

// signal is something that happens once.
type signal struct {
	once sync.Once
	c    chan struct{}
}

func newSignal() signal { return signal{c: make(chan struct{})} }

func (s *signal) fire() { s.once.Do(func() { close(s.c) }) }

// order is what is asked of the control goroutine.
type order int

const (
	orderHangUp order = 0
	orderAnswer order = 200
	// any other value is the final status to refuse with
)

func (p *Phone) newCall() *Call {
	return &Call{
		phone: p, cancelled: newSignal(), hungUp: newSignal(),
		orders: make(chan order), done: make(chan struct{}),
		acks: make(map[uint32]*signal), branches: make(map[string]bool),
	}
}

func (d *dialog) key() dialogKey { return dialogKey{d.callID, d.localTag} }

// claim is true for the first who asks.
func (c *Call) claim() bool { return c.claimed.CompareAndSwap(false, true) }

// acknowledgement is the signal that the ACK of an INVITE's 200 came.
func (c *Call) acknowledgement(sequence uint32) *signal {
	c.acksMu.Lock()
	defer c.acksMu.Unlock()
	s := c.acks[sequence]
	if s == nil {
		fresh := newSignal()
		s = &fresh
		c.acks[sequence] = s
	}
	return s
}

func (c *Call) acknowledged(sequence uint32) { c.acknowledgement(sequence).fire() }

// snapshot is the record with its counters. The book's mutex is held.
func (c *Call) snapshot() CallRecord {
	r := c.record
	if s := c.sound.Load(); s != nil {
		r.PacketsSent, r.PacketsReceived, r.PacketsStray = s.session.Counts()
	}
	return r
}

// note changes the record and says what happened.
func (c *Call) note(kind EventKind, at time.Time, change func(*CallRecord)) {
	c.phone.book.note(Event{At: at, Kind: kind, CallID: c.invite.CallID}, func() { change(&c.record) })
}

// end closes the record, once. Whoever comes first is right.
func (c *Call) end(at time.Time, by Party, status int, problem string) {
	e := Event{At: at, Kind: Ended, CallID: c.invite.CallID, Status: status}
	c.phone.book.note(e, func() {
		c.record.EndedAt, c.record.EndedBy, c.record.Status, c.record.Problem = at, by, status, problem
	})
	close(c.done)
}

// Record is what is known of the call now.
func (c *Call) Record() CallRecord {
	c.phone.book.mu.Lock()
	defer c.phone.book.mu.Unlock()
	return c.snapshot()
}

// Invite is what the call came with. Of an outgoing call it has no headers.
func (c *Call) Invite() Invite { return c.invite }

// Done is closed when the call is over and its record complete.
func (c *Call) Done() <-chan struct{} { return c.done }

// Wait waits until the record satisfies the predicate; see [Phone.WaitCall]. It returns [ErrClosed] when the call ended without.
func (c *Call) Wait(ctx context.Context, satisfies func(CallRecord) bool) error {
	over := false
	_, err := c.phone.book.wait(ctx, func([]*Call) *Call {
		r := c.snapshot()
		over = !satisfies(r)
		if !over || r.Ended() {
			return c
		}
		return nil
	})
	if err == nil && over {
		return ErrClosed
	}
	return err
}

// Answer answers a call that rings.
func (c *Call) Answer(ctx context.Context) error { return c.order(ctx, orderAnswer) }

// Reject refuses a call that rings, with a final status from 300 to 699.
func (c *Call) Reject(ctx context.Context, status int) error { return c.order(ctx, order(status)) }

// HangUp ends the call, whatever its state, and waits for the end: BYE, or CANCEL, or 480 to a call that rings here.
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

// SendDigits presses keys (0 to 9, *, #, A to D) one after another, 100 ms each with 100 ms between, and waits until the last one is released.
func (c *Call) SendDigits(ctx context.Context, keys string) error {
	return c.withSound(func(s *media.Session) error { return s.SendDigits(ctx, keys) })
}

// Mute sends silence in place of what is played, or again what is played. The packets go on.
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
	return do(s.session)
}
