package wav

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Read reads a complete file. What is not 16-bit PCM, or is shorter than its
// header says, is refused with an error that wraps [ErrFormat]. Chunks other
// than "fmt " and "data" are skipped.
func Read(r io.Reader) (Sound, error) {
	file, err := io.ReadAll(r)
	if err != nil {
		return Sound{}, err
	}
	return Decode(file)
}

// Decode is [Read] of a file that is in memory.
func Decode(file []byte) (Sound, error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return Sound{}, fmt.Errorf("%w: it does not begin with RIFF and WAVE", ErrFormat)
	}
	var s Sound
	for rest := file[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		if size > len(rest) {
			return Sound{}, fmt.Errorf("%w: chunk %q says %d bytes, the file has %d more",
				ErrFormat, id, size, len(rest))
		}
		var err error
		switch id {
		case "fmt ":
			err = s.format(rest[:size])
		case "data":
			err = s.data(rest[:size])
			return s, err
		}
		if err != nil {
			return Sound{}, err
		}
		rest = rest[min(size+size%2, len(rest)):] // chunks are padded to even lengths
	}
	return Sound{}, fmt.Errorf("%w: it has no data chunk", ErrFormat)
}

// format takes the "fmt " chunk.
func (s *Sound) format(chunk []byte) error {
	if len(chunk) < formatChunk {
		return fmt.Errorf("%w: its fmt chunk has %d bytes, want %d", ErrFormat, len(chunk), formatChunk)
	}
	code := binary.LittleEndian.Uint16(chunk)
	s.Channels = int(binary.LittleEndian.Uint16(chunk[2:]))
	s.Rate = int(binary.LittleEndian.Uint32(chunk[4:]))
	bits := binary.LittleEndian.Uint16(chunk[14:])
	if code != formatPCM || bits != 8*bytesPerSample || s.Channels == 0 || s.Rate == 0 {
		return fmt.Errorf("%w: format %d, %d bits, %d channels, %d samples a second",
			ErrFormat, code, bits, s.Channels, s.Rate)
	}
	return nil
}

// data takes the "data" chunk, which must follow "fmt ".
func (s *Sound) data(chunk []byte) error {
	if s.Channels == 0 {
		return fmt.Errorf("%w: its data chunk comes before its fmt chunk", ErrFormat)
	}
	if len(chunk)%(bytesPerSample*s.Channels) != 0 {
		return fmt.Errorf("%w: %d bytes are not whole frames of %d channels", ErrFormat, len(chunk), s.Channels)
	}
	s.Samples = make([]int16, len(chunk)/bytesPerSample)
	for i := range s.Samples {
		s.Samples[i] = int16(binary.LittleEndian.Uint16(chunk[i*bytesPerSample:]))
	}
	return nil
}
