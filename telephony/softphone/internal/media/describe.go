package media

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"github.com/pion/sdp/v3"

	"sambung/telephony/softphone/g711"
)

// defaultEventType is the payload type under which we offer telephone-event.
const defaultEventType = 101

// Offer is the description of a telephone that listens at addr and speaks
// everything that we speak.
func Offer(addr netip.AddrPort) Description {
	return Description{
		Addr: addr, Codecs: []g711.Codec{g711.PCMU, g711.PCMA}, EventType: defaultEventType, Direction: SendRecv,
	}
}

// Answer is our side of an offer: the favourite codec of the one who offered,
// their number for telephone-event, and their direction turned round (RFC 3264,
// section 6).
func Answer(offer Description, addr netip.AddrPort) Description {
	return Description{
		Addr: addr, Codecs: offer.Codecs[:1], EventType: offer.EventType, Direction: offer.Direction.Answer(),
	}
}

// Marshal writes the description as SDP. id and version go into the origin
// line: the version must grow when the description of a session changes (RFC
// 3264, section 8).
func (d Description) Marshal(id, version uint64) []byte {
	network := "IP4"
	if d.Addr.Addr().Is6() {
		network = "IP6"
	}
	ip := d.Addr.Addr().String()
	session := sdp.SessionDescription{
		Origin: sdp.Origin{
			Username: "-", SessionID: id, SessionVersion: version,
			NetworkType: "IN", AddressType: network, UnicastAddress: ip,
		},
		SessionName: "-",
		ConnectionInformation: &sdp.ConnectionInformation{
			NetworkType: "IN", AddressType: network, Address: &sdp.Address{Address: ip},
		},
		TimeDescriptions:  []sdp.TimeDescription{{}},
		MediaDescriptions: []*sdp.MediaDescription{d.stream()},
	}
	body, err := session.Marshal()
	if err != nil {
		panic(fmt.Sprintf("SDP of %+v: %v", d, err)) // pion's Marshal has no failing path
	}
	return body
}

// stream is the m= line and what belongs to it.
func (d Description) stream() *sdp.MediaDescription {
	m := &sdp.MediaDescription{MediaName: sdp.MediaName{
		Media: "audio", Port: sdp.RangedPort{Value: int(d.Addr.Port())}, Protos: []string{"RTP", "AVP"},
	}}
	add := func(format int, name string) {
		m.MediaName.Formats = append(m.MediaName.Formats, strconv.Itoa(format))
		m.WithValueAttribute("rtpmap", fmt.Sprintf("%d %s/8000", format, name))
	}
	for _, codec := range d.Codecs {
		add(int(codec), codec.Name())
	}
	if d.EventType != 0 {
		add(int(d.EventType), "telephone-event")
		m.WithValueAttribute("fmtp", fmt.Sprintf("%d 0-15", d.EventType))
	}
	m.WithValueAttribute("ptime", strconv.Itoa(int(frameTime.Milliseconds())))
	return m.WithPropertyAttribute(string(d.Direction))
}

// Equal reports whether two descriptions say the same.
func (d Description) Equal(other Description) bool {
	return d.Addr == other.Addr && d.EventType == other.EventType && d.Direction == other.Direction &&
		slices.Equal(d.Codecs, other.Codecs)
}
