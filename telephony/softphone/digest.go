package softphone

import (
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// answerChallenge makes the header that answers a 401 or 407 (RFC 3261, section
// 22; RFC 8760 for more than MD5), with the first of its challenges that can be
// answered.
func answerChallenge(a Account, req *sip.Request, res *sip.Response) (sip.Header, error) {
	asked, answer := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		asked, answer = "Proxy-Authenticate", "Proxy-Authorization"
	}
	for _, h := range res.GetHeaders(asked) {
		challenge, err := digest.ParseChallenge(h.Value())
		if err != nil {
			continue
		}
		for i, qop := range challenge.QOP {
			challenge.QOP[i] = strings.TrimSpace(qop)
		}
		if !digest.CanDigest(challenge) {
			continue
		}
		credentials, err := digest.Digest(challenge, digest.Options{
			Method: req.Method.String(), URI: req.Recipient.Addr(), Username: a.User, Password: a.Password,
		})
		if err == nil {
			return sip.NewHeader(answer, credentials.String()), nil
		}
	}
	return nil, fmt.Errorf("%d without a digest challenge that we can answer", res.StatusCode)
}

// challenged reports whether a response asks for credentials.
func challenged(res *sip.Response) bool { return res.StatusCode == 401 || res.StatusCode == 407 }

// credentials answers the challenge of an INVITE with the account of Register:
// nil if there is no challenge, or no account.
func (p *Phone) credentials(req *sip.Request, res *sip.Response) sip.Header {
	p.mu.Lock()
	r := p.registration
	p.mu.Unlock()
	if r == nil || !challenged(res) {
		return nil
	}
	h, err := answerChallenge(r.account, req, res)
	if err != nil {
		return nil
	}
	return h
}
