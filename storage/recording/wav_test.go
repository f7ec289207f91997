package recording_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"sambung/storage/recording"
)

func parse(b []byte) (recording.Header, error) {
	return recording.Parse(bytes.NewReader(b), int64(len(b)))
}

func TestParse(t *testing.T) {
	samples := make([]byte, 1000)
	list := append([]byte("LIST\x03\x00\x00\x00abc"), 0) // odd, so padded
	withList := slices.Concat(header(1036+12, 0)[:36], list, []byte("data\xe8\x03\x00\x00"), samples)
	extensible := slices.Concat([]byte("RIFF\xff\xff\xff\xffWAVEfmt \x28\x00\x00\x00\xfe\xff\x02\x00"),
		binary.LittleEndian.AppendUint32(nil, rate), binary.LittleEndian.AppendUint32(nil, 4*rate),
		[]byte("\x04\x00\x10\x00\x16\x00\x10\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"),
		[]byte("data\xe8\x03\x00\x00"), samples)
	for _, c := range []struct {
		name string
		file []byte
		want recording.Header
	}{
		{"whole", slices.Concat(header(1036, 1000), samples), recording.Header{Channels: 1, Rate: rate, DataOffset: 44, Frames: 500}},
		{"empty", header(36, 0), recording.Header{Channels: 1, Rate: rate, DataOffset: 44}},
		{"crashed", slices.Concat(header(0, 0), samples), recording.Header{Channels: 1, Rate: rate, DataOffset: 44, Frames: 500, Repaired: true}},
		{"crashed within a sample", slices.Concat(header(0, 0), samples[:999]), recording.Header{Channels: 1, Rate: rate, DataOffset: 44, Frames: 499, Repaired: true}},
		{"crashed before the first sample", header(0, 0), recording.Header{Channels: 1, Rate: rate, DataOffset: 44}},
		{"cut", slices.Concat(header(1036, 1000), samples[:600]), recording.Header{Channels: 1, Rate: rate, DataOffset: 44, Frames: 300, Repaired: true}},
		{"streamed", slices.Concat(header(0xffffffff, 0xffffffff), samples), recording.Header{Channels: 1, Rate: rate, DataOffset: 44, Frames: 500, Repaired: true}},
		{"empty with a chunk behind", slices.Concat(header(36+12, 0), list), recording.Header{Channels: 1, Rate: rate, DataOffset: 44}},
		{"a chunk before", withList, recording.Header{Channels: 1, Rate: rate, DataOffset: 56, Frames: 500}},
		{"extensible", extensible, recording.Header{Channels: 2, Rate: rate, DataOffset: 68, Frames: 250}},
	} {
		if got, err := parse(c.file); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, err, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	change := func(at int, to byte) []byte {
		b := slices.Concat(header(136, 100), make([]byte, 100))
		b[at] = to
		return b
	}
	many := header(136, 100)[:36]
	for range 100 {
		many = append(many, "junk\x00\x00\x00\x00"...)
	}
	for name, file := range map[string][]byte{
		"nothing":             nil,
		"half a header":       header(0, 0)[:30],
		"no RIFF":             change(0, 'r'),
		"no WAVE":             change(8, 'w'),
		"µ-law":               change(20, 7),
		"three channels":      change(22, 3),
		"no channels":         change(22, 0),
		"8 bits":              change(34, 8),
		"1 sample a second":   change(25, 0),
		"a short format":      change(16, 8),
		"samples first":       slices.Concat([]byte("RIFF\x00\x00\x00\x00WAVE"), []byte("data\x04\x00\x00\x00abcd")),
		"no samples":          header(0, 0)[:36],
		"chunks without end":  append(many, header(0, 0)[36:]...),
		"a chunk beyond":      append(header(0, 0)[:36], "junk\xff\xff\xff\xff"...),
		"a page of the proxy": []byte("<html><body>502 Bad Gateway, so sorry for it</body></html>"),
	} {
		if h, err := parse(file); !errors.Is(err, recording.ErrNotWAV) {
			t.Errorf("%s: %+v, %v; want ErrNotWAV", name, h, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(slices.Concat(header(136, 100), make([]byte, 100)))
	f.Add(slices.Concat(header(0, 0), make([]byte, 7)))
	f.Add(slices.Concat(header(0xffffffff, 0xffffffff), make([]byte, 9)))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVELIST\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parse(b)
		if err != nil {
			if !errors.Is(err, recording.ErrNotWAV) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		end := h.DataOffset + h.Frames*int64(h.Channels)*2
		if h.Frames < 0 || h.DataOffset < 44-16 || end > int64(len(b)) || h.Channels < 1 || h.Channels > 2 {
			t.Fatalf("%+v of a file of %d bytes", h, len(b))
		}
		info, err := recording.Measure(t.Context(), bytes.NewReader(b), int64(len(b)), recording.Span{})
		if err != nil || info.Frames != h.Frames || info.Size != int64(len(b)) {
			t.Fatalf("Measure: %+v, %v", info, err)
		}
		if h.Channels == 2 {
			return
		}
		s := recording.Source{Audio: bytes.NewReader(b), Size: int64(len(b))}
		var out bytes.Buffer
		composed, err := recording.Compose(t.Context(), &out, s, s, recording.Span{})
		if err != nil || composed.Size != int64(out.Len()) || composed.Frames != h.Frames {
			t.Fatalf("Compose: %+v, %v", composed, err)
		}
	})
}
