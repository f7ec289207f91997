package media

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pion/rtp"

	"sambung/telephony/softphone/g711"
)

// maxDatagram is more than any telephone sends in one packet.
const maxDatagram = 1500

// digitReader tells keys from the many packets that announce each. Guarded by
// the session's mutex.
type digitReader struct {
	seen      bool
	ssrc      uint32
	timestamp uint32
}

// isNew reports whether a packet belongs to another key than the packets
// before: every key has its own timestamp.
func (d *digitReader) isNew(h rtp.Header) bool {
	if d.seen && d.ssrc == h.SSRC && d.timestamp == h.Timestamp {
		return false
	}
	d.seen, d.ssrc, d.timestamp = true, h.SSRC, h.Timestamp
	return true
}

// receive is the goroutine that hears. It ends when the socket is closed.
func (s *Session) receive() {
	buffer := make([]byte, maxDatagram)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			s.hear(buffer[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), s.options.Now())
		}
	}
}

// hear takes one datagram. Only the other side's address is listened to: on one
// machine the neighbouring ports belong to other calls.
func (s *Session) hear(datagram []byte, from netip.AddrPort, now time.Time) {
	var packet rtp.Packet
	if err := packet.Unmarshal(datagram); err != nil || packet.Version != 2 {
		s.stray.Add(1)
		return
	}
	s.mu.Lock()
	p := s.peer
	if p == nil || from != p.addr {
		s.mu.Unlock()
		s.stray.Add(1)
		return
	}
	var key byte
	switch packet.PayloadType {
	case uint8(g711.PCMU), uint8(g711.PCMA):
		s.track.add(packet.SSRC, packet.Timestamp, g711.Codec(packet.PayloadType), packet.Payload, now)
	case p.eventType:
		if e, err := parseEvent(packet.Payload); err == nil && s.digits.isNew(packet.Header) {
			key = e.key()
		}
	}
	s.mu.Unlock()
	s.received.Add(1)
	if key != 0 && s.options.OnDigit != nil {
		s.options.OnDigit(key, now)
	}
}
