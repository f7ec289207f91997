package s3

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"sambung/storage"
)

// sums are the digests of a body that go out with it, besides its SHA-256.
type sums struct {
	md5 string // base64, as Content-MD5 has it (RFC 1864); no protection, but some servers demand it
}

// digest reads the whole body and refuses one that is not what o announces.
func digest(ctx context.Context, o storage.Object, body io.ReadSeeker) (sums, error) {
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return sums{}, fmt.Errorf("rewinding the body: %w", err)
	}
	sha, md := sha256.New(), md5.New()
	n, err := io.Copy(io.MultiWriter(sha, md), &cancellable{ctx, body})
	if err != nil {
		return sums{}, fmt.Errorf("reading the body: %w", err)
	}
	if n != o.Size {
		return sums{}, fmt.Errorf("%w: it has %d bytes, announced were %d", storage.ErrBody, n, o.Size)
	}
	if got := hex.EncodeToString(sha.Sum(nil)); got != o.SHA256 {
		return sums{}, fmt.Errorf("%w: its SHA-256 is %s, announced was %s", storage.ErrBody, got, o.SHA256)
	}
	return sums{base64.StdEncoding.EncodeToString(md.Sum(nil))}, nil
}

// cancellable stops reading when its context ends.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(p)
}

// loan lends a reader to one request. net/http may read on after the request
// has failed (RoundTripper); end waits for a read under way and refuses later
// ones, so that the next request may rewind the reader. It has no Seek on
// purpose: the client must not repeat by itself.
type loan struct {
	mu    sync.Mutex
	r     io.Reader // mu
	ended bool      // mu
}

var errEnded = errors.New("the request has ended")

func (l *loan) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return 0, errEnded
	}
	return l.r.Read(p)
}

func (l *loan) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}
