package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrNotWAV means that a file is not a WAV file of one or two channels of
// 16-bit PCM.
var ErrNotWAV = errors.New("not a WAV file of 16-bit samples")

// Header is what the header of a WAV file says, where need be corrected by what
// is there.
type Header struct {
	Channels   int   // 1 or 2
	Rate       int   // frames a second, 8,000 to 48,000
	DataOffset int64 // bytes before the first sample
	Frames     int64 // a frame holds one sample of each channel
	// Repaired means that the header was never finished, or promised more than
	// is there: whoever wrote the file was interrupted.
	Repaired bool
}

const (
	sampleBytes = 2
	minRate     = 8000
	maxRate     = 48000
	// maxChunks bounds the search for the samples in a file made to waste time.
	maxChunks = 64

	formatPCM        = 1
	formatExtensible = 0xFFFE // the true format stands in its extension
)

// Parse reads the header of a WAV file of size bytes (RIFF, Multimedia
// Programming Interface and Data Specifications 1.0, 1991). It reads no samples.
func Parse(r io.ReaderAt, size int64) (Header, error) {
	var riff [12]byte
	if err := readAt(r, riff[:], 0, size); err != nil {
		return Header{}, err
	}
	if string(riff[:4]) != "RIFF" || string(riff[8:]) != "WAVE" {
		return Header{}, fmt.Errorf("%w: it does not begin with RIFF and WAVE", ErrNotWAV)
	}
	riffEnd := 8 + int64(binary.LittleEndian.Uint32(riff[4:]))
	var h Header
	offset := int64(len(riff))
	for range maxChunks {
		var head [8]byte
		if err := readAt(r, head[:], offset, size); err != nil {
			return Header{}, err
		}
		offset += int64(len(head))
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "fmt ":
			if err := h.format(r, offset, length, size); err != nil {
				return Header{}, err
			}
		case "data":
			return h.data(offset, length, riffEnd, size)
		}
		offset += length + length%2
	}
	return Header{}, fmt.Errorf("%w: no samples within its first %d chunks", ErrNotWAV, maxChunks)
}

// readAt fills p from what the file is known to hold.
func readAt(r io.ReaderAt, p []byte, offset, size int64) error {
	if offset+int64(len(p)) > size {
		return fmt.Errorf("%w: it ends too early, after %d bytes", ErrNotWAV, size)
	}
	if n, err := r.ReadAt(p, offset); n < len(p) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("reading the WAV file: %w", err)
	}
	return nil
}

// format reads the chunk that describes the samples.
func (h *Header) format(r io.ReaderAt, offset, length, size int64) error {
	var f [26]byte
	known := f[:min(length, int64(len(f)))]
	if len(known) < 16 {
		return fmt.Errorf("%w: its format chunk has %d bytes, 16 are the least", ErrNotWAV, length)
	}
	if err := readAt(r, known, offset, size); err != nil {
		return err
	}
	format := binary.LittleEndian.Uint16(f[0:])
	if format == formatExtensible {
		format = binary.LittleEndian.Uint16(f[24:])
	}
	channels, rate := int(binary.LittleEndian.Uint16(f[2:])), binary.LittleEndian.Uint32(f[4:])
	align, bits := int(binary.LittleEndian.Uint16(f[12:])), binary.LittleEndian.Uint16(f[14:])
	switch {
	case format != formatPCM || bits != 8*sampleBytes:
		return fmt.Errorf("%w: format %d with %d bits; 1 (PCM) with 16 is understood", ErrNotWAV, format, bits)
	case channels < 1 || channels > 2 || align != channels*sampleBytes:
		return fmt.Errorf("%w: %d channels in %d bytes; 1 in 2 and 2 in 4 are understood", ErrNotWAV, channels, align)
	case rate < minRate || rate > maxRate:
		return fmt.Errorf("%w: %d samples a second; %d to %d are understood", ErrNotWAV, rate, minRate, maxRate)
	}
	h.Channels, h.Rate = channels, int(rate)
	return nil
}

// data settles how many frames there are. offset is that of the first sample.
func (h Header) data(offset, length, riffEnd, size int64) (Header, error) {
	if h.Channels == 0 {
		return Header{}, fmt.Errorf("%w: its samples come before their format", ErrNotWAV)
	}
	there := size - offset
	// A length of 0 is true only if the file claims to reach this far at all.
	if length > there || (length == 0 && riffEnd < offset && there > 0) {
		length, h.Repaired = there, true
	}
	h.DataOffset, h.Frames = offset, length/int64(h.Channels*sampleBytes)
	return h, nil
}
