package sipping

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// parse reads an address that can be asked.
func parse(address string) (sip.Uri, error) {
	var uri sip.Uri
	if err := sip.ParseUri(strings.TrimSpace(address), &uri); err != nil {
		return uri, fmt.Errorf("%w: it is no SIP URI", ErrAddress)
	}
	if uri.Scheme != "sip" || uri.Host == "" || uri.Wildcard || uri.Port < 0 || uri.Port > 65535 || strings.ContainsAny(address, "\r\n") {
		return uri, fmt.Errorf("%w: want sip:name@host:port", ErrAddress)
	}
	if t := transport(uri); t != "" && t != "udp" && t != "tcp" {
		return uri, fmt.Errorf("%w: it is reached over another transport than UDP and TCP", ErrAddress)
	}
	return uri, nil
}

func transport(uri sip.Uri) string {
	t, _ := uri.UriParams.Get("transport")
	return strings.ToLower(t)
}

// host is where the address leads, with SIP's own port where it names none.
func host(uri sip.Uri) string {
	port := uri.Port
	if port == 0 {
		port = 5060
	}
	return net.JoinHostPort(strings.Trim(uri.Host, "[]"), strconv.Itoa(port))
}

// options is the request, from nobody in particular.
func options(target sip.Uri, network string, local net.Addr) *sip.Request {
	address, port, _ := net.SplitHostPort(local.String()) // of a socket: it has both
	number, _ := strconv.Atoi(port)
	if strings.Contains(address, ":") {
		address = "[" + address + "]"
	}
	us := sip.Uri{Scheme: "sip", User: "doctor", Host: address}
	r := ask(sip.OPTIONS, target, us, target, &sip.ViaHeader{Transport: strings.ToUpper(network), Host: address, Port: number})
	us.Port = number
	r.AppendHeader(&sip.ContactHeader{Address: us})
	r.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	return r
}

// ask is a request outside of any dialog (RFC 3261, section 8.1.1), without a body.
func ask(method sip.RequestMethod, target, from, to sip.Uri, via *sip.ViaHeader) *sip.Request {
	r := sip.NewRequest(method, target)
	via.ProtocolName, via.ProtocolVersion, via.Params = "SIP", "2.0", sip.NewParams()
	via.Params.Add("branch", sip.GenerateBranch())
	via.Params.Add("rport", "")
	r.AppendHeader(via)
	tag := sip.NewParams()
	tag.Add("tag", sip.GenerateTagN(16))
	r.AppendHeader(&sip.FromHeader{Address: from, Params: tag})
	r.AppendHeader(&sip.ToHeader{Address: to, Params: sip.NewParams()})
	id := sip.CallIDHeader(sip.GenerateTagN(24))
	r.AppendHeader(&id)
	r.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: method})
	most := sip.MaxForwardsHeader(70)
	r.AppendHeader(&most)
	r.AppendHeader(sip.NewHeader("Content-Length", "0"))
	return r
}

// status reads the first response to the request out of what came, 0 if there is
// none yet. Others' messages are passed over.
func (q *question) status(received []byte) int {
	parser := sip.NewParser()
	for len(received) > 0 {
		message, n, err := parser.Parse(received, q.stream)
		if err != nil {
			return 0
		}
		if r, ok := message.(*sip.Response); ok && answers(q.request, r) {
			return r.StatusCode
		}
		if n <= 0 || !q.stream {
			return 0
		}
		received = received[min(n, len(received)):]
	}
	return 0
}

// answers reports whether a response is the final one to a request.
func answers(request *sip.Request, r *sip.Response) bool {
	asked, answered := request.CallID(), r.CallID()
	return asked != nil && answered != nil && asked.Value() == answered.Value() && !r.IsProvisional()
}

// finalResponse reads a message that came whole; nil unless it is the final response
// to the request.
func finalResponse(request *sip.Request, message []byte) *sip.Response {
	parsed, _, err := sip.NewParser().Parse(message, false)
	if err != nil {
		return nil
	}
	r, ok := parsed.(*sip.Response)
	if !ok || !answers(request, r) || r.CSeq() == nil || r.CSeq().SeqNo != request.CSeq().SeqNo {
		return nil
	}
	return r
}
