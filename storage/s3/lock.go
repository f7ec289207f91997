package s3

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

var _ storage.Locker = (*Archive)(nil)

// ErrNoRetention means that objects are to be retained, and the server does not.
var ErrNoRetention = errors.New("retention is configured, and the server does not retain objects")

// retain adds the retention of evidence to a PUT. It stands in the request that
// makes the object, so there is no moment without it.
func (a *Archive) retain(key string, opts *minio.PutObjectOptions) {
	if a.config.Retention > 0 && storage.IsEvidence(key) {
		opts.Mode, opts.RetainUntilDate = minio.Governance, time.Now().Add(a.config.Retention).UTC().Truncate(time.Second)
	}
}

// SetLegalHold implements [storage.Locker].
func (a *Archive) SetLegalHold(ctx context.Context, key string, on bool) error {
	if err := storage.ValidateKey(key); err != nil {
		return fmt.Errorf("s3: legal hold: %w", err)
	}
	status := minio.LegalHoldDisabled
	if on {
		status = minio.LegalHoldEnabled
	}
	err := a.again(ctx, 0, func(ctx context.Context) error {
		return a.core.PutObjectLegalHold(ctx, a.config.Bucket, key, minio.PutObjectLegalHoldOptions{Status: &status})
	})
	if err != nil {
		return a.failLock(ctx, "set the legal hold of "+key, err)
	}
	return nil
}

// Protection implements [storage.Locker]. It reads the headers of the object,
// which servers agree on more than on the answers made for it.
func (a *Archive) Protection(ctx context.Context, key string) (storage.Protection, error) {
	if err := storage.ValidateKey(key); err != nil {
		return storage.Protection{}, fmt.Errorf("s3: protection: %w", err)
	}
	asked := "ask how " + key + " is protected"
	var info minio.ObjectInfo
	err := a.again(ctx, 0, func(ctx context.Context) (err error) {
		info, err = a.core.StatObject(ctx, a.config.Bucket, key, minio.StatObjectOptions{})
		return err
	})
	if err != nil {
		return storage.Protection{}, a.fail(ctx, asked, err)
	}
	found := storage.Protection{LegalHold: info.Metadata.Get("X-Amz-Object-Lock-Legal-Hold") == string(minio.LegalHoldEnabled)}
	if until := info.Metadata.Get("X-Amz-Object-Lock-Retain-Until-Date"); until != "" {
		if found.RetainUntil, err = time.Parse(time.RFC3339, until); err != nil {
			return storage.Protection{}, a.fail(ctx, asked, err)
		}
	}
	return found, nil
}

// failLock is fail, which knows how servers say that a bucket locks nothing.
func (a *Archive) failLock(ctx context.Context, asked string, err error) error {
	switch responseOf(err).Code {
	case "InvalidRequest", "InvalidBucketObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", minio.NotImplemented:
		return &Error{Asked: asked, Err: storage.ErrNoLock,
			Remedy: "make a new bucket with object lock (mc mb --with-lock) and copy what is in the old one; it cannot be turned on later"}
	}
	return a.fail(ctx, asked, err)
}

// The probe object on which the lock is tried. It is not the one of the
// conditional PUT, which a lock would shield from that.
const (
	lockProbeKey     = storage.ProbePrefix + "lock"
	lockProbeContent = "sambung: whether this can be held and retained is tried\n"
)

// checkLock tries what the bucket's lock allows; an access key that may not set and
// see a legal hold is no fault of an archive, one that may not retain what is to be
// retained is.
func (a *Archive) checkLock(ctx context.Context, locks bool) (hold bool, err error) {
	switch {
	case locks:
	case a.config.Retention > 0:
		return false, &Error{Asked: fmt.Sprintf("look whether the bucket %q locks objects", a.config.Bucket), Err: ErrNoRetention,
			Remedy: "make a new bucket with object lock (mc mb --with-lock), or set s3.retention_days to 0"}
	default:
		return false, nil
	}
	o := storage.Object{Key: lockProbeKey, Size: int64(len(lockProbeContent)), SHA256: hashOf(lockProbeContent), ContentType: "text/plain"}
	if _, err := a.Put(ctx, o, strings.NewReader(lockProbeContent)); err != nil {
		return false, err
	}
	return a.tryHold(ctx), a.tryRetention(ctx)
}

// tryHold sets and releases a legal hold of the probe object. It looks, too: a hold
// that the access key may set and may not see is never proved.
func (a *Archive) tryHold(ctx context.Context) bool {
	if a.SetLegalHold(ctx, lockProbeKey, true) != nil {
		return false
	}
	held, err := a.Protection(ctx, lockProbeKey)
	return a.SetLegalHold(ctx, lockProbeKey, false) == nil && err == nil && held.LegalHold
}

// tryRetention retains the probe object for a minute, where objects are to be retained.
func (a *Archive) tryRetention(ctx context.Context) error {
	if a.config.Retention <= 0 {
		return nil
	}
	mode, until := minio.Governance, time.Now().Add(time.Minute).UTC().Truncate(time.Second)
	err := a.again(ctx, 0, func(ctx context.Context) error {
		return a.core.PutObjectRetention(ctx, a.config.Bucket, lockProbeKey, minio.PutObjectRetentionOptions{Mode: &mode, RetainUntilDate: &until})
	})
	if responseOf(err).Code == minio.AccessDenied {
		return &Error{Asked: "retain a probe", Err: err,
			Remedy: "the access key needs s3:PutObjectRetention on what is in the bucket, or set s3.retention_days to 0"}
	}
	if err != nil {
		return a.fail(ctx, "retain a probe", err)
	}
	return nil
}
