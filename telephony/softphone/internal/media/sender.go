package media

import (
	"time"

	"github.com/pion/rtp"
)

// maxLag is how far the sender may fall behind and still send everything it
// missed, in one burst. After more (the process was stopped) it leaves out what
// is past, as a telephone would that lost its power.
const maxLag = 2 * time.Second

// endPackets is how often the end of a key is said, as a packet may be lost
// (RFC 4733, section 2.5.1.4).
const endPackets = 3

// sender is the goroutine that speaks. Its fields are its own.
type sender struct {
	session  *Session
	epoch    time.Time
	ssrc     uint32
	sequence uint16
	base     uint32 // the timestamp of the epoch

	silent bool // nothing was sent in the frame before: the next packet carries the marker
	key    *sendingKey
	gap    int // frames to wait before the next key

	frame   [frameSamples]int16
	payload [frameSamples]byte
	packet  [12 + frameSamples]byte
}

// sendingKey is the key that is down.
type sendingKey struct {
	keyPress
	timestamp uint32
	frames    int // sent until now
}

// run sends a frame every 20 ms, counted from the epoch, until the session is
// closed.
func (s *sender) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	s.silent = true
	for n := 0; ; n++ {
		due := s.epoch.Add(time.Duration(n) * frameTime)
		wait := due.Sub(s.session.options.Now())
		if wait < -maxLag {
			missed := int(-wait / frameTime)
			n, due, s.silent = n+missed, due.Add(time.Duration(missed)*frameTime), true
		}
		timer.Reset(wait)
		select {
		case <-s.session.closed:
			return
		case <-timer.C:
			s.send(s.base+uint32(n*frameSamples), due)
		}
	}
}

// send sends what belongs to the frame that begins now: nothing, a step of a
// key, or sound.
func (s *sender) send(timestamp uint32, at time.Time) {
	session := s.session
	session.mu.Lock()
	p := session.peer
	if p == nil || !p.sending || session.script.paused(at) {
		session.mu.Unlock()
		s.silent = true
		return
	}
	s.pressNext(timestamp, at)
	if s.key == nil {
		session.script.fill(s.frame[:], at)
	}
	session.mu.Unlock()

	if s.key != nil {
		s.sendKey(p)
		return
	}
	p.codec.Encode(s.payload[:], s.frame[:])
	s.write(p, uint8(p.codec), timestamp, s.silent, s.payload[:])
	s.silent = false
}

// pressNext begins the next key when it is due and the one before was released
// long enough ago. The session's mutex is held.
func (s *sender) pressNext(timestamp uint32, at time.Time) {
	if s.key != nil {
		return
	}
	if s.gap > 0 {
		s.gap--
		return
	}
	if k, due := s.session.script.nextKey(at); due {
		s.key = &sendingKey{keyPress: k, timestamp: timestamp}
	}
}

// sendKey sends the next packet of the key that is down, and its release after
// the last. All carry the timestamp at which it was pressed.
func (s *sender) sendKey(p *peer) {
	k := s.key
	k.frames++
	e := telephoneEvent{code: k.code, volume: 10, duration: uint16(k.frames * frameSamples)}
	s.write(p, p.eventType, k.timestamp, k.frames == 1, e.marshal())
	s.silent = false
	if k.frames < keyFrames {
		return
	}
	e.end = true
	for range endPackets {
		s.write(p, p.eventType, k.timestamp, false, e.marshal())
	}
	if k.released != nil {
		close(k.released)
	}
	s.key, s.gap = nil, gapFrames
}

// write sends one packet. An error is the network's: RTP has no remedy for a
// lost packet.
func (s *sender) write(p *peer, payloadType uint8, timestamp uint32, marker bool, payload []byte) {
	packet := rtp.Packet{
		Header: rtp.Header{
			Version: 2, Marker: marker, PayloadType: payloadType,
			SequenceNumber: s.sequence, Timestamp: timestamp, SSRC: s.ssrc,
		},
		Payload: payload,
	}
	s.sequence++
	n, err := packet.MarshalTo(s.packet[:])
	if err != nil {
		return
	}
	if _, err := s.session.conn.WriteToUDPAddrPort(s.packet[:n], p.addr); err == nil {
		s.session.sent.Add(1)
	}
}
