package softphone

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Call is a call of a phone, alive or ended. Its methods may be called from any
// goroutine.
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

// end closes the record. The control goroutine calls it, once.
func (c *Call) end(at time.Time, by Party, status int, problem string) {
	e := Event{At: at, Kind: Ended, CallID: c.invite.CallID, Status: status}
	c.phone.book.note(e, func() {
		c.record.EndedAt, c.record.EndedBy, c.record.Status = at, by, status
		if problem != "" {
			c.record.Problem = problem
		}
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

// Wait waits until the record satisfies the predicate; see [Phone.WaitCall]. It
// returns [ErrClosed] when the call ended without.
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
