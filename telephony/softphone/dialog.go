package softphone

import (
	"github.com/emiago/sipgo/sip"
)

// userAgent names us in every message.
const userAgent = "sambung-softphone"

// allow lists the methods that are understood (RFC 3261, section 20.5).
const allow = "INVITE, ACK, CANCEL, BYE, OPTIONS"

// dialogKey finds the call of a request inside a dialog: our tag is enough
// beside the Call-ID.
type dialogKey struct{ callID, localTag string }

// invitationKey finds the call of an INVITE outside of any dialog.
type invitationKey struct{ callID, callerTag string }

// dialog is what makes requests belong together (RFC 3261, section 12).
type dialog struct {
	callID    string
	local     sip.Uri
	localTag  string
	remote    sip.Uri
	remoteTag string  // "" until the other side answered
	target    sip.Uri // where requests go: the other side's Contact
	sequence  uint32  // of our last request
}

// next builds the dialog's next request.
func (p *Phone) next(d *dialog, method sip.RequestMethod) *sip.Request {
	d.sequence++
	return p.build(d, method, d.sequence, sip.GenerateBranchN(16))
}

// build builds a request of a dialog with everything that RFC 3261, section
// 8.1.1 asks for.
func (p *Phone) build(d *dialog, method sip.RequestMethod, sequence uint32, branch string) *sip.Request {
	via := &sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "UDP",
		Host: p.stack.addr.Addr().String(), Port: int(p.stack.addr.Port()),
	}
	via.Params.Add("branch", branch)
	via.Params.Add("rport", "")
	from := &sip.FromHeader{Address: d.local}
	from.Params.Add("tag", d.localTag)
	to := &sip.ToHeader{Address: d.remote}
	if d.remoteTag != "" {
		to.Params.Add("tag", d.remoteTag)
	}
	callID, maxForwards := sip.CallIDHeader(d.callID), sip.MaxForwardsHeader(70)

	req := sip.NewRequest(method, d.target)
	req.SetTransport("UDP")
	req.Laddr = sip.Addr{IP: p.stack.addr.Addr().AsSlice(), Port: int(p.stack.addr.Port())}
	for _, h := range []sip.Header{
		via, from, to, &callID, &sip.CSeqHeader{SeqNo: sequence, MethodName: method}, &maxForwards,
		&sip.ContactHeader{Address: p.stack.uri(p.config.User)}, sip.NewHeader("User-Agent", userAgent),
	} {
		req.AppendHeader(h)
	}
	req.SetBody(nil)
	return req
}

// reply builds a response.
func (p *Phone) reply(req *sip.Request, status int, body []byte) *sip.Response {
	res := sip.NewResponseFromRequest(req, status, reason(status), body)
	res.AppendHeader(&sip.ContactHeader{Address: p.stack.uri(p.config.User)})
	res.AppendHeader(sip.NewHeader("Allow", allow))
	res.AppendHeader(sip.NewHeader("User-Agent", userAgent))
	if len(body) > 0 {
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	}
	return res
}

// setBody gives a request a session description.
func setBody(req *sip.Request, body []byte) {
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	req.SetBody(body)
}

// tag is the tag of a From or To header, "" if there is none.
func tag(params sip.HeaderParams) string {
	t, _ := params.Get("tag")
	return t
}

// reason is the phrase that goes with a status (RFC 3261, section 21).
func reason(status int) string {
	switch status {
	case 180:
		return "Ringing"
	case 183:
		return "Session Progress"
	case 200:
		return "OK"
	case 400:
		return "Bad Request"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 405:
		return "Method Not Allowed"
	case 408:
		return "Request Timeout"
	case 480:
		return "Temporarily Unavailable"
	case 481:
		return "Call/Transaction Does Not Exist"
	case 482:
		return "Loop Detected"
	case 486:
		return "Busy Here"
	case 487:
		return "Request Terminated"
	case 488:
		return "Not Acceptable Here"
	case 500:
		return "Server Internal Error"
	case 503:
		return "Service Unavailable"
	case 603:
		return "Decline"
	default:
		return "Status"
	}
}
