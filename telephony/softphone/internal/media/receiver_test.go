package media

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtp"

	"sambung/telephony/softphone/g711"
)

// hearing is a session that notes the keys it hears.
func hearing(t testing.TB) (s *Session, keys *[]byte) {
	t.Helper()
	keys = new([]byte)
	s = newSession(Options{
		Now: time.Now, MaxKept: time.Second, OnDigit: func(key byte, _ time.Time) { *keys = append(*keys, key) },
	}, newFakeConn())
	s.Connect(Description{Addr: there, Codecs: []g711.Codec{g711.PCMU}, EventType: 101, Direction: SendRecv})
	return s, keys
}

func datagram(t testing.TB, payloadType uint8, timestamp uint32, payload []byte) []byte {
	t.Helper()
	b, err := rtp.Packet{
		Header: rtp.Header{Version: 2, PayloadType: payloadType, Timestamp: timestamp, SSRC: 9}, Payload: payload,
	}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAKeyIsHeardOnce(t *testing.T) {
	s, keys := hearing(t)
	for _, timestamp := range []uint32{1000, 5000, 9000} { // the third is the hook flash
		code := byte(11)
		if timestamp == 9000 {
			code = 16
		}
		for n := range 8 {
			e := telephoneEvent{code: code, end: n >= 5, duration: uint16(160 * min(n+1, 5))}
			s.hear(datagram(t, 101, timestamp, e.marshal()), there, time.Now())
		}
	}
	if string(*keys) != "##" {
		t.Errorf("heard %q, want two #", *keys)
	}
	if _, received, stray := s.Counts(); received != 24 || stray != 0 {
		t.Errorf("%d received, %d stray", received, stray)
	}
}

func TestOnlyTheOtherSideIsHeard(t *testing.T) {
	s, keys := hearing(t)
	s.hear(datagram(t, 0, 0, loud('a')), here, time.Now())
	s.hear(datagram(t, 101, 0, telephoneEvent{code: 1}.marshal()), here, time.Now())
	s.hear([]byte("not RTP"), there, time.Now())
	s.hear(datagram(t, 0, 0, loud('b')), there, time.Now())
	samples, _, _ := s.Heard()
	if _, received, stray := s.Counts(); received != 1 || stray != 3 || len(samples) != 160 || len(*keys) != 0 {
		t.Errorf("%d received, %d stray, %d samples, keys %q", received, stray, len(samples), *keys)
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte{5, 0x8a, 0x03, 0x20})
	f.Add([]byte{255, 255, 255, 255, 0})
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := parseEvent(payload)
		if (err == nil) != (len(payload) >= 4) {
			t.Fatalf("%d bytes: %v", len(payload), err)
		}
		if err != nil {
			return
		}
		again, err := parseEvent(e.marshal())
		if err != nil || again != e {
			t.Errorf("%+v came back as %+v, %v", e, again, err)
		}
		if key := e.key(); (key == 0) != (e.code > 15) || key != 0 && CheckKeys(string(rune(key))) != nil {
			t.Errorf("event %d is key %q", e.code, key)
		}
	})
}

// Whatever arrives, nothing breaks, and no more is kept than the limit.
func FuzzHear(f *testing.F) {
	f.Add(datagram(f, 0, 0, loud('a')), uint32(0))
	f.Add(datagram(f, 101, 7, telephoneEvent{code: 3}.marshal()), uint32(1<<31))
	f.Add([]byte{0xB0, 0, 0, 0}, uint32(1))
	f.Fuzz(func(t *testing.T, b []byte, timestamp uint32) {
		s, _ := hearing(t)
		s.hear(b, there, time.Now())
		if len(b) >= 8 {
			again := append([]byte(nil), b...)
			binary.BigEndian.PutUint32(again[4:], timestamp)
			s.hear(again, there, time.Now())
		}
		if samples, _, _ := s.Heard(); len(samples) > 8000 {
			t.Errorf("%d samples are kept, the limit is 8000", len(samples))
		}
	})
}
