package storage_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"sambung/storage"
)

// hash is the SHA-256 of "content" (sha256sum).
const hash = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"

func TestVerifyReader(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name   string
		body   io.Reader
		object storage.Object
		want   error
	}{
		{"right", strings.NewReader("content"), storage.Object{Size: 7, SHA256: hash}, nil},
		{"byte by byte", iotest.OneByteReader(strings.NewReader("content")), storage.Object{Size: 7, SHA256: hash}, nil},
		{"end with the last bytes", iotest.DataErrReader(strings.NewReader("content")), storage.Object{Size: 7, SHA256: hash}, nil},
		{"other", strings.NewReader("Content"), storage.Object{Size: 7, SHA256: hash}, storage.ErrCorrupt},
		{"other, end with the last bytes", iotest.DataErrReader(strings.NewReader("Content")), storage.Object{Size: 7, SHA256: hash}, storage.ErrCorrupt},
		{"shorter", strings.NewReader("conten"), storage.Object{Size: 7, SHA256: hash}, storage.ErrCorrupt},
		{"longer", strings.NewReader("contents"), storage.Object{Size: 7, SHA256: hash}, storage.ErrCorrupt},
		{"no hash known", strings.NewReader("Content"), storage.Object{Size: 7}, nil},
		{"no hash known, shorter", strings.NewReader("Conten"), storage.Object{Size: 7}, storage.ErrCorrupt},
		{"broken", io.MultiReader(strings.NewReader("con"), iotest.ErrReader(broken)), storage.Object{Size: 7, SHA256: hash}, broken},
	} {
		r := storage.VerifyReader(io.NopCloser(c.body), c.object)
		_, err := io.ReadAll(r)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if n, again := r.Read(make([]byte, 1)); c.want == storage.ErrCorrupt && (n != 0 || !errors.Is(again, c.want)) {
			t.Errorf("%s: read on after the end: %d, %v", c.name, n, again)
		}
	}
}
