// Package listening lets people hear what is archived: it holds recordings that
// are being listened to, verified, so that a player can jump in them, and draws
// what they sound like. What is held lies in files without a name, which end with
// the process.
package listening

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"sambung/storage"
)

const (
	// MaxHeld is the longest recording that is held, in bytes.
	MaxHeld = 256 << 20
	// heldBytes and heldFiles bound what is held while nobody listens.
	heldBytes, heldFiles = 512 << 20, 32
)

// Archive opens what is archived.
type Archive interface {
	// Get opens an object; storage.ErrNotFound.
	Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error)
}

// Cache holds recordings. Make it with NewCache.
type Cache struct {
	archive Archive

	mu    sync.Mutex
	held  map[string]*held // mu; by hash
	clock int              // mu; counts what was opened
	drawn map[drawing]Waveform
}

// held is one recording. Its fields but ready belong to the cache's mutex.
type held struct {
	ready chan struct{} // closed when file or err is set
	file  *os.File
	err   error
	size  int64
	users int
	last  int // when it was opened last, by the cache's clock
}

// NewCache makes an empty cache.
func NewCache(a Archive) *Cache {
	return &Cache{archive: a, held: make(map[string]*held), drawn: make(map[drawing]Waveform)}
}

// Open returns a recording that was read to its end and has that hash and size;
// storage.ErrNotFound, storage.ErrCorrupt. The caller calls done.
func (c *Cache) Open(ctx context.Context, key, sha string, size int64) (audio *io.SectionReader, done func(), err error) {
	for {
		h, mine := c.find(sha, size)
		if mine {
			h.file, h.err = c.fetch(ctx, key, sha, size)
			close(h.ready)
		}
		select {
		case <-h.ready:
		case <-ctx.Done():
			c.leave(sha, h)
			return nil, nil, ctx.Err()
		}
		if h.err == nil {
			return io.NewSectionReader(h.file, 0, size), func() { c.leave(sha, h) }, nil
		}
		c.leave(sha, h)
		// Whoever fetched it may have gone away, or had less time: it is no fault of the recording.
		if mine || !gaveUp(h.err) {
			return nil, nil, h.err
		}
	}
}

// find returns the entry of a hash; mine says that it is new and to be filled.
func (c *Cache) find(sha string, size int64) (h *held, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, there := c.held[sha]
	if !there {
		h = &held{ready: make(chan struct{}), size: size}
		c.held[sha] = h
	}
	c.clock++
	h.users, h.last = h.users+1, c.clock
	return h, !there
}

// leave lets an entry go: at once if it is of no use, else when room is needed.
func (c *Cache) leave(sha string, h *held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h.users--
	if failed := isClosed(h.ready) && h.err != nil; failed && c.held[sha] == h {
		delete(c.held, sha)
	}
	for c.overfull() && c.drop() {
	}
}

func (c *Cache) overfull() bool {
	var bytes int64
	for _, h := range c.held {
		bytes += h.size
	}
	return len(c.held) > heldFiles || bytes > heldBytes
}

// drop closes the one that nobody listens to and that was opened the longest ago.
func (c *Cache) drop() bool {
	oldest := ""
	for sha, h := range c.held {
		if h.users == 0 && (oldest == "" || h.last < c.held[oldest].last) {
			oldest = sha
		}
	}
	if oldest == "" {
		return false
	}
	_ = c.held[oldest].file.Close() // it was only read
	delete(c.held, oldest)
	return true
}

func isClosed(ready chan struct{}) bool {
	select {
	case <-ready:
		return true
	default:
		return false
	}
}

// fetch copies a recording to a file without a name, and verifies it.
func (c *Cache) fetch(ctx context.Context, key, sha string, size int64) (*os.File, error) {
	body, object, err := c.archive.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	if object.Size != size {
		return nil, fmt.Errorf("%s: %w", key, storage.ErrCorrupt)
	}
	file, err := os.CreateTemp("", "sambung-listening-*")
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	err = os.Remove(file.Name())
	if err == nil {
		_, err = io.Copy(io.MultiWriter(file, sum), body)
	}
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != sha {
		err = fmt.Errorf("%s: %w", key, storage.ErrCorrupt)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
