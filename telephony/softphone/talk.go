package softphone

import (
	"time"

	"github.com/emiago/sipgo/sip"

	"sambung/telephony/softphone/internal/media"
)

// begin lets an answered call speak by its behaviour, and hear.
func (c *Call) begin(b Behaviour, answered time.Time) {
	session := c.sound.Load().session
	if err := b.apply(session, answered); err != nil {
		c.phone.book.change(func() { c.record.Problem = err.Error() })
	}
	session.Start(answered)
}

// unacknowledged is a 200 to an INVITE whose ACK has not come yet (RFC 3261,
// section 13.3.1.4).
type unacknowledged struct {
	ack    *signal
	resend func()
}

// resending says when to send a 200 again: after T1, then twice as long each
// time up to T2.
type resending struct {
	timer    *time.Timer
	interval time.Duration
}

func newResending(t1 time.Duration) *resending { return &resending{time.NewTimer(t1), t1} }

func (r *resending) again() {
	r.interval = min(2*r.interval, sip.T2)
	r.timer.Reset(r.interval)
}

// talk is the answered call until its end. pending is nil if nothing is to be
// acknowledged to us.
func (c *Call) talk(b Behaviour, answered time.Time, pending *unacknowledged) {
	var (
		acked, giveUp, hangUp = (<-chan struct{})(nil), (<-chan time.Time)(nil), (<-chan time.Time)(nil)
		resend                = newResending(c.phone.config.t1)
		wantsToHangUp         = false
	)
	defer resend.timer.Stop()
	if pending == nil {
		resend.timer.Stop()
	} else {
		acked, giveUp = pending.ack.c, time.After(64*c.phone.config.t1)
	}
	if b.HangUp > 0 {
		hangUp = time.After(b.HangUp - c.phone.config.Now().Sub(answered))
	}
	for {
		select {
		case <-acked:
			now := c.phone.config.Now()
			c.note(Acknowledged, now, func(r *CallRecord) { r.AcknowledgedAt = now })
			acked, giveUp, pending = nil, nil, nil
			resend.timer.Stop()
		case <-resend.timer.C:
			pending.resend()
			resend.again()
		case <-giveUp:
			c.hangUp("the 200 was never acknowledged")
			return
		case <-c.hungUp.c:
			c.end(c.phone.config.Now(), Remote, 200, "")
			return
		case <-hangUp:
			wantsToHangUp = true
		case o := <-c.orders:
			wantsToHangUp = wantsToHangUp || o != orderAnswer
		case <-c.phone.alive.Done():
			c.hangUp("")
			return
		}
		if wantsToHangUp && pending == nil { // not before the ACK: RFC 3261, section 15
			c.hangUp("")
			return
		}
	}
}

// hangUp sends BYE.
func (c *Call) hangUp(problem string) {
	bye := c.phone.next(&c.dialog, sip.BYE)
	c.sound.Load().session.Mute(true)
	at := c.phone.config.Now()
	ctx, cancel := c.phone.farewell()
	defer cancel()
	if res, err := c.phone.stack.roundTrip(ctx, bye); err != nil {
		problem = "BYE: " + err.Error()
	} else if !res.IsSuccess() && res.StatusCode != 481 {
		problem = "BYE: " + res.StartLine()
	}
	c.end(at, Local, 200, problem)
}

// reinvite answers an INVITE inside the call: hold, resume, or only a refresh.
func (c *Call) reinvite(req *sip.Request, tx *sip.ServerTx) {
	s := c.sound.Load()
	if s == nil {
		c.phone.respond(tx, c.phone.reply(req, 481, nil))
		return
	}
	body := s.again() // an INVITE without SDP asks for ours
	if len(req.Body()) > 0 {
		offer, err := media.Parse(req.Body())
		if err != nil {
			c.phone.respond(tx, c.phone.reply(req, 488, nil))
			return
		}
		body = s.answer(offer)
	}
	ok := c.phone.reply(req, 200, body)
	c.phone.respond(tx, ok)
	c.note(Reinvited, c.phone.config.Now(), func(r *CallRecord) { r.ReInvites++ })
	c.repeatUntilAcknowledged(req.CSeq().SeqNo, func() { c.phone.respond(tx, ok) })
}

// repeatUntilAcknowledged sends a 200 again until its ACK comes, or the call
// ends.
func (c *Call) repeatUntilAcknowledged(sequence uint32, send func()) {
	resend, giveUp := newResending(c.phone.config.t1), time.NewTimer(64*c.phone.config.t1)
	defer resend.timer.Stop()
	defer giveUp.Stop()
	for {
		select {
		case <-resend.timer.C:
			send()
			resend.again()
		case <-c.acknowledgement(sequence).c:
			return
		case <-giveUp.C:
			return
		case <-c.done:
			return
		}
	}
}
