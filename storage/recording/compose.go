package recording

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// MaxDuration is the longest recording that is composed. What seems longer has
// a wrong start time.
const MaxDuration = 24 * time.Hour

// maxFrames is what the 32 bits of a WAV header hold, 37 h at 8 kHz.
const maxFrames = (1<<32 - 1<<10) / (2 * sampleBytes)

// ErrTooLong means that a recording would be longer than MaxDuration, or than a
// WAV file can be.
var ErrTooLong = errors.New("the recording would be too long")

// Source is the file of one track. The zero Source is a track of no length.
type Source struct {
	Audio io.ReaderAt // WAV, one channel
	Size  int64       // bytes of Audio
	// Started is when its first sample was written. If it is zero for either
	// track, both are taken to begin together.
	Started time.Time
}

// defaultRate is that of a recording of two tracks of no length, 8 kHz as on
// the telephone.
const defaultRate = 8000

// Compose writes the two-channel recording of two tracks to w: the agent left,
// the taxpayer right, each beginning where it began in time. talk is the
// conversation within the recording, which begins with the earlier track.
// ErrNotWAV tells a track that is not one-channel 16-bit WAV, or two of
// different rates.
func Compose(ctx context.Context, w io.Writer, agent, taxpayer Source, talk Span) (Info, error) {
	pair, rate, err := openPair(agent, taxpayer)
	if err != nil {
		return Info{}, err
	}
	align(pair, agent.Started, taxpayer.Started, rate)
	info := Info{Rate: rate, Frames: max(pair[Agent].end(), pair[Taxpayer].end())}
	if info.Frames > min(frames(MaxDuration, rate), maxFrames) {
		return Info{}, fmt.Errorf("%w: %s; the tracks began at %s and %s", ErrTooLong, info.Duration(), agent.Started, taxpayer.Started)
	}
	if err := info.setTalk(talk); err != nil {
		return Info{}, err
	}
	out := &output{w: w, sum: sha256.New()}
	meters := newMeters(&info, len(pair))
	head, tail := frame(&info)
	if err = out.write(head); err == nil {
		err = interleave(ctx, out, pair, info.Frames, meters)
	}
	if err == nil {
		err = out.write(tail)
	}
	if err != nil {
		return Info{}, err
	}
	for _, t := range pair {
		info.Tracks = append(info.Tracks, Track{Offset: t.offset, Frames: t.header.Frames, Repaired: t.header.Repaired})
	}
	meters.settle(&info)
	info.Size, info.SHA256 = out.size, hex.EncodeToString(out.sum.Sum(nil))
	return info, nil
}

// openPair reads the headers of both tracks.
func openPair(agent, taxpayer Source) (pair []*track, rate int, err error) {
	for i, s := range []Source{agent, taxpayer} {
		t := &track{name: name(i, 2), audio: s.Audio}
		if s.Audio != nil {
			if t.header, err = Parse(s.Audio, s.Size); err != nil {
				return nil, 0, fmt.Errorf("%s track: %w", t.name, err)
			}
			if t.header.Channels != 1 {
				return nil, 0, fmt.Errorf("%s track: %w: it has two channels", t.name, ErrNotWAV)
			}
			if rate != 0 && rate != t.header.Rate {
				return nil, 0, fmt.Errorf("%w: %d samples a second, the other track has %d", ErrNotWAV, t.header.Rate, rate)
			}
			rate = t.header.Rate
		}
		pair = append(pair, t)
	}
	if rate == 0 {
		rate = defaultRate
	}
	return pair, rate, nil
}

// align shifts the track that began later.
func align(pair []*track, agent, taxpayer time.Time, rate int) {
	if agent.IsZero() || taxpayer.IsZero() {
		return
	}
	if late := taxpayer.Sub(agent); late >= 0 {
		pair[Taxpayer].offset = frames(late, rate)
	} else {
		pair[Agent].offset = frames(-late, rate)
	}
}

// frame is what stands before and after the samples in the file.
func frame(i *Info) (head, tail []byte) {
	const channels = 2
	data := uint32(i.Frames * channels * sampleBytes) // see maxFrames
	var marks bytes.Buffer
	if i.TalkTo > i.TalkFrom {
		writeMarks(&marks, []mark{{1, uint32(i.TalkFrom), labelAnswer}, {2, uint32(i.TalkTo), labelEnd}})
	}
	var b bytes.Buffer
	b.WriteString("RIFF")
	put32(&b, 4+8+16+8+data+uint32(marks.Len()))
	b.WriteString("WAVEfmt ")
	put32(&b, 16)
	put16(&b, formatPCM)
	put16(&b, channels)
	put32(&b, uint32(i.Rate))
	put32(&b, uint32(i.Rate*channels*sampleBytes))
	put16(&b, channels*sampleBytes)
	put16(&b, 8*sampleBytes)
	b.WriteString("data")
	put32(&b, data)
	return b.Bytes(), marks.Bytes()
}

func put16(b *bytes.Buffer, v uint16) { b.Write(binary.LittleEndian.AppendUint16(nil, v)) }
func put32(b *bytes.Buffer, v uint32) { b.Write(binary.LittleEndian.AppendUint32(nil, v)) }
