package asterisk

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

// Fetch copies a finished recording, see telephony.Recordings.
func (s *Switch) Fetch(ctx context.Context, name string, w io.Writer) (int64, error) {
	// The file is there from the first sample on, and grows.
	_, err := s.client.LiveRecording(ctx, name)
	switch {
	case err == nil:
		return 0, fmt.Errorf("%w: %s is %w", telephony.ErrNoRecording, name, telephony.ErrBeingWritten)
	case !ari.IsNotFound(err):
		return 0, err
	}
	n, err := s.client.RecordingFile(ctx, name, w)
	if ari.IsNotFound(err) {
		return 0, fmt.Errorf("%w: %s", telephony.ErrNoRecording, name)
	}
	return n, err
}

// Remove deletes a recording at the switch.
func (s *Switch) Remove(ctx context.Context, name string) error {
	if err := s.client.DeleteRecording(ctx, name); !ari.IsNotFound(err) {
		return err
	}
	return nil
}

// Recorded names the recordings of calls, see telephony.Recordings.
func (s *Switch) Recorded(ctx context.Context) ([]string, error) {
	all, err := s.client.StoredRecordings(ctx)
	var names []string
	for _, r := range all {
		if callOf(r.Name) != "" {
			names = append(names, r.Name)
		}
	}
	return names, err
}

// What Asterisk writes as "wav": a header, then 16-bit samples at 8 kHz.
const (
	wavHeader         = 44
	wavBytesPerSecond = 16000
	lengthLimit       = 30 * time.Second // for reading a recording through
)

// length is how long a finished recording is. whole is false when Asterisk
// crashed over it: then its header tells no length, and up to 2 s at its end,
// which waited to be written, are lost.
func (s *Switch) length(ctx context.Context, name string) (length time.Duration, whole bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lengthLimit)
	defer cancel()
	var header beginning
	n, err := s.Fetch(ctx, name, &header)
	if err != nil {
		return 0, false, err
	}
	return time.Duration(max(n-wavHeader, 0)) * time.Second / wavBytesPerSecond, header.dataSize() != 0, nil
}

// beginning keeps the header of a file that is written to it.
type beginning struct {
	bytes [wavHeader]byte
	n     int
}

// Write implements io.Writer.
func (b *beginning) Write(p []byte) (int, error) {
	b.n += copy(b.bytes[b.n:], p)
	return len(p), nil
}

// dataSize is the length of the samples in bytes as the header tells it; 0 if it does not.
func (b *beginning) dataSize() uint32 {
	if b.n < wavHeader {
		return 0
	}
	return binary.LittleEndian.Uint32(b.bytes[wavHeader-4:])
}
