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
	r := sip.NewRequest(sip.OPTIONS, target)
	via := sip.NewParams()
	via.Add("branch", sip.GenerateBranch())
	via.Add("rport", "")
	r.AppendHeader(&sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: strings.ToUpper(network), Host: address, Port: number, Params: via})
	tag := sip.NewParams()
	tag.Add("tag", sip.GenerateTagN(16))
	r.AppendHeader(&sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "doctor", Host: address}, Params: tag})
	r.AppendHeader(&sip.ToHeader{Address: target, Params: sip.NewParams()})
	id := sip.CallIDHeader(sip.GenerateTagN(24))
	r.AppendHeader(&id)
	r.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: sip.OPTIONS})
	most := sip.MaxForwardsHeader(70)
	r.AppendHeader(&most)
	r.AppendHeader(&sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: "doctor", Host: address, Port: number}})
	r.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
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
		if r, ok := message.(*sip.Response); ok && q.answeredBy(r) && !r.IsProvisional() {
			return r.StatusCode
		}
		if n <= 0 || !q.stream {
			return 0
		}
		received = received[min(n, len(received)):]
	}
	return 0
}

func (q *question) answeredBy(r *sip.Response) bool {
	asked, answered := q.request.CallID(), r.CallID()
	return asked != nil && answered != nil && asked.Value() == answered.Value()
}
