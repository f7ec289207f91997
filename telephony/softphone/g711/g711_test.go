package g711_test

import (
	"math"
	"testing"

	"sambung/telephony/softphone/g711"
)

// The pairs are from G.711 tables 1 and 2 (decoder output values y at the ends
// of each segment), shifted to 16 bits.
func TestKnownValues(t *testing.T) {
	cases := []struct {
		codec  g711.Codec
		code   byte
		sample int16
	}{
		{g711.PCMU, 0xFF, 0}, {g711.PCMU, 0xFE, 2 << 2}, {g711.PCMU, 0xF0, 30 << 2},
		{g711.PCMU, 0xEF, 33 << 2}, {g711.PCMU, 0xE0, 93 << 2}, {g711.PCMU, 0xD0, 219 << 2},
		{g711.PCMU, 0xC0, 471 << 2}, {g711.PCMU, 0xB0, 975 << 2}, {g711.PCMU, 0xA0, 1983 << 2},
		{g711.PCMU, 0x90, 3999 << 2}, {g711.PCMU, 0x8F, 4191 << 2}, {g711.PCMU, 0x80, 8031 << 2},
		{g711.PCMU, 0x00, -8031 << 2}, {g711.PCMU, 0x7E, -2 << 2},
		{g711.PCMA, 0xD5, 1 << 3}, {g711.PCMA, 0x55, -1 << 3}, {g711.PCMA, 0xC5, 33 << 3},
		{g711.PCMA, 0xF5, 66 << 3}, {g711.PCMA, 0x85, 528 << 3}, {g711.PCMA, 0xAA, 4032 << 3},
		{g711.PCMA, 0x2A, -4032 << 3},
	}
	for _, c := range cases {
		if got := c.codec.Decode(nil, []byte{c.code})[0]; got != c.sample {
			t.Errorf("%s %#02x decodes to %d, want %d", c.codec.Name(), c.code, got, c.sample)
		}
		var b [1]byte
		if c.codec.Encode(b[:], []int16{c.sample}); b[0] != c.code {
			t.Errorf("%s %d encodes to %#02x, want %#02x", c.codec.Name(), c.sample, b[0], c.code)
		}
	}
}

func TestEveryByteSurvives(t *testing.T) {
	for _, codec := range []g711.Codec{g711.PCMU, g711.PCMA} {
		for code := range 256 {
			var b [1]byte
			codec.Encode(b[:], codec.Decode(nil, []byte{byte(code)}))
			negativeZero := codec == g711.PCMU && code == 0x7F && b[0] == 0xFF
			if b[0] != byte(code) && !negativeZero {
				t.Errorf("%s %#02x came back as %#02x", codec.Name(), code, b[0])
			}
		}
	}
}

// G.711 keeps about 38 dB of signal to quantising noise: no sample may move by
// more than its step's half.
func TestEverySampleComesNear(t *testing.T) {
	for _, codec := range []g711.Codec{g711.PCMU, g711.PCMA} {
		for s := math.MinInt16; s <= math.MaxInt16; s++ {
			var b [1]byte
			codec.Encode(b[:], []int16{int16(s)})
			got := int(codec.Decode(nil, b[:])[0])
			allowed := 16 + int(math.Abs(float64(s)))/32
			if s < -32600 || s > 32600 {
				allowed = 700 // beyond the clipping level
			}
			if d := got - s; d > allowed || d < -allowed {
				t.Fatalf("%s %d came back as %d, more than %d away", codec.Name(), s, got, allowed)
			}
		}
	}
}
