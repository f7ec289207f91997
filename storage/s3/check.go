package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// Errors of Check that an operator has to settle at the server.
var (
	ErrNoBucket         = errors.New("the bucket does not exist")
	ErrNoConditionalPut = errors.New("the server overwrites objects although the request forbids it")
	ErrNoMetadata       = errors.New("the server does not keep the metadata of objects")
)

// Check implements [storage.Archive]. It leaves two small objects
// under [storage.ProbePrefix], the same ones at every start.
func (a *Archive) Check(ctx context.Context) (storage.Capabilities, error) {
	if err := a.checkBucket(ctx); err != nil {
		return storage.Capabilities{}, err
	}
	if err := a.checkPut(ctx); err != nil {
		return storage.Capabilities{}, err
	}
	can := storage.Capabilities{ConditionalPut: true, ObjectLock: a.hasObjectLock(ctx)}
	hold, err := a.checkLock(ctx, can.ObjectLock)
	can.LegalHold = hold
	return can, err
}

// checkBucket asks for the bucket, and makes it if that was configured.
func (a *Archive) checkBucket(ctx context.Context) error {
	bucket, exists := a.config.Bucket, false
	err := a.again(ctx, 0, func(ctx context.Context) (err error) {
		exists, err = a.core.BucketExists(ctx, bucket)
		return err
	})
	switch {
	case err != nil:
		return a.fail(ctx, fmt.Sprintf("look for the bucket %q", bucket), err)
	case exists:
		return nil
	case a.config.CreateBucket:
		return a.makeBucket(ctx)
	}
	missing := minio.ErrorResponse{Code: minio.NoSuchBucket}
	return &Error{Asked: "look for the bucket", Remedy: a.remedy(missing, missing), Err: ErrNoBucket}
}

// makeBucket makes the bucket, with object lock where that is known: it can be
// had only when a bucket is made.
func (a *Archive) makeBucket(ctx context.Context) error {
	err := a.again(ctx, 0, func(ctx context.Context) error {
		opts := minio.MakeBucketOptions{Region: a.config.Region, ObjectLocking: true}
		err := a.core.MakeBucket(ctx, a.config.Bucket, opts)
		if code := responseOf(err).Code; code == minio.NotImplemented || code == minio.InvalidArgument {
			opts.ObjectLocking = false
			err = a.core.MakeBucket(ctx, a.config.Bucket, opts)
		}
		return err
	})
	if err != nil && responseOf(err).Code != minio.BucketAlreadyOwnedByYou {
		return a.fail(ctx, fmt.Sprintf("make the bucket %q", a.config.Bucket), err)
	}
	return nil
}

// What the probe object holds, and what must not replace it.
const (
	probeKey    = storage.ProbePrefix + "conditional-put"
	probeFirst  = "sambung: the first content stays\n"
	probeSecond = "sambung: the second content is refused\n"
)

// checkPut tries whether an object that is there survives a second PUT, and
// whether its hash is kept with it.
func (a *Archive) checkPut(ctx context.Context) error {
	if err := a.probe(ctx, probeFirst); err != nil && !isPreconditionFailed(err) {
		return a.fail(ctx, "put a probe", err)
	}
	err := a.probe(ctx, probeSecond)
	if err == nil {
		return &Error{Asked: "put a second probe at " + a.config.Endpoint, Err: ErrNoConditionalPut,
			Remedy: "an archive cannot be kept there: use a server or a release that knows conditional writes (PUT with If-None-Match: *), such as MinIO, AWS S3 or Ceph, and let whatever stands before it pass that header on"}
	}
	if !isPreconditionFailed(err) {
		return a.fail(ctx, "put a second probe", err)
	}
	stored, err := a.Stat(ctx, probeKey)
	if err != nil {
		return err
	}
	// The second may lie there from a time when the server did overwrite.
	if stored.SHA256 != hashOf(probeFirst) && stored.SHA256 != hashOf(probeSecond) {
		return &Error{Asked: "read a probe's metadata at " + a.config.Endpoint,
			Remedy: "whatever stands before the server must pass x-amz-meta-* on",
			Err:    fmt.Errorf("%w: x-amz-meta-sha256 of %s came back as %q", ErrNoMetadata, probeKey, stored.SHA256)}
	}
	return nil
}

// probe puts the probe object under the condition that nothing is there.
func (a *Archive) probe(ctx context.Context, content string) error {
	o := storage.Object{Key: probeKey, Size: int64(len(content)), SHA256: hashOf(content), ContentType: "text/plain"}
	body := strings.NewReader(content)
	sums, err := digest(ctx, o, body)
	if err != nil {
		return err
	}
	return a.send(ctx, o, sums, body)
}

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// hasObjectLock reports whether the bucket can retain objects. A server that
// does not say is taken for one that cannot.
func (a *Archive) hasObjectLock(ctx context.Context) bool {
	var state string
	err := a.again(ctx, 0, func(ctx context.Context) (err error) {
		state, _, _, _, err = a.core.GetObjectLockConfig(ctx, a.config.Bucket)
		return err
	})
	return err == nil && state == "Enabled"
}
