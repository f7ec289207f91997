package wav_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"sambung/telephony/softphone/wav"
)

func TestWrittenIsRead(t *testing.T) {
	for _, want := range []wav.Sound{
		wav.Mono([]int16{0, 1, -1, 32767, -32768}),
		wav.Mono([]int16{}),
		{Rate: 16000, Channels: 2, Samples: []int16{1, -1, 2, -2, 3, -3}},
	} {
		got, err := wav.Decode(encode(t, want))
		if err != nil {
			t.Fatal(err)
		}
		if got.Rate != want.Rate || got.Channels != want.Channels || !slices.Equal(got.Samples, want.Samples) {
			t.Errorf("wrote %+v, read %+v", want, got)
		}
	}
}

// The header's bytes as in the specification, so that a mistake made both in
// writing and reading is seen.
func TestHeaderBytes(t *testing.T) {
	want := []byte("RIFF\x28\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x04\x00\x00\x00\x01\x00\xff\xff")
	if got := encode(t, wav.Mono([]int16{1, -1})); !bytes.Equal(got, want) {
		t.Errorf("file is\n%q, want\n%q", got, want)
	}
}

func TestChannels(t *testing.T) {
	s := wav.Sound{Rate: 8000, Channels: 2, Samples: []int16{1, -1, 2, -2}}
	if l, r := s.Channel(0), s.Channel(1); !slices.Equal(l, []int16{1, 2}) || !slices.Equal(r, []int16{-1, -2}) {
		t.Errorf("left %v, right %v", l, r)
	}
	if s.Channel(2) != nil || s.Channel(-1) != nil {
		t.Error("a channel that does not exist has samples")
	}
}

func TestOtherChunksAreSkipped(t *testing.T) {
	file := encode(t, wav.Mono([]int16{5}))
	odd := slices.Concat(file[:12], []byte("LIST\x03\x00\x00\x00abc\x00"), file[12:])
	got, err := wav.Decode(odd)
	if err != nil || !slices.Equal(got.Samples, []int16{5}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	good := encode(t, wav.Mono([]int16{1, 2, 3}))
	change := func(at int, b ...byte) []byte {
		file := slices.Clone(good)
		copy(file[at:], b)
		return file
	}
	for name, file := range map[string][]byte{
		"empty": nil, "no RIFF": change(0, 'X'), "no WAVE": change(8, 'X'), "truncated": good[:len(good)-1],
		"µ-law": change(20, 7), "8 bits": change(34, 8), "no channel": change(22, 0), "no rate": change(24, 0, 0),
		"no data": good[:36], "odd data": change(40, 5), "data first": slices.Concat(good[:12], good[36:]),
		"short fmt": binary.LittleEndian.AppendUint32(slices.Clone(good[:16]), 0),
	} {
		if _, err := wav.Decode(file); !errors.Is(err, wav.ErrFormat) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
}

func TestWriteRefusesWhatNobodyCanRead(t *testing.T) {
	for _, s := range []wav.Sound{{}, {Rate: 8000, Channels: 2, Samples: []int16{1}}} {
		if err := wav.Write(new(bytes.Buffer), s); err == nil {
			t.Errorf("%+v was written", s)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, wav.Mono([]int16{1, 2, 3})))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := wav.Decode(file)
		if err != nil {
			return
		}
		again, err := wav.Decode(encode(t, s))
		if err != nil || !slices.Equal(again.Samples, s.Samples) {
			t.Errorf("%+v read again is %+v, %v", s, again, err)
		}
	})
}

func encode(t testing.TB, s wav.Sound) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := wav.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
