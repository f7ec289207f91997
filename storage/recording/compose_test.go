package recording_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/storage/recording"
)

func TestComposeKeepsTheChannelsApart(t *testing.T) {
	_, left, right, info := compose(t, source(tone(440, 4*rate), 0), source(tone(880, 4*rate), 0), recording.Span{})
	for name, c := range map[string]struct {
		samples          []int16
		wanted, unwanted float64
	}{"left": {left, 440, 880}, "right": {right, 880, 440}} {
		if got := power(c.samples, c.wanted); math.Abs(got-8192) > 10 {
			t.Errorf("%s: %g Hz has an amplitude of %.1f, want 8192", name, c.wanted, got)
		}
		if got := power(c.samples, c.unwanted); got > 1 {
			t.Errorf("%s: %g Hz has an amplitude of %.1f, want none", name, c.unwanted, got)
		}
	}
	if info.Duration() != 4*time.Second || info.Frames != 4*rate || info.Rate != rate {
		t.Errorf("info %+v", info)
	}
}

func TestComposeAligns(t *testing.T) {
	agent, taxpayer := tone(440, 1000), tone(880, 700)
	zero := func(n int) []int16 { return make([]int16, n) }
	for _, c := range []struct {
		name                      string
		agentLate, taxpayerLate   time.Duration
		left, right               []int16
		agentOffset, taxpayerLead int64
	}{
		{"together", 0, 0, agent, slices.Concat(taxpayer, zero(300)), 0, 0},
		{"taxpayer late", 0, time.Second, slices.Concat(agent, zero(7700)), slices.Concat(zero(8000), taxpayer), 0, 8000},
		{"agent late", 20 * time.Millisecond, 0, slices.Concat(zero(160), agent), slices.Concat(taxpayer, zero(460)), 160, 0},
		{"one sample", 0, 125 * time.Microsecond, agent, slices.Concat(zero(1), taxpayer, zero(299)), 0, 1},
		{"rounded up", 0, 63 * time.Microsecond, agent, slices.Concat(zero(1), taxpayer, zero(299)), 0, 1},
		{"rounded down", 0, 62 * time.Microsecond, agent, slices.Concat(taxpayer, zero(300)), 0, 0},
		{"both later", 3 * time.Hour, 3*time.Hour + time.Millisecond, agent, slices.Concat(zero(8), taxpayer, zero(292)), 0, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, left, right, info := compose(t, source(agent, c.agentLate), source(taxpayer, c.taxpayerLate), recording.Span{})
			if !slices.Equal(left, c.left) || !slices.Equal(right, c.right) {
				t.Errorf("left %d frames, right %d, not what was expected", len(left), len(right))
			}
			if a, x := info.Tracks[recording.Agent], info.Tracks[recording.Taxpayer]; a.Offset != c.agentOffset || a.Frames != 1000 || x.Offset != c.taxpayerLead || x.Frames != 700 {
				t.Errorf("tracks %+v, %+v", a, x)
			}
		})
	}
}

// Frames at the borders of the buffers, and a late start within one.
func TestComposeLong(t *testing.T) {
	agent, taxpayer := tone(440, 100003), tone(880, 90001)
	_, left, right, _ := compose(t, source(agent, 0), source(taxpayer, 4*time.Second+125*time.Microsecond), recording.Span{})
	if want := slices.Concat(agent, make([]int16, len(left)-len(agent))); !slices.Equal(left, want) {
		t.Error("the left channel is not the agent's track")
	}
	if want := slices.Concat(make([]int16, 32001), taxpayer); !slices.Equal(right, want) {
		t.Error("the right channel is not the taxpayer's track, 32,001 frames later")
	}
}

func TestComposeIsRepeatable(t *testing.T) {
	talk := recording.Span{From: 100 * time.Millisecond, To: time.Second}
	one, _, _, info := compose(t, source(tone(440, rate), 0), source(tone(880, rate), 0), talk)
	two, _, _, again := compose(t, source(tone(440, rate), time.Hour), source(tone(880, rate), time.Hour), talk)
	if !bytes.Equal(one, two) || info.SHA256 != again.SHA256 {
		t.Error("the same tracks gave different bytes")
	}
	sum := sha256.Sum256(one)
	if info.SHA256 != hex.EncodeToString(sum[:]) || info.Size != int64(len(one)) {
		t.Errorf("info says %d bytes with SHA-256 %s of %d with %x", info.Size, info.SHA256, len(one), sum)
	}
}

func TestComposeMarksTheTalk(t *testing.T) {
	b, _, _, info := compose(t, source(tone(440, 3*rate), 0), source(tone(880, 3*rate), 0),
		recording.Span{From: 500 * time.Millisecond, To: 2*time.Second + 125*time.Microsecond})
	found := chunks(t, b)
	cue, list := found["cue "], found["LIST"]
	if len(cue) != 4+2*24 || binary.LittleEndian.Uint32(cue) != 2 {
		t.Fatalf("cue chunk %x", cue)
	}
	for i, want := range []uint32{4000, 16001} {
		point := cue[4+24*i:]
		id, position, sample := binary.LittleEndian.Uint32(point), binary.LittleEndian.Uint32(point[4:]), binary.LittleEndian.Uint32(point[20:])
		if id != uint32(i+1) || position != want || sample != want || string(point[8:12]) != "data" {
			t.Errorf("cue point %x, want id %d at %d", point[:24], i+1, want)
		}
	}
	const labels = "adtl" +
		"labl\x0c\x00\x00\x00\x01\x00\x00\x00dijawab\x00" +
		"labl\x0d\x00\x00\x00\x02\x00\x00\x00berakhir\x00\x00"
	if string(list) != labels {
		t.Errorf("labels %q, want %q", list, labels)
	}
	if info.TalkFrom != 4000 || info.TalkTo != 16001 {
		t.Errorf("talk from %d to %d", info.TalkFrom, info.TalkTo)
	}
	b, _, _, _ = compose(t, source(tone(440, rate), 0), source(tone(880, rate), 0), recording.Span{})
	if found := chunks(t, b); len(found) != 2 {
		t.Errorf("without a talk there are %d chunks, want format and data", len(found))
	}
}

func TestComposeWithATrackMissing(t *testing.T) {
	agent := tone(440, 1000)
	_, left, right, info := compose(t, source(agent, 0), recording.Source{}, recording.Span{})
	if !slices.Equal(left, agent) || !slices.Equal(right, make([]int16, 1000)) {
		t.Error("the agent alone: the channels are wrong")
	}
	if info.Tracks[recording.Taxpayer].Frames != 0 || !info.Tracks[recording.Taxpayer].Whole.Silent() {
		t.Errorf("the missing track: %+v", info.Tracks[recording.Taxpayer])
	}
	_, left, _, info = compose(t, recording.Source{}, source(nil, time.Hour), recording.Span{})
	if len(left) != 0 || info.Frames != 0 || info.Duration() != 0 {
		t.Errorf("nothing at all gives %+v", info)
	}
}

func TestComposeRefuses(t *testing.T) {
	good := func() recording.Source { return source(tone(440, 100), 0) }
	stereo := file(tone(440, 100))
	stereo[22], stereo[32] = 2, 4
	fast := file(tone(440, 100))
	binary.LittleEndian.PutUint32(fast[24:], 16000)
	of := func(b []byte) recording.Source {
		return recording.Source{Audio: bytes.NewReader(b), Size: int64(len(b)), Started: began}
	}
	short := good()
	short.Size += 1000 // the file was longer when its size was taken
	short.Audio = bytes.NewReader(append(header(0, 0), 1, 2, 3, 4))
	for _, c := range []struct {
		name            string
		agent, taxpayer recording.Source
		talk            recording.Span
		want            error
		text            string
	}{
		{"two channels", of(stereo), good(), recording.Span{}, recording.ErrNotWAV, "agent track"},
		{"another rate", good(), of(fast), recording.Span{}, recording.ErrNotWAV, "16000"},
		{"no WAV", good(), of([]byte("<html>404</html>")), recording.Span{}, recording.ErrNotWAV, "taxpayer track"},
		{"days apart", good(), source(tone(880, 100), 25*time.Hour), recording.Span{}, recording.ErrTooLong, "began at"},
		{"cut while reading", short, good(), recording.Span{}, io.ErrUnexpectedEOF, "agent track"},
		{"backwards", good(), good(), recording.Span{From: 2, To: 1}, nil, "must end after it begins"},
		{"before the start", good(), good(), recording.Span{From: -1}, nil, "must end after it begins"},
	} {
		_, err := recording.Compose(context.Background(), io.Discard, c.agent, c.taxpayer, c.talk)
		if err == nil || (c.want != nil && !errors.Is(err, c.want)) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
	}
}

func TestComposeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := recording.Compose(ctx, io.Discard, source(tone(440, 100), 0), recording.Source{}, recording.Span{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	full := errors.New("full")
	if _, err := recording.Compose(t.Context(), failing{full}, source(tone(440, 100), 0), recording.Source{}, recording.Span{}); !errors.Is(err, full) {
		t.Errorf("writer fails: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
