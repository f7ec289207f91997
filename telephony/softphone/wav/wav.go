// Package wav reads and writes the one kind of sound file that telephony needs:
// RIFF/WAVE with 16-bit linear PCM. Telephone sound is 8,000 samples a second,
// one channel; recordings of both sides have two.
package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrFormat is wrapped by every error about a file's contents.
var ErrFormat = errors.New("not a WAV file of 16-bit PCM")

// Sound is a decoded file.
type Sound struct {
	Rate     int     // samples a second and channel
	Channels int     // 1 or more
	Samples  []int16 // interleaved: one sample of each channel in turn
}

// Mono is a sound of one channel at 8,000 samples a second.
func Mono(samples []int16) Sound { return Sound{Rate: 8000, Channels: 1, Samples: samples} }

// Channel is a copy of the samples of one channel, counted from 0 (the left
// one). It is nil if there is no such channel.
func (s Sound) Channel(i int) []int16 {
	if i < 0 || i >= s.Channels {
		return nil
	}
	samples := make([]int16, 0, len(s.Samples)/s.Channels)
	for ; i < len(s.Samples); i += s.Channels {
		samples = append(samples, s.Samples[i])
	}
	return samples
}

// The RIFF header of a file of one "fmt " and one "data" chunk, after the 12
// bytes RIFF, size, WAVE.
const (
	formatPCM      = 1
	formatChunk    = 16
	headerLength   = 12 + 8 + formatChunk + 8
	bytesPerSample = 2
)

// Write writes the sound as a complete file.
func Write(w io.Writer, s Sound) error {
	if s.Rate <= 0 || s.Channels <= 0 || len(s.Samples)%s.Channels != 0 {
		return fmt.Errorf("write WAV: %d samples a second, %d channels, %d samples: "+
			"want positive numbers and whole frames", s.Rate, s.Channels, len(s.Samples))
	}
	size := len(s.Samples) * bytesPerSample
	file := make([]byte, 0, headerLength+size)
	file = append(file, "RIFF"...)
	file = binary.LittleEndian.AppendUint32(file, uint32(headerLength-8+size))
	file = append(file, "WAVEfmt "...)
	file = binary.LittleEndian.AppendUint32(file, formatChunk)
	file = binary.LittleEndian.AppendUint16(file, formatPCM)
	file = binary.LittleEndian.AppendUint16(file, uint16(s.Channels))
	file = binary.LittleEndian.AppendUint32(file, uint32(s.Rate))
	file = binary.LittleEndian.AppendUint32(file, uint32(s.Rate*s.Channels*bytesPerSample))
	file = binary.LittleEndian.AppendUint16(file, uint16(s.Channels*bytesPerSample))
	file = binary.LittleEndian.AppendUint16(file, 8*bytesPerSample)
	file = append(file, "data"...)
	file = binary.LittleEndian.AppendUint32(file, uint32(size))
	for _, sample := range s.Samples {
		file = binary.LittleEndian.AppendUint16(file, uint16(sample))
	}
	_, err := w.Write(file)
	return err
}
