package dossier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"sambung/storage"
)

// ErrBroken means that the archive does not hold what was sealed.
var ErrBroken = errors.New("the dossier is broken")

// BrokenError names the first object that is gone or differs.
type BrokenError struct {
	Key string
	Err error // storage.ErrNotFound, storage.ErrCorrupt, or what is wrong with the chain
}

func (e *BrokenError) Error() string {
	text := e.Err.Error()
	if !strings.Contains(text, e.Key) {
		text = e.Key + ": " + text
	}
	return ErrBroken.Error() + ": " + text
}

// Unwrap makes errors.Is true for ErrBroken and for the cause.
func (e *BrokenError) Unwrap() []error { return []error{ErrBroken, e.Err} }

// Verify reads every object that the manifest names and compares it, and checks
// that the histories together are one chain from the first activity to the
// manifest's head. line checks the content of one activity against its own
// hash. The error is a BrokenError, unless the archive could not be asked: that
// proves nothing.
func Verify(ctx context.Context, a storage.Archive, m Manifest, line func([]byte) error) error {
	if err := m.Validate(); err != nil {
		return err
	}
	c := chain{line: line}
	last := ""
	for _, h := range m.Histories {
		o := storage.Object{Key: h.Key, SHA256: h.SHA256, Size: h.Bytes}
		if err := examine(ctx, a, o, func(r io.Reader) error { return c.follow(r, h.UpTo) }); err != nil {
			return err
		}
		last = h.Key
	}
	if c.head != m.Head {
		return &BrokenError{last, fmt.Errorf("the chain ends with hash %s, the manifest says %s", c.head, m.Head)}
	}
	for _, r := range m.Recordings {
		if r.Key == "" {
			continue
		}
		o := storage.Object{Key: r.Key, SHA256: r.SHA256, Size: r.Bytes}
		if err := examine(ctx, a, o, func(io.Reader) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// Open reads a manifest that is known by its hash.
func Open(ctx context.Context, a storage.Archive, key, sum string) (Manifest, error) {
	stat, err := a.Stat(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return Manifest{}, &BrokenError{key, err}
	}
	if err != nil {
		return Manifest{}, err
	}
	if stat.Size > maxManifest {
		return Manifest{}, &BrokenError{key, fmt.Errorf("%w: it has %d bytes", ErrManifest, stat.Size)}
	}
	var m Manifest
	o := storage.Object{Key: key, SHA256: sum, Size: stat.Size}
	err = examine(ctx, a, o, func(r io.Reader) error {
		text, err := io.ReadAll(r)
		if err == nil {
			m, err = Decode(text)
		}
		return err
	})
	return m, err
}

// maxManifest is the longest manifest that is read, in bytes: thousands of
// attempts.
const maxManifest = 4 << 20

// examine has read look at the content of o, and compares all of it with what o
// says, whatever the archive itself believes to have.
func examine(ctx context.Context, a storage.Archive, o storage.Object, read func(io.Reader) error) error {
	body, _, err := a.Get(ctx, o.Key)
	if errors.Is(err, storage.ErrNotFound) {
		return &BrokenError{o.Key, err}
	}
	if err != nil {
		return err
	}
	content := storage.VerifyReader(body, o)
	defer content.Close()
	found := read(content)
	// Other content is the cause, whatever else was found in it.
	if _, err := io.Copy(io.Discard, content); errors.Is(err, storage.ErrCorrupt) {
		return &BrokenError{o.Key, err}
	} else if err != nil {
		return fmt.Errorf("%s cannot be read to its end: %w", o.Key, err)
	}
	if found != nil {
		return &BrokenError{o.Key, found}
	}
	return nil
}
