package recording_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"sambung/storage/recording"
)

const rate = 8000

var began = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// tone is a sine of hz, a quarter of full scale, so many samples long.
func tone(hz float64, n int) []int16 {
	samples := make([]int16, n)
	for i := range samples {
		samples[i] = int16(8192 * math.Sin(2*math.Pi*hz*float64(i)/rate))
	}
	return samples
}

// power is the amplitude of one frequency in the samples (a discrete Fourier
// transform at one point, over a Hann window).
func power(samples []int16, hz float64) float64 {
	var re, im float64
	for i, s := range samples {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(samples)))
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / rate)
		re += w * float64(s) * cos
		im += w * float64(s) * sin
	}
	return 4 * math.Hypot(re, im) / float64(len(samples))
}

// file is a WAV file as Asterisk writes it.
func file(samples []int16) []byte {
	data := uint32(2 * len(samples))
	b := header(36+data, data)
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// header is the 44 bytes before the samples, of one channel at 8 kHz.
func header(riff, data uint32) []byte {
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), riff)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	b = binary.LittleEndian.AppendUint32(b, rate)
	b = binary.LittleEndian.AppendUint32(b, 2*rate)
	b = append(b, "\x02\x00\x10\x00data"...)
	return binary.LittleEndian.AppendUint32(b, data)
}

func source(samples []int16, late time.Duration) recording.Source {
	b := file(samples)
	return recording.Source{Audio: bytes.NewReader(b), Size: int64(len(b)), Started: began.Add(late)}
}

// compose returns the file and both its channels.
func compose(t *testing.T, agent, taxpayer recording.Source, talk recording.Span) (b []byte, left, right []int16, info recording.Info) {
	t.Helper()
	var out bytes.Buffer
	info, err := recording.Compose(context.Background(), &out, agent, taxpayer, talk)
	if err != nil {
		t.Fatalf("Compose: %v", err)
	}
	b = out.Bytes()
	left, right = channels(t, b)
	return b, left, right, info
}

// channels takes a two-channel file apart without the code under test.
func channels(t *testing.T, b []byte) (left, right []int16) {
	t.Helper()
	data := chunks(t, b)["data"]
	for i := 0; i+4 <= len(data); i += 4 {
		left = append(left, int16(binary.LittleEndian.Uint16(data[i:])))
		right = append(right, int16(binary.LittleEndian.Uint16(data[i+2:])))
	}
	return left, right
}

// chunks takes a RIFF file apart and checks that its sizes are right.
func chunks(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		t.Fatalf("not a WAV file: %q", b[:min(len(b), 12)])
	}
	if size := binary.LittleEndian.Uint32(b[4:]); int(size) != len(b)-8 {
		t.Errorf("RIFF says %d bytes follow, %d do", size, len(b)-8)
	}
	found := make(map[string][]byte)
	for rest := b[12:]; len(rest) > 0; {
		if len(rest) < 8 {
			t.Fatalf("%d bytes are left over at the end", len(rest))
		}
		n := int(binary.LittleEndian.Uint32(rest[4:]))
		if n > len(rest)-8 {
			t.Fatalf("chunk %q says it has %d bytes, %d are there", rest[:4], n, len(rest)-8)
		}
		found[string(rest[:4])] = rest[8 : 8+n]
		rest = rest[8+n+n%2:]
	}
	return found
}
