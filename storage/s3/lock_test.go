package s3_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

const retention = time.Hour

func retaining(c *s3.Config) { c.Retention = retention }

// raw is the bucket past the archive, with the archive's own key.
func raw(t *testing.T, server *realservers.MinIOServer) *minio.Client {
	t.Helper()
	c, err := minio.New(server.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(server.AccessKey, server.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLockSuite(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	a := open(t, server, retaining)
	client := raw(t, server)
	storagetest.RunLock(t, retention, func(*testing.T) storagetest.Locking { return a }, func(ctx context.Context, key string) error {
		info, err := client.StatObject(ctx, "sambung", key, minio.StatObjectOptions{})
		if err != nil {
			return err
		}
		return client.RemoveObject(ctx, "sambung", key, minio.RemoveObjectOptions{VersionID: info.VersionID})
	})
}

// TestNoLock: a bucket that locks nothing keeps an archive, unless it is to retain.
func TestNoLock(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	if err := raw(t, server).MakeBucket(t.Context(), "sambung", minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	a := connect(t, server)
	if can, err := a.Check(t.Context()); err != nil || can.ObjectLock || can.LegalHold {
		t.Errorf("Check: %+v, %v", can, err)
	}
	if err := put(t.Context(), a, "recordings/x", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if p, err := a.Protection(t.Context(), "recordings/x"); err != nil || p != (storage.Protection{}) {
		t.Errorf("%+v, %v", p, err)
	}
	err := a.SetLegalHold(t.Context(), "recordings/x", true)
	wantText(t, err, "--with-lock")
	if !errors.Is(err, storage.ErrNoLock) {
		t.Errorf("%v is not ErrNoLock", err)
	}
	_, err = connect(t, server, retaining).Check(t.Context())
	wantText(t, err, "s3.retention_days", "--with-lock")
	if !errors.Is(err, s3.ErrNoRetention) {
		t.Errorf("%v is not ErrNoRetention", err)
	}
}

// TestHoldThatIsNotSeen: a server leaves the hold out of its answer to an access key
// without s3:GetObjectLegalHold.
func TestHoldThatIsNotSeen(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	open(t, server) // makes the bucket
	unseen := answering(t, server, func(r *http.Response) error {
		r.Header.Del("X-Amz-Object-Lock-Legal-Hold")
		return nil
	})
	if can, err := connect(t, server, through(unseen)).Check(t.Context()); err != nil || !can.ObjectLock || can.LegalHold {
		t.Errorf("Check: %+v, %v", can, err)
	}
	if p, err := connect(t, server).Protection(t.Context(), "probe/lock"); err != nil || p.LegalHold {
		t.Errorf("the probe is left held: %+v, %v", p, err)
	}
}
