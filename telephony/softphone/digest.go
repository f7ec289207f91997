package softphone

import (
	"github.com/emiago/sipgo/sip"

	"sambung/telephony/sipauth"
)

// credentials answers the challenge of an INVITE with the account of Register:
// nil if there is no challenge, or no account.
func (p *Phone) credentials(req *sip.Request, res *sip.Response) sip.Header {
	p.mu.Lock()
	r := p.registration
	p.mu.Unlock()
	if r == nil || !sipauth.Challenged(res) {
		return nil
	}
	h, err := sipauth.Answer(req, res, r.account.User, r.account.Password)
	if err != nil {
		return nil
	}
	return h
}
