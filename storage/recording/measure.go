package recording

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Measure measures an existing file of size bytes, of one channel or two. talk
// is the conversation within it. A header that had to be repaired is said of
// every track.
func Measure(ctx context.Context, r io.ReaderAt, size int64, talk Span) (Info, error) {
	h, err := Parse(r, size)
	if err != nil {
		return Info{}, err
	}
	info := Info{Rate: h.Rate, Frames: h.Frames, Size: size}
	if err := info.setTalk(talk); err != nil {
		return Info{}, err
	}
	for range h.Channels {
		info.Tracks = append(info.Tracks, Track{Frames: h.Frames, Repaired: h.Repaired})
	}
	m := newMeters(&info, h.Channels)
	frame := int64(h.Channels * sampleBytes)
	block := make([]byte, chunkFrames*frame)
	for at := int64(0); at < h.Frames; at += chunkFrames {
		if ctx.Err() != nil {
			return Info{}, context.Cause(ctx)
		}
		block := block[:min(chunkFrames, h.Frames-at)*frame]
		if err := readAt(r, block, h.DataOffset+at*frame, size); err != nil {
			return Info{}, err
		}
		m.add(block, at)
	}
	m.settle(&info)
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, size)); err != nil {
		return Info{}, fmt.Errorf("reading the recording: %w", err)
	}
	info.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return info, nil
}
