package softphone

import (
	"context"
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// StatusError is a call, or a registration, that was refused.
type StatusError struct {
	Status int
	Reason string
}

// Error implements error.
func (e *StatusError) Error() string { return fmt.Sprintf("refused with %d %s", e.Status, e.Reason) }

// Dial calls a SIP URI, such as sip:1500200@127.0.0.1:5060, and returns when it
// is answered; from then on the behaviour's Play, Pauses, Keys and HangUp
// happen. A refusal is a [*StatusError]. When ctx ends before the answer the
// call is cancelled; afterwards ctx means nothing to it. A challenge (401, 407)
// is answered with the account of Register. The call under way can be had from
// WaitCall.
func (p *Phone) Dial(ctx context.Context, to string, b Behaviour) (*Call, error) {
	var target sip.Uri
	err := sip.ParseUri(to, &target)
	if err != nil || target.Host == "" || !strings.HasPrefix(strings.ToLower(to), "sip:") {
		return nil, fmt.Errorf("softphone: dial %q: want a SIP URI such as sip:1500200@127.0.0.1:5060", to)
	}
	if !p.enter() {
		return nil, ErrClosed
	}
	o := &outbound{Call: p.newOutgoing(target)}
	if err := o.connect(ctx, b); err != nil {
		p.leave()
		return nil, fmt.Errorf("softphone: dial: %w", err)
	}
	go func() {
		defer p.leave()
		defer o.sound.Load().session.Close()
		o.talk(b, o.answered, nil)
	}()
	return o.Call, nil
}

// newOutgoing makes the record of a call that we begin.
func (p *Phone) newOutgoing(target sip.Uri) *Call {
	c := p.newCall()
	c.claim()
	c.invite = Invite{
		CallID: sip.GenerateTagN(32) + "@" + p.stack.addr.Addr().String(),
		Called: target.User, Caller: p.config.User, At: p.config.Now(),
	}
	c.dialog = dialog{
		callID: c.invite.CallID, local: p.stack.uri(p.config.User), localTag: sip.GenerateTagN(16),
		remote: target, target: target,
	}
	c.record = CallRecord{
		CallID: c.invite.CallID, Direction: Outgoing,
		Called: c.invite.Called, Caller: c.invite.Caller, InvitedAt: c.invite.At,
	}
	p.mu.Lock()
	p.dialogs[c.dialog.key()] = c
	p.mu.Unlock()
	p.book.enter(c)
	return c
}
