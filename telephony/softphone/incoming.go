package softphone

import (
	"time"

	"github.com/emiago/sipgo/sip"

	"sambung/telephony/softphone/internal/media"
)

// newIncoming makes the record of a call that arrives. It is called on the
// goroutine that reads the socket.
func (p *Phone) newIncoming(req *sip.Request, branch string) *Call {
	c := p.newCall()
	c.invite = Invite{
		CallID: req.CallID().Value(), Called: req.Recipient.User, Caller: req.From().Address.User,
		At: p.config.Now(), headers: headersOf(req),
	}
	c.dialog = dialog{
		callID: c.invite.CallID,
		local:  *req.To().Address.Clone(), localTag: tag(req.To().Params),
		remote: *req.From().Address.Clone(), remoteTag: tag(req.From().Params),
		target: *req.Contact().Address.Clone(),
	}
	c.record = CallRecord{
		CallID: c.invite.CallID, Direction: Incoming,
		Called: c.invite.Called, Caller: c.invite.Caller, Invites: 1, InvitedAt: c.invite.At,
	}
	c.branches[branch] = true
	p.book.enter(c)
	return c
}

// invitedAgain counts another INVITE of the same call. The book's mutex is
// held.
func (c *Call) invitedAgain(branch string) {
	if c.branches[branch] {
		c.record.Retransmissions++
		return
	}
	c.branches[branch] = true
	c.record.Invites++
}

// inbound is a call that arrives, in the hands of its control goroutine.
type inbound struct {
	*Call
	request   *sip.Request
	tx        *sip.ServerTx
	behaviour Behaviour
}

// serve is the control goroutine of a call that arrives, until its end.
func (c *Call) serve(req *sip.Request, tx *sip.ServerTx) {
	in := &inbound{Call: c, request: req, tx: tx, behaviour: c.phone.config.Behave(c.invite)}
	if !tx.OnCancel(func(*sip.Request) { c.cancelled.fire() }) {
		c.cancelled.fire()
	}
	defer func() {
		if s := c.sound.Load(); s != nil {
			s.session.Close()
		}
	}()
	switch status, problem := in.alert(); status {
	case 0:
		c.end(c.phone.config.Now(), Remote, 487, "")
		in.awaitRefusalAck()
	case 200:
		in.answer()
	default:
		in.refuse(status, problem)
	}
}

// alert is the time until the final response. It returns that response's
// status, or 0 if the caller gave up, which the transaction layer has answered
// with 487.
func (in *inbound) alert() (status int, problem string) {
	b := in.behaviour
	final, wrong := b.final()
	if final == 200 || b.Early != nil || b.RingOut {
		if err := in.prepareSound(); err != nil {
			return 488, err.Error()
		}
	}
	in.progress()
	var decide <-chan time.Time
	if !b.RingOut {
		timer := time.NewTimer(b.Delay)
		defer timer.Stop()
		decide = timer.C
	}
	select {
	case <-in.cancelled.c:
		return 0, ""
	case <-decide:
		return final, wrong
	case o := <-in.orders:
		if o == orderHangUp {
			return 480, ""
		}
		return int(o), ""
	case <-in.phone.alive.Done():
		return 480, ""
	}
}

// prepareSound opens a socket and takes the caller's offer.
func (in *inbound) prepareSound() error {
	offer, err := media.Parse(in.request.Body())
	if err != nil {
		return err
	}
	s, err := in.openSound()
	if err != nil {
		return err
	}
	s.answer(offer)
	return nil
}

// progress sends 183 or 180, if the behaviour has one.
func (in *inbound) progress() {
	now := in.phone.config.Now()
	switch {
	case in.behaviour.Early != nil:
		s := in.sound.Load()
		s.session.Speak(in.behaviour.Early, now)
		in.phone.respond(in.tx, in.phone.reply(in.request, 183, s.again()))
		in.note(EarlyMedia, now, func(r *CallRecord) { r.EarlyMediaAt = now })
		s.session.Start(now)
	case in.behaviour.Ring:
		in.phone.respond(in.tx, in.phone.reply(in.request, 180, nil))
		in.note(Ringing, now, func(r *CallRecord) { r.RingingAt = now })
	}
}

// refuse sends a final response that is no answer.
func (in *inbound) refuse(status int, problem string) {
	now := in.phone.config.Now()
	if !in.respondUnlessCancelled(in.phone.reply(in.request, status, nil), now) {
		return
	}
	in.end(now, Local, status, problem)
	in.awaitRefusalAck()
}

// respondUnlessCancelled sends a final response. A CANCEL that came at the last
// moment wins, and so does a failing network: then the call is over.
func (in *inbound) respondUnlessCancelled(res *sip.Response, now time.Time) bool {
	err := in.tx.Respond(res)
	if err == nil {
		return true
	}
	select {
	case <-in.cancelled.c:
		in.end(now, Remote, 487, "")
	default:
		in.end(now, Local, 0, err.Error())
	}
	return false
}

// answer sends 200 and talks.
func (in *inbound) answer() {
	s := in.sound.Load()
	ok := in.phone.reply(in.request, 200, s.again())
	answered := in.phone.config.Now()
	if !in.respondUnlessCancelled(ok, answered) {
		return
	}
	in.note(Answered, answered, func(r *CallRecord) { r.AnsweredAt, r.Status = answered, 200 })
	in.begin(in.behaviour, answered)
	in.talk(in.behaviour, answered, &unacknowledged{
		ack: in.acknowledgement(in.request.CSeq().SeqNo), resend: func() { in.phone.respond(in.tx, ok) },
	})
}

// awaitRefusalAck takes the ACK of a final response that is no answer; without
// one the transaction layer repeats the response, and gives up.
func (in *inbound) awaitRefusalAck() {
	select {
	case <-in.tx.Acks():
	case <-in.tx.Done():
	case <-in.phone.alive.Done():
	}
}
