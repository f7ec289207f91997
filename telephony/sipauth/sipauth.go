// Package sipauth answers the challenges of SIP servers by HTTP digest (RFC 3261,
// section 22; RFC 8760 for more than MD5).
package sipauth

import (
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// Answer makes the header that answers a 401 or 407 to a request, with the first of
// its challenges that can be answered.
func Answer(req *sip.Request, res *sip.Response, user, password string) (sip.Header, error) {
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
			Method: req.Method.String(), URI: req.Recipient.Addr(), Username: user, Password: password,
		})
		if err == nil {
			return sip.NewHeader(answer, credentials.String()), nil
		}
	}
	return nil, fmt.Errorf("%d without a digest challenge that we can answer", res.StatusCode)
}

// Challenged reports whether a response asks for credentials.
func Challenged(res *sip.Response) bool { return res.StatusCode == 401 || res.StatusCode == 407 }
