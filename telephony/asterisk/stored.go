package asterisk

import (
	"context"
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
		return 0, fmt.Errorf("%w: %s is still being written", telephony.ErrNoRecording, name)
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

// What Asterisk writes as "wav": a header, then 16-bit samples at 8 kHz.
const (
	wavHeader         = 44
	wavBytesPerSecond = 16000
	lengthLimit       = 30 * time.Second // for reading a recording through
)

// length is how long a finished recording is. The file's size tells it; after a
// crash of Asterisk its header does not.
func (s *Switch) length(ctx context.Context, name string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, lengthLimit)
	defer cancel()
	n, err := s.Fetch(ctx, name, io.Discard)
	if err != nil {
		return 0, err
	}
	return time.Duration(max(n-wavHeader, 0)) * time.Second / wavBytesPerSecond, nil
}
