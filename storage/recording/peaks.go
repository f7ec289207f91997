package recording

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// Drawing is the shape of a recording: of every track the loudest sample of each
// of equal stretches, 0 to 1.
type Drawing struct {
	Duration time.Duration
	Tracks   [][]float32 // by channel
}

// Peaks draws a WAV file of size bytes in at most so many points; a file of fewer
// frames has one for each. Errors: ErrNotWAV, and the reader's.
func Peaks(ctx context.Context, r io.ReaderAt, size int64, points int) (Drawing, error) {
	h, err := Parse(r, size)
	if err != nil {
		return Drawing{}, err
	}
	if points < 1 {
		return Drawing{}, fmt.Errorf("a drawing of %d points: 1 is the least", points)
	}
	n := min(int64(points), h.Frames)
	d := Drawing{Duration: Info{Rate: h.Rate}.span(h.Frames), Tracks: make([][]float32, h.Channels)}
	for c := range d.Tracks {
		d.Tracks[c] = make([]float32, n)
	}
	frame := int64(h.Channels * sampleBytes)
	block := make([]byte, chunkFrames*frame)
	for at := int64(0); at < h.Frames; at += chunkFrames {
		if ctx.Err() != nil {
			return Drawing{}, context.Cause(ctx)
		}
		part := block[:min(chunkFrames, h.Frames-at)*frame]
		if err := readAt(r, part, h.DataOffset+at*frame, size); err != nil {
			return Drawing{}, err
		}
		for i := int64(0); i < int64(len(part)); i += frame {
			point := (at + i/frame) * n / h.Frames
			for c := range d.Tracks {
				s := float32(int16(binary.LittleEndian.Uint16(part[i+int64(c)*sampleBytes:]))) / 32768
				d.Tracks[c][point] = max(d.Tracks[c][point], s, -s)
			}
		}
	}
	return d, nil
}
