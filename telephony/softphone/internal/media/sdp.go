package media

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"sambung/telephony/softphone/g711"
)

// ErrNotAcceptable is wrapped by errors about a description that this telephone
// cannot talk to: SIP status 488.
var ErrNotAcceptable = errors.New("session description not acceptable")

// Direction is which way sound may flow, said from the describing side (RFC
// 8866, section 6.7).
type Direction string

const (
	SendRecv Direction = "sendrecv"
	SendOnly Direction = "sendonly"
	RecvOnly Direction = "recvonly"
	Inactive Direction = "inactive"
)

// Sends reports whether the describing side will send.
func (d Direction) Sends() bool { return d == SendRecv || d == SendOnly }

// Receives reports whether the describing side wants to receive.
func (d Direction) Receives() bool { return d == SendRecv || d == RecvOnly }

// Answer is the direction to answer an offer with.
func (d Direction) Answer() Direction {
	switch d {
	case SendOnly:
		return RecvOnly
	case RecvOnly:
		return SendOnly
	default:
		return d
	}
}

// Description is what one side of a call said about its sound.
type Description struct {
	Addr      netip.AddrPort // where it wants to receive
	Codecs    []g711.Codec   // that it speaks and we do too, its favourite first; never empty
	EventType uint8          // the RTP payload type of telephone-event, 0 if it does not take digits
	Direction Direction
}

// Parse reads a description: the first audio stream over plain RTP that speaks
// G.711. What cannot be talked to gives an error that wraps [ErrNotAcceptable].
func Parse(body []byte) (Description, error) {
	var session sdp.SessionDescription
	if err := session.Unmarshal(body); err != nil {
		return Description{}, fmt.Errorf("%w: %w", ErrNotAcceptable, err)
	}
	for _, m := range session.MediaDescriptions {
		plainRTP := slices.Equal(m.MediaName.Protos, []string{"RTP", "AVP"})
		if m.MediaName.Media == "audio" && m.MediaName.Port.Value != 0 && plainRTP {
			return parseAudio(&session, m)
		}
	}
	return Description{}, fmt.Errorf("%w: no audio stream over RTP/AVP", ErrNotAcceptable)
}

func parseAudio(session *sdp.SessionDescription, m *sdp.MediaDescription) (Description, error) {
	addr, err := address(session, m)
	if err != nil {
		return Description{}, err
	}
	d := Description{Addr: addr, Direction: direction(session, m)}
	if addr.Addr().IsUnspecified() {
		d.Direction = Inactive // hold as RFC 2543 said it
	}
	for _, format := range m.MediaName.Formats {
		switch format {
		case "0":
			d.Codecs = append(d.Codecs, g711.PCMU)
		case "8":
			d.Codecs = append(d.Codecs, g711.PCMA)
		}
	}
	if len(d.Codecs) == 0 {
		return Description{}, fmt.Errorf("%w: formats %q have neither PCMU (0) nor PCMA (8)",
			ErrNotAcceptable, m.MediaName.Formats)
	}
	d.EventType = eventType(m)
	return d, nil
}

// address joins the connection line, the stream's own or the session's, with
// the stream's port.
func address(session *sdp.SessionDescription, m *sdp.MediaDescription) (netip.AddrPort, error) {
	c := m.ConnectionInformation
	if c == nil {
		c = session.ConnectionInformation
	}
	if c == nil || c.Address == nil {
		return netip.AddrPort{}, fmt.Errorf("%w: no connection address", ErrNotAcceptable)
	}
	ip, err := netip.ParseAddr(c.Address.Address)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%w: connection address %q is not an IP address",
			ErrNotAcceptable, c.Address.Address)
	}
	port := m.MediaName.Port.Value
	if port < 1 || port > 65535 {
		return netip.AddrPort{}, fmt.Errorf("%w: port %d is not between 1 and 65535", ErrNotAcceptable, port)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), nil
}

// direction is the stream's attribute, else the session's, else sendrecv.
func direction(session *sdp.SessionDescription, m *sdp.MediaDescription) Direction {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, session.Attributes} {
		for _, a := range attributes {
			switch d := Direction(a.Key); d {
			case SendRecv, SendOnly, RecvOnly, Inactive:
				return d
			}
		}
	}
	return SendRecv
}

// eventType finds "a=rtpmap:<type> telephone-event/8000" of a dynamic type that
// the stream's formats list.
func eventType(m *sdp.MediaDescription) uint8 {
	for _, a := range m.Attributes {
		format, name, _ := strings.Cut(a.Value, " ")
		if a.Key != "rtpmap" || !strings.EqualFold(strings.TrimSpace(name), "telephone-event/8000") {
			continue
		}
		n, err := strconv.ParseUint(format, 10, 7)
		if err == nil && n >= 96 && slices.Contains(m.MediaName.Formats, format) {
			return uint8(n)
		}
	}
	return 0
}
