package softphone

import (
	"context"
	"errors"
	"time"

	"github.com/emiago/sipgo/sip"

	"sambung/telephony/softphone/internal/media"
)

// errHungUp is why a call is given up whose HangUp was called before the
// answer.
var errHungUp = errors.New("hung up before the answer")

// outbound is a call that we begin, until it is answered. Its fields belong to
// the goroutine in Dial.
type outbound struct {
	*Call
	request     *sip.Request
	provisional bool  // a response came: the call may be cancelled
	quitting    error // why we give it up
	answered    time.Time
}

// connect brings the call to where it is answered and acknowledged. Any other
// end closes the record.
func (o *outbound) connect(ctx context.Context, b Behaviour) error {
	s, err := o.openSound()
	if err != nil {
		o.end(o.phone.config.Now(), Local, 0, err.Error())
		return err
	}
	final, err := o.invite(ctx, s)
	if err == nil {
		err = o.establish(final, s, b)
	}
	if err != nil {
		s.session.Close()
	}
	return err
}

// invite sends the INVITE, again with credentials if it is challenged, and
// returns the 200.
func (o *outbound) invite(ctx context.Context, s *sound) (*sip.Response, error) {
	offer := s.offer()
	var credentials sip.Header
	for {
		o.request = o.phone.next(&o.dialog, sip.INVITE)
		setBody(o.request, offer)
		if credentials != nil {
			o.request.AppendHeader(credentials)
		}
		final, err := o.attempt(ctx, s)
		switch {
		case err != nil:
			o.end(o.phone.config.Now(), Local, 0, err.Error())
			return nil, err
		case final.IsSuccess():
			return final, nil
		case o.quitting != nil:
			o.end(o.phone.config.Now(), Local, final.StatusCode, "")
			return nil, o.quitting
		}
		if credentials == nil {
			if credentials = o.phone.credentials(o.request, final); credentials != nil {
				continue
			}
		}
		o.end(o.phone.config.Now(), Remote, final.StatusCode, "")
		return nil, &StatusError{Status: final.StatusCode, Reason: final.Reason}
	}
}

// attempt is one INVITE transaction until its final response. It cancels when
// ctx or the phone ends, or HangUp was called.
func (o *outbound) attempt(ctx context.Context, s *sound) (*sip.Response, error) {
	tx, err := o.phone.stack.transactions.Request(ctx, o.request)
	if err != nil {
		return nil, err
	}
	o.phone.book.change(func() { o.record.Invites++ })
	o.provisional = false
	given, closing, orders, patience := ctx.Done(), o.phone.alive.Done(), o.orders, (<-chan time.Time)(nil)
	for {
		var reason error
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				o.repeatAck(tx, res)
				return res, nil
			}
			o.progress(res, s)
			if first := !o.provisional; first && o.quitting != nil {
				o.cancel()
			}
			o.provisional = true
			continue
		case <-tx.Done():
			return nil, errors.Join(tx.Err(), o.quitting)
		case <-patience:
			tx.Terminate()
			return nil, o.quitting
		case <-given:
			reason = ctx.Err()
		case <-closing:
			reason = ErrClosed
		case <-orders:
			reason = errHungUp
		}
		o.quitting, given, closing, orders, patience = reason, nil, nil, nil, time.After(farewellTimeout)
		if o.provisional { // not before: RFC 3261, section 9.1
			o.cancel()
		}
	}
}

// progress takes a provisional response.
func (o *outbound) progress(res *sip.Response, s *sound) {
	now := o.phone.config.Now()
	if d, err := media.Parse(res.Body()); err == nil {
		s.session.Connect(d)
		s.session.Start(now)
		o.note(EarlyMedia, now, func(r *CallRecord) { r.EarlyMediaAt = now })
	}
	if res.StatusCode == 180 {
		o.note(Ringing, now, func(r *CallRecord) { r.RingingAt = now })
	}
}

// cancel sends CANCEL, which has the INVITE's branch and sequence number.
func (o *outbound) cancel() {
	branch, _ := o.request.Via().Params.Get("branch")
	ctx, done := o.phone.farewell()
	defer done()
	req := o.phone.build(&o.dialog, sip.CANCEL, o.dialog.sequence, branch)
	if _, err := o.phone.stack.roundTrip(ctx, req); err != nil {
		o.phone.logger.Warn("CANCEL was not answered") // the error may name the number
	}
}

// repeatAck makes the ACK of a 200 go out again whenever the 200 comes again.
// Other final responses are acknowledged by the transaction.
func (o *outbound) repeatAck(tx *sip.ClientTx, res *sip.Response) {
	if !res.IsSuccess() {
		return
	}
	o.dialog.remoteTag = tag(res.To().Params)
	if contact := res.Contact(); contact != nil {
		o.dialog.target = *contact.Address.Clone()
	}
	d := o.dialog
	tx.OnRetransmission(func(*sip.Response) { o.phone.acknowledge(d) })
	o.phone.acknowledge(d)
}

// acknowledge sends the ACK of a 200: a transaction of its own, of the INVITE's
// sequence number (RFC 3261, section 13.2.2.4).
func (p *Phone) acknowledge(d dialog) {
	ack := p.build(&d, sip.ACK, d.sequence, sip.GenerateBranchN(16))
	if err := p.stack.transport.WriteMsg(ack); err != nil {
		p.logger.Warn("ACK could not be sent", "error", err)
	}
}

// establish begins to talk. A call that was given up, or whose answer cannot be
// talked to, is hung up.
func (o *outbound) establish(res *sip.Response, s *sound, b Behaviour) error {
	o.answered = o.phone.config.Now()
	o.note(Answered, o.answered, func(r *CallRecord) {
		r.AnsweredAt, r.AcknowledgedAt, r.Status = o.answered, o.answered, 200
	})
	answer, err := media.Parse(res.Body())
	if err = errors.Join(o.quitting, err); err != nil {
		o.hangUp(err.Error())
		return err
	}
	s.session.Connect(answer)
	o.begin(b, o.answered)
	return nil
}
