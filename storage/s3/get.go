package s3

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// Get implements [storage.Archive].
func (a *Archive) Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	body, o, err := a.open(ctx, key)
	if err != nil {
		return nil, storage.Object{}, err
	}
	return storage.VerifyReader(body, o), o, nil
}

// Stat implements [storage.Archive].
func (a *Archive) Stat(ctx context.Context, key string) (storage.Object, error) {
	if err := storage.ValidateKey(key); err != nil {
		return storage.Object{}, fmt.Errorf("s3: stat: %w", err)
	}
	var info minio.ObjectInfo
	err := a.again(ctx, 0, func(ctx context.Context) (err error) {
		info, err = a.core.StatObject(ctx, a.config.Bucket, key, minio.StatObjectOptions{})
		return err
	})
	if err != nil {
		return storage.Object{}, a.fail(ctx, "stat "+key, err)
	}
	return object(info), nil
}

// open asks for an object. Its body is not verified, and is cut when the server
// falls silent.
func (a *Archive) open(ctx context.Context, key string) (body io.ReadCloser, o storage.Object, err error) {
	if err := storage.ValidateKey(key); err != nil {
		return nil, storage.Object{}, fmt.Errorf("s3: get: %w", err)
	}
	err = again(ctx, func() error {
		body, o, err = a.openOnce(ctx, key)
		return err
	})
	if err != nil {
		return nil, storage.Object{}, a.fail(ctx, "get "+key, err)
	}
	return body, o, nil
}

func (a *Archive) openOnce(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	guarded, guard := a.guard(ctx)
	guard.begin()
	body, info, _, err := a.core.GetObject(guarded, a.config.Bucket, key, minio.GetObjectOptions{})
	guard.pause()
	if err != nil {
		err = explain(ctx, guarded, err)
		guard.cancel(nil)
		return nil, storage.Object{}, err
	}
	info.Key = key
	return &guardedBody{ctx: guarded, body: body, guard: guard, archive: a, key: key}, object(info), nil
}

// guard is a context for a request that may take long, yet not fall silent.
func (a *Archive) guard(ctx context.Context) (context.Context, *patience) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, &patience{cancel: cancel, limit: a.config.Timeout}
}

// patience cancels a request that makes no progress. It runs only while the
// server is waited for, not while the caller does something else.
type patience struct {
	cancel context.CancelCauseFunc
	limit  time.Duration
	timer  *time.Timer
}

func (p *patience) begin() {
	if p.timer == nil {
		p.timer = time.AfterFunc(p.limit, func() {
			p.cancel(fmt.Errorf("nothing was received for %s: %w", p.limit, context.DeadlineExceeded))
		})
		return
	}
	p.timer.Reset(p.limit)
}

func (p *patience) pause() { p.timer.Stop() }

// guardedBody is a body under patience.
type guardedBody struct {
	ctx     context.Context // of the request: says why a read failed
	body    io.ReadCloser
	guard   *patience
	archive *Archive
	key     string
}

func (g *guardedBody) Read(p []byte) (int, error) {
	g.guard.begin()
	n, err := g.body.Read(p)
	g.guard.pause()
	if err != nil && err != io.EOF {
		err = g.archive.fail(g.ctx, "get "+g.key, err)
	}
	return n, err
}

func (g *guardedBody) Close() error {
	g.guard.pause()
	g.guard.cancel(nil)
	return g.body.Close()
}
