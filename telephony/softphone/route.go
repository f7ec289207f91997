package softphone

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// admit sees every message before the transactions do, on the goroutine that
// reads the socket. It counts INVITEs outside of dialogs, which the transaction
// layer would hide when they are repeated, and gives each new one a record and
// our tag.
func (p *Phone) admit(m sip.Message) {
	req, ok := m.(*sip.Request)
	if !ok || req.Method != sip.INVITE || !complete(req) || tag(req.To().Params) != "" {
		return
	}
	key := invitationKey{req.CallID().Value(), tag(req.From().Params)}
	branch, _ := req.Via().Params.Get("branch")
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.invitations[key]; c != nil {
		p.book.change(func() { c.invitedAgain(branch) })
		return
	}
	req.To().Params.Add("tag", sip.GenerateTagN(16))
	c := p.newIncoming(req, branch)
	p.invitations[key] = c
	p.dialogs[c.dialog.key()] = c
}

// complete reports whether a request has the headers that everything below
// relies on.
func complete(req *sip.Request) bool {
	return req.Via() != nil && req.From() != nil && req.To() != nil && req.CallID() != nil && req.CSeq() != nil &&
		(req.Method != sip.INVITE || req.Contact() != nil)
}

// handle serves one request, on a goroutine of its own. That of a call's first
// INVITE becomes the call's control goroutine.
func (p *Phone) handle(req *sip.Request, tx *sip.ServerTx) {
	defer tx.TerminateGracefully()
	if !p.enter() {
		if complete(req) && req.Method != sip.ACK {
			p.respond(tx, p.reply(req, 503, nil))
		}
		return
	}
	defer p.leave()
	if !complete(req) {
		p.respond(tx, p.reply(req, 400, nil))
		return
	}
	switch req.Method {
	case sip.INVITE:
		p.onInvite(req, tx)
	case sip.ACK:
		if c := p.find(req); c != nil {
			c.acknowledged(req.CSeq().SeqNo)
		}
	case sip.BYE:
		p.onBye(req, tx)
	case sip.CANCEL: // the transaction layer serves those that match an INVITE under way
		p.respond(tx, p.reply(req, 481, nil))
	case sip.OPTIONS:
		p.respond(tx, p.reply(req, 200, nil))
		p.book.note(Event{At: p.config.Now(), Kind: Qualified}, nil)
	default:
		p.respond(tx, p.reply(req, 405, nil))
	}
}

func (p *Phone) onInvite(req *sip.Request, tx *sip.ServerTx) {
	c := p.find(req)
	switch {
	case c != nil && c.claim():
		c.serve(req, tx)
	case c != nil:
		c.reinvite(req, tx)
	case tag(req.To().Params) == "":
		p.respond(tx, p.reply(req, 482, nil)) // RFC 3261, section 8.2.2.2: the same call by another transaction
	default:
		p.respond(tx, p.reply(req, 481, nil))
	}
}

func (p *Phone) onBye(req *sip.Request, tx *sip.ServerTx) {
	c := p.find(req)
	if c == nil {
		p.respond(tx, p.reply(req, 481, nil))
		return
	}
	c.hungUp.fire()
	p.respond(tx, p.reply(req, 200, nil))
}

// find is the call whose dialog a request belongs to, nil if there is none.
func (p *Phone) find(req *sip.Request) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dialogs[dialogKey{req.CallID().Value(), tag(req.To().Params)}]
}

// respond sends a response. If that fails the other side repeats its request.
func (p *Phone) respond(tx *sip.ServerTx, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		p.logger.Warn("a SIP response could not be sent", "status", res.StatusCode, "error", err)
	}
}

// headersOf collects the first header of each name.
func headersOf(req *sip.Request) map[string]string {
	headers := make(map[string]string)
	for _, h := range req.Headers() {
		name := strings.ToLower(h.Name())
		if _, there := headers[name]; !there {
			headers[name] = h.Value()
		}
	}
	return headers
}
