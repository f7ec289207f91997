package s3

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// Put implements [storage.Archive].
func (a *Archive) Put(ctx context.Context, o storage.Object, body io.ReadSeeker) (storage.Object, error) {
	if err := o.Validate(); err != nil {
		return storage.Object{}, fmt.Errorf("s3: put: %w", err)
	}
	sums, err := digest(ctx, o, body)
	if err != nil {
		return storage.Object{}, fmt.Errorf("s3: put %s: %w", o.Key, err)
	}
	wrote, err := a.write(ctx, o, sums, body)
	if err != nil {
		return storage.Object{}, err
	}
	return a.readBack(ctx, o, wrote)
}

// write stores o. wrote is false when something was there: perhaps an earlier
// try of ours.
func (a *Archive) write(ctx context.Context, o storage.Object, sums sums, body io.ReadSeeker) (wrote bool, err error) {
	err = a.send(ctx, o, sums, body)
	if err != nil && !isPreconditionFailed(err) && !a.isLocked(ctx, o.Key, err) {
		return false, a.fail(ctx, "put "+o.Key, err)
	}
	return err == nil, nil
}

// isLocked reports whether a PUT was denied because of what is there: some
// servers look at the object's lock before they look at the condition.
func (a *Archive) isLocked(ctx context.Context, key string, err error) bool {
	if responseOf(err).Code != minio.AccessDenied {
		return false
	}
	_, err = a.Stat(ctx, key)
	return err == nil
}

// send repeats the conditional PUT until the server has answered it.
func (a *Archive) send(ctx context.Context, o storage.Object, sums sums, body io.ReadSeeker) error {
	return a.again(ctx, o.Size, func(ctx context.Context) error {
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("rewinding the body: %w", err)
		}
		return a.tryPut(ctx, o, sums, body)
	})
}

// tryPut makes the request once.
func (a *Archive) tryPut(ctx context.Context, o storage.Object, sums sums, body io.Reader) error {
	lent := &loan{r: body}
	defer lent.end()
	opts := minio.PutObjectOptions{
		ContentType:      o.ContentType,
		UserMetadata:     map[string]string{hashKey: o.SHA256},
		DisableMultipart: true,
		// Signs the hash given below in place of a hash for every chunk.
		DisableContentSha256: true,
	}
	opts.SetMatchETagExcept("*")
	a.retain(o.Key, &opts)
	_, err := a.core.PutObject(ctx, a.config.Bucket, o.Key, lent, o.Size, sums.md5, o.SHA256, opts)
	return err
}

func isPreconditionFailed(err error) bool {
	return responseOf(err).Code == minio.PreconditionFailed
}

// readBack reads what is stored under o.Key and compares it with o.
func (a *Archive) readBack(ctx context.Context, o storage.Object, wrote bool) (storage.Object, error) {
	var stored storage.Object
	err := again(ctx, func() (err error) {
		stored, err = a.compare(ctx, o)
		return err
	})
	switch {
	case err == nil:
		return stored, nil
	case errors.Is(err, storage.ErrCorrupt) && !wrote && stored.SHA256 != o.SHA256:
		return storage.Object{}, fmt.Errorf("s3: put %s: %w: %d bytes with SHA-256 %q, not %d with %s",
			o.Key, storage.ErrConflict, stored.Size, stored.SHA256, o.Size, o.SHA256)
	default:
		return storage.Object{}, a.fail(ctx, "read back "+o.Key, err)
	}
}

// compare reads the object to its end; ErrCorrupt if it is not o. What the
// server says of the object is returned also then.
func (a *Archive) compare(ctx context.Context, o storage.Object) (storage.Object, error) {
	body, stored, err := a.openOnce(ctx, o.Key)
	if err != nil {
		return stored, err
	}
	reader := storage.VerifyReader(body, o) // what was to be written, not what the server says of it
	_, err = io.Copy(io.Discard, reader)
	return stored, errors.Join(err, reader.Close())
}
