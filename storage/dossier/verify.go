package dossier

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"sambung/storage"
)

// ErrBroken means that the archive does not hold what the manifest says.
var ErrBroken = errors.New("the dossier is broken")

// maxLine bounds one line of a history, in bytes.
const maxLine = 1 << 20

// Verify reads every object that the manifest names and compares it, and checks
// that the histories together are one chain from the first activity to the
// manifest's head. line checks the content of one activity against its own
// hash. The error names the first object that is gone or differs.
func Verify(ctx context.Context, a storage.Archive, m Manifest, line func([]byte) error) error {
	c := chain{line: line}
	for _, h := range m.Histories {
		text, err := read(ctx, a, h.Key, h.SHA256)
		if err != nil {
			return err
		}
		if err := c.follow(h.Key, text); err != nil {
			return err
		}
	}
	if c.last != m.Activities || c.head != m.Head {
		return fmt.Errorf("%w: the histories end with activity %d, the manifest with %d", ErrBroken, c.last, m.Activities)
	}
	for _, r := range m.Recordings {
		if r.Key == "" {
			continue
		}
		if err := compare(ctx, a, r.Key, r.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// chain follows activities across objects.
type chain struct {
	line func([]byte) error
	last int
	head string
}

func (c *chain) follow(key string, text []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var link struct {
			Seq        int
			Prev, Hash string
		}
		if err := json.Unmarshal(lines.Bytes(), &link); err != nil {
			return fmt.Errorf("%w: %s: after activity %d: %w", ErrBroken, key, c.last, err)
		}
		if link.Seq != c.last+1 || link.Prev != c.head {
			return fmt.Errorf("%w: %s: activity %d does not follow activity %d", ErrBroken, key, link.Seq, c.last)
		}
		if err := c.line(lines.Bytes()); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrBroken, key, err)
		}
		c.last, c.head = link.Seq, link.Hash
	}
	return lines.Err()
}

func read(ctx context.Context, a storage.Archive, key, sum string) ([]byte, error) {
	body, err := open(ctx, a, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBroken, key, err)
	}
	return text, same(key, sum, sha256.Sum256(text))
}

func compare(ctx context.Context, a storage.Archive, key, sum string) error {
	body, err := open(ctx, a, key)
	if err != nil {
		return err
	}
	defer body.Close()
	h := sha256.New()
	if _, err := io.Copy(h, body); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrBroken, key, err)
	}
	return same(key, sum, [sha256.Size]byte(h.Sum(nil)))
}

func open(ctx context.Context, a storage.Archive, key string) (io.ReadCloser, error) {
	body, _, err := a.Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("%w: %s is gone", ErrBroken, key)
	}
	return body, err
}

func same(key, want string, got [sha256.Size]byte) error {
	if hex.EncodeToString(got[:]) != want {
		return fmt.Errorf("%w: %s is not what was sealed", ErrBroken, key)
	}
	return nil
}
