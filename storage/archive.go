package storage

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// Object is one archived object.
type Object struct {
	Key         string    `json:"key"`
	Size        int64     `json:"size"`   // bytes
	SHA256      string    `json:"sha256"` // lower-case hex, as computed by the writer
	ContentType string    `json:"content_type,omitempty"`
	Modified    time.Time `json:"modified,omitzero"`
}

// Archive keeps objects for good.
type Archive interface {
	// Put stores size bytes under o.Key unless something is there. body is read
	// from its start, more than once where a request is repeated. If the very
	// same content is there already, Put succeeds; other content: ErrConflict.
	// The stored object is read back and its hash compared before Put returns.
	Put(ctx context.Context, o Object, body io.ReadSeeker) (Object, error)
	// Get opens an object; ErrNotFound.
	Get(ctx context.Context, key string) (io.ReadCloser, Object, error)
	// Stat describes an object; ErrNotFound.
	Stat(ctx context.Context, key string) (Object, error)
	// List yields the objects whose key begins with prefix, in key order.
	List(ctx context.Context, prefix string) iter.Seq2[Object, error]
	// Check tells what the server can do, and fails if it cannot keep an
	// archive: unreachable, no bucket, no conditional writes.
	Check(ctx context.Context) (Capabilities, error)
}

// Capabilities is what a server was seen to do.
type Capabilities struct {
	ConditionalPut bool `json:"conditional_put"`
	ObjectLock     bool `json:"object_lock"`
}

// Errors that callers decide on.
var (
	ErrNotFound = errors.New("no such object")
	ErrConflict = errors.New("the key holds other content")
	ErrCorrupt  = errors.New("the stored content differs from what was written")
)
