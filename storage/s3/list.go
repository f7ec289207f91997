package s3

import (
	"context"
	"fmt"
	"iter"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// List implements [storage.Archive]. It asks for pages of 1,000 as they are
// needed; a page that fails is asked for again from the last key on.
func (a *Archive) List(ctx context.Context, prefix string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		last := ""
		err := again(ctx, func() error { return a.listAfter(ctx, prefix, &last, yield) })
		if err != nil {
			yield(storage.Object{}, a.fail(ctx, fmt.Sprintf("list %q", prefix), err))
		}
	}
}

// listAfter yields the objects whose keys come after *last, and keeps it up,
// until there are no more or the caller wants none.
func (a *Archive) listAfter(ctx context.Context, prefix string, last *string, yield func(storage.Object, error) bool) error {
	guarded, guard := a.guard(ctx)
	defer guard.cancel(nil)
	guard.begin()
	defer guard.pause()
	opts := minio.ListObjectsOptions{Prefix: prefix, Recursive: true, StartAfter: *last}
	for info := range a.core.ListObjectsIter(guarded, a.config.Bucket, opts) {
		guard.pause()
		if info.Err != nil {
			return explain(ctx, guarded, info.Err)
		}
		if !yield(storage.Object{Key: info.Key, Size: info.Size, Modified: info.LastModified.UTC()}, nil) {
			return nil
		}
		*last = info.Key
		guard.begin()
	}
	// The client ends a list in silence when its context has ended.
	if guarded.Err() != nil {
		return context.Cause(guarded)
	}
	return nil
}
