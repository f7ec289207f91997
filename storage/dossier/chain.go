package dossier

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"sambung/storage"
)

// maxLine bounds one line of a history, in bytes.
const maxLine = 1 << 20

// chain follows activities across objects.
type chain struct {
	line func([]byte) error // checks the content of one
	last int                // number of the activity before; 0 before the first
	head string             // and its hash
}

// follow reads activities up to the number last.
func (c *chain) follow(r io.Reader, last int) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		if err := c.add(lines.Bytes()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("after activity %d: %w", c.last, err)
	}
	if c.last != last {
		return fmt.Errorf("it ends with activity %d, not %d", c.last, last)
	}
	return nil
}

// add takes the activity that follows.
func (c *chain) add(line []byte) error {
	var link struct {
		Seq        int
		Prev, Hash string
	}
	if err := json.Unmarshal(line, &link); err != nil {
		return fmt.Errorf("after activity %d: %w", c.last, err)
	}
	if link.Seq != c.last+1 || link.Prev != c.head {
		return fmt.Errorf("activity %d after %q does not follow activity %d, %q", link.Seq, link.Prev, c.last, c.head)
	}
	if err := c.line(line); err != nil {
		return fmt.Errorf("activity %d: %w", link.Seq, err)
	}
	c.last, c.head = link.Seq, link.Hash
	return nil
}

// Ship archives the activities from after on, up to the last of lines, each
// line being one activity as JSON without line feeds. head is the hash of the
// activity with the number after; both are zero before the first. Lines that
// are no chain are not shipped: what is archived cannot be mended.
func Ship(ctx context.Context, a storage.Archive, key string, after int, head string, lines [][]byte, line func([]byte) error) (History, error) {
	c := chain{line: line, last: after, head: head}
	var text bytes.Buffer
	for _, l := range lines {
		if bytes.ContainsRune(l, '\n') || len(l) >= maxLine {
			return History{}, fmt.Errorf("history %s: activity %d is not one line of less than %d bytes", key, c.last+1, maxLine)
		}
		if err := c.add(l); err != nil {
			return History{}, fmt.Errorf("history %s is not shipped: %w", key, err)
		}
		text.Write(l)
		text.WriteByte('\n')
	}
	if len(lines) == 0 {
		return History{}, fmt.Errorf("history %s: there is nothing to ship after activity %d", key, after)
	}
	o, err := putBytes(ctx, a, key, "application/jsonl", text.Bytes())
	if err != nil {
		return History{}, err
	}
	return History{Key: o.Key, SHA256: o.SHA256, Bytes: o.Size, UpTo: c.last}, nil
}

// putBytes archives a small object.
func putBytes(ctx context.Context, a storage.Archive, key, contentType string, content []byte) (storage.Object, error) {
	o := storage.Object{Key: key, Size: int64(len(content)), SHA256: hashOf(content), ContentType: contentType}
	return a.Put(ctx, o, bytes.NewReader(content))
}
