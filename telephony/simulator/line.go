package simulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// Line is one call at a telephone. Its methods may be called from any goroutine.
type Line struct {
	s         *Simulator
	channel   *channel
	telephone *Telephone
	invite    softphone.Invite
	behaviour softphone.Behaviour
	done      chan struct{}   // closed when the call is over
	ctx       context.Context // of what its person does; ends with the call
	hush      context.CancelFunc

	// Guarded by the simulator's mu.
	record  softphone.CallRecord
	plans   []*task       // of its person
	changed chan struct{} // made by who waits; closed at the next change
}

// How long a key is pressed, and released.
const (
	keyTime   = 100 * time.Millisecond
	keyPeriod = 200 * time.Millisecond
)

// allKeys are those of a telephone.
const allKeys = "0123456789*#ABCD"

var errOver = errors.New("the call is over")

// invite lets the telephone of a leg ring. The caller holds mu.
func (s *Simulator) invite(c *channel) {
	now := s.now()
	headers := make(map[string]string)
	for name, value := range c.variables {
		if header, ok := strings.CutPrefix(name, "PJSIP_HEADER(add,"); ok {
			headers[strings.TrimSuffix(header, ")")] = value
		}
	}
	id := fmt.Sprintf("%s-%d", c.id, now.UnixNano())
	l := &Line{
		s: s, channel: c, telephone: c.telephone, done: make(chan struct{}),
		invite: softphone.NewInvite(id, c.called, c.shown, now, headers),
		record: softphone.CallRecord{CallID: id, Direction: softphone.Incoming, Called: c.called, Caller: c.shown, Invites: 1, InvitedAt: now},
	}
	l.ctx, l.hush = context.WithCancel(s.ctx)
	c.line = l
	c.telephone.remember(l)
	l.behaviour = c.telephone.behave(l.invite)
	l.ring()
}

// ring is what happens until the final response.
func (l *Line) ring() {
	b, now := l.behaviour, l.s.now()
	switch {
	case b.Early != nil:
		l.record.EarlyMediaAt = now
		l.channel.says.play(b.Early, now)
		l.s.tellDial(l.channel, "PROGRESS")
	case b.Ring:
		l.record.RingingAt = now
		l.s.setState(l.channel, stateRinging)
		l.s.tellDial(l.channel, "RINGING")
	}
	l.wake()
	if b.RingOut {
		return
	}
	l.plan(b.Delay, func() {
		if b.Status == 0 || b.Status == 200 {
			l.answer()
		} else {
			l.reject(b.Status)
		}
	})
}

// plan has the person do something after a while, if the call lasts as long.
func (l *Line) plan(after time.Duration, do func()) {
	if after <= 0 {
		do()
		return
	}
	l.plans = append(l.plans, l.s.after(after, do))
}

// answer takes the call. The caller holds mu.
func (l *Line) answer() {
	if l.record.Answered() || l.record.Ended() || l.channel.ending {
		return
	}
	b, now := l.behaviour, l.s.now()
	l.record.AnsweredAt, l.record.AcknowledgedAt, l.record.Status = now, now, 200
	l.channel.says.play(b.Play, now)
	for _, p := range b.Pauses {
		l.channel.says.pause(now.Add(p.From), p.For)
	}
	l.s.setState(l.channel, stateUp)
	l.s.tellDial(l.channel, "ANSWER")
	for _, k := range b.Keys {
		l.press(k.At, k.Keys)
	}
	if b.HangUp > 0 {
		l.plan(b.HangUp, l.hangUp)
	}
	l.wake()
}

// press presses keys; each is told when it is released.
func (l *Line) press(after time.Duration, keys string) (last time.Duration) {
	for i, key := range keys {
		last = after + time.Duration(i)*keyPeriod + keyTime
		l.plan(last, func() {
			l.s.tellOf(l.channel, event{Type: "ChannelDtmfReceived", Digit: string(key), DurationMS: int(keyTime / time.Millisecond)})
		})
	}
	return last
}

// reject refuses the call. The caller holds mu.
func (l *Line) reject(status int) {
	if l.record.Ended() {
		return
	}
	l.over(softphone.Local, status)
	l.s.end(l.channel, ending{by: softphone.Local, cause: causeBySIP(status), status: status})
}

// hangUp ends the call from this side: BYE, or 480 to one that rings. The caller
// holds mu.
func (l *Line) hangUp() {
	switch {
	case l.record.Ended():
	case l.record.Answered():
		l.over(softphone.Local, 200)
		l.s.end(l.channel, ending{by: softphone.Local, cause: 16})
	default:
		l.reject(480)
	}
}

// hangUpLine ends the call of a leg that ends, if there is one: BYE, or CANCEL.
func (s *Simulator) hangUpLine(c *channel, by softphone.Party) {
	if c.line == nil || c.line.record.Ended() {
		return
	}
	status := 487
	if c.line.record.Answered() {
		status = 200
	}
	c.line.over(by, status)
}

// over closes the record. The caller holds mu.
func (l *Line) over(by softphone.Party, status int) {
	l.s.drop(l.plans...)
	l.record.EndedAt, l.record.EndedBy, l.record.Status = l.s.now(), by, status
	close(l.done)
	l.hush()
	l.wake()
}

// wake tells who waits that the record changed. The caller holds mu.
func (l *Line) wake() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// Record is what is known of the call now.
func (l *Line) Record() softphone.CallRecord {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	return l.record
}

// Invite is the call as it came.
func (l *Line) Invite() softphone.Invite { return l.invite }

// Done is closed when the call is over.
func (l *Line) Done() <-chan struct{} { return l.done }

// Wait waits until the record satisfies the predicate.
func (l *Line) Wait(ctx context.Context, satisfies func(softphone.CallRecord) bool) error {
	for {
		l.s.mu.Lock()
		if satisfies(l.record) {
			l.s.mu.Unlock()
			return nil
		}
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Answer answers a call that rings.
func (l *Line) Answer(context.Context) error {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if l.record.Ended() {
		return errOver
	}
	l.answer()
	return nil
}

// Play says something from now on, in place of what was said.
func (l *Line) Play(source tone.Source) error {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if l.record.Ended() || !l.record.Answered() {
		return errOver
	}
	l.channel.says.play(source, l.s.now())
	return nil
}

// HangUp ends the call, whatever its state.
func (l *Line) HangUp(context.Context) error {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	l.hangUp()
	return nil
}

// SendDigits presses keys one after another, and waits until the last is released.
func (l *Line) SendDigits(ctx context.Context, keys string) error {
	for _, key := range keys {
		if !strings.ContainsRune(allKeys, key) {
			return fmt.Errorf("key %q: a telephone has %s", key, allKeys)
		}
	}
	l.s.mu.Lock()
	if l.record.Ended() || !l.record.Answered() {
		l.s.mu.Unlock()
		return errOver
	}
	pressed := make(chan struct{})
	last := l.press(0, keys)
	l.plan(last, func() { close(pressed) })
	l.s.mu.Unlock()
	select {
	case <-pressed:
		return nil
	case <-l.done:
		return errOver
	case <-ctx.Done():
		return ctx.Err()
	}
}
