package recording

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
)

// chunkFrames is how many frames are in memory at once.
const chunkFrames = 16 << 10

// track is one file being read, at its place in the recording.
type track struct {
	name   string
	audio  io.ReaderAt
	header Header
	offset int64 // frame of the recording at which it begins
}

// end is the first frame after the track; 0 of a track of no length, which
// lengthens no recording.
func (t *track) end() int64 {
	if t.header.Frames == 0 {
		return 0
	}
	return t.offset + t.header.Frames
}

// fill reads the samples of the frames from at on into p, silence where the
// track has none.
func (t *track) fill(p []byte, at int64) error {
	clear(p)
	n := int64(len(p) / sampleBytes)
	from, to := max(at, t.offset), min(at+n, t.end())
	if from >= to {
		return nil
	}
	p = p[(from-at)*sampleBytes : (to-at)*sampleBytes]
	if got, err := t.audio.ReadAt(p, t.header.DataOffset+(from-t.offset)*sampleBytes); got < len(p) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // it was longer when it was opened
		}
		return fmt.Errorf("reading the %s track: %w", t.name, err)
	}
	return nil
}

// interleave writes the frames of both tracks and measures them.
func interleave(ctx context.Context, out *output, pair []*track, total int64, m *meters) error {
	samples := make([]byte, chunkFrames*sampleBytes)
	both := make([]byte, chunkFrames*sampleBytes*len(pair))
	for at := int64(0); at < total; at += chunkFrames {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		n := min(chunkFrames, total-at)
		for channel, t := range pair {
			if err := t.fill(samples[:n*sampleBytes], at); err != nil {
				return err
			}
			for i := range n {
				copy(both[(i*int64(len(pair))+int64(channel))*sampleBytes:], samples[i*sampleBytes:(i+1)*sampleBytes])
			}
		}
		block := both[:n*sampleBytes*int64(len(pair))]
		m.add(block, at)
		if err := out.write(block); err != nil {
			return err
		}
	}
	return nil
}

// meters measure every channel, throughout and during the talk.
type meters struct {
	from, to    int64 // frames of the talk
	whole, talk []meter
}

func newMeters(i *Info, channels int) *meters {
	return &meters{i.TalkFrom, i.TalkTo, make([]meter, channels), make([]meter, channels)}
}

// add takes the interleaved samples of the frames from at on.
func (m *meters) add(block []byte, at int64) {
	channels := len(m.whole)
	for i := 0; i < len(block); i += sampleBytes * channels {
		talking := at >= m.from && at < m.to
		for c := range channels {
			sample := int16(binary.LittleEndian.Uint16(block[i+c*sampleBytes:]))
			m.whole[c].add(sample)
			if talking {
				m.talk[c].add(sample)
			}
		}
		at++
	}
}

// settle writes the levels down.
func (m *meters) settle(i *Info) {
	for c := range m.whole {
		t := &i.Tracks[c]
		t.Whole, t.Talk = m.whole[c].level(), m.talk[c].level()
		if m.from == m.to {
			t.Talk = t.Whole
		}
	}
}

// output counts and hashes what is written.
type output struct {
	w    io.Writer
	sum  hash.Hash
	size int64
}

func (o *output) write(p []byte) error {
	n, err := o.w.Write(p)
	o.sum.Write(p[:n])
	o.size += int64(n)
	if err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return nil
}
