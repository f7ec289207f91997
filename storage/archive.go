package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// Object is one archived object.
type Object struct {
	Key  string `json:"key"`
	Size int64  `json:"size"` // bytes
	// SHA256 is in lower-case hex, as computed by the writer and kept with the
	// object. It is empty for an object that something else has written, and in
	// what List yields.
	SHA256      string    `json:"sha256"`
	ContentType string    `json:"content_type,omitempty"` // not in what List yields
	Modified    time.Time `json:"modified,omitzero"`
}

// Archive keeps objects for good. It is safe for concurrent use.
type Archive interface {
	// Put stores size bytes under o.Key unless something is there. body is read
	// from its start, more than once where a request is repeated; it must hold
	// exactly what o.Size and o.SHA256 announce, or nothing is stored (ErrBody).
	// If the very same content is there already, Put succeeds; other content:
	// ErrConflict. The stored object is read back and its hash compared before
	// Put returns; a difference is ErrCorrupt.
	Put(ctx context.Context, o Object, body io.ReadSeeker) (Object, error)
	// Get opens an object; ErrNotFound. The content is hashed as it is read:
	// where it ends and is not what was written, Read returns ErrCorrupt in
	// place of io.EOF.
	Get(ctx context.Context, key string) (io.ReadCloser, Object, error)
	// Stat describes an object; ErrNotFound.
	Stat(ctx context.Context, key string) (Object, error)
	// List yields the objects whose key begins with prefix, in key order. An
	// error is yielded last.
	List(ctx context.Context, prefix string) iter.Seq2[Object, error]
	// Check tells what the server can do, and fails if it cannot keep an
	// archive: unreachable, no bucket, no conditional writes.
	Check(ctx context.Context) (Capabilities, error)
}

// Capabilities is what a server was seen to do.
type Capabilities struct {
	ConditionalPut bool `json:"conditional_put"`
	// ObjectLock says that the bucket locks objects; LegalHold, that the archive
	// was also let put one under legal hold, see that it is, and release it.
	ObjectLock bool `json:"object_lock"`
	LegalHold  bool `json:"legal_hold"`
}

// Errors that callers decide on.
var (
	ErrNotFound = errors.New("no such object")
	ErrConflict = errors.New("the key holds other content")
	ErrCorrupt  = errors.New("the stored content differs from what was written")
	ErrBody     = errors.New("the body is not what was announced")
	ErrKey      = errors.New("not an object key")
	ErrNoLock   = errors.New("the bucket does not lock objects")
)

// Validate checks what can be checked of an object before it is put: its key,
// its size and the form of its hash.
func (o Object) Validate() error {
	if err := ValidateKey(o.Key); err != nil {
		return err
	}
	if o.Size < 0 {
		return fmt.Errorf("%w: %s: a size of %d bytes; it must be known", ErrBody, o.Key, o.Size)
	}
	if !isSHA256(o.SHA256) {
		return fmt.Errorf("%w: %s: the hash is not a SHA-256 in 64 lower-case hex digits", ErrBody, o.Key)
	}
	return nil
}

func isSHA256(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 64
}
