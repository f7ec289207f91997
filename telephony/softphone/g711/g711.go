// Package g711 is the telephone codec of ITU-T G.711: 8,000 samples a second,
// one byte each, in the two laws that every SIP telephone speaks. A [Codec] is
// named by its RTP payload type (RFC 3551, table 4).
//
// Samples are 16-bit linear. G.711 itself works on 14 bits (µ-law) and 13 bits
// (A-law), so decoded values are the ones of the recommendation shifted left by
// 2 and by 3. Encoding a decoded byte gives the byte back, except for µ-law's
// negative zero (0x7F), which becomes positive zero (0xFF).
package g711

import "math/bits"

// Codec is one of the two laws. Its value is the static RTP payload type.
type Codec uint8

const (
	PCMU Codec = 0 // µ-law
	PCMA Codec = 8 // A-law
)

// Name is the codec's encoding name in SDP (RFC 3551, section 4.5.14).
func (c Codec) Name() string {
	if c == PCMA {
		return "PCMA"
	}
	return "PCMU"
}

// Encode turns samples into bytes. dst must be at least as long as src.
func (c Codec) Encode(dst []byte, src []int16) {
	for i, s := range src {
		if c == PCMA {
			dst[i] = encodeA(s)
		} else {
			dst[i] = encodeMu(s)
		}
	}
}

// Decode appends the samples of src to dst.
func (c Codec) Decode(dst []int16, src []byte) []int16 {
	for _, b := range src {
		if c == PCMA {
			dst = append(dst, decodeA(b))
		} else {
			dst = append(dst, decodeMu(b))
		}
	}
	return dst
}

const (
	muBias = 33 << 2            // makes the segments' ends powers of two
	muClip = 1<<15 - 1 - muBias // the largest magnitude that the bias does not overflow
)

func encodeMu(s int16) byte {
	sign, x := byte(0), int(s)
	if x < 0 {
		sign, x = 0x80, -x
	}
	x = min(x, muClip) + muBias
	segment := bits.Len(uint(x>>7)) - 1
	step := x >> (segment + 3) & 0x0F
	return ^(sign | byte(segment<<4|step))
}

func decodeMu(b byte) int16 {
	b = ^b
	x := (int(b&0x0F)<<3+muBias)<<(b>>4&7) - muBias
	if b&0x80 != 0 {
		x = -x
	}
	return int16(x)
}

// aMask inverts every other bit of the A-law byte, as the recommendation
// prescribes for the line.
const aMask = 0x55

func encodeA(s int16) byte {
	sign, x := byte(0x80), int(s)>>3
	if x < 0 {
		sign, x = 0, -x-1
	}
	segment := bits.Len(uint(x >> 5))
	step := x >> max(segment, 1) & 0x0F
	return (sign | byte(segment<<4|step)) ^ aMask
}

func decodeA(b byte) int16 {
	b ^= aMask
	x := int(b&0x0F)<<4 + 8
	if segment := b >> 4 & 7; segment > 0 {
		x = (x + 0x100) << (segment - 1)
	}
	if b&0x80 == 0 {
		x = -x
	}
	return int16(x)
}
