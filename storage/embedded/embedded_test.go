package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/storage"
	"sambung/storage/embedded"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

func start(t *testing.T, dir string) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func connect(t *testing.T, s *embedded.Server, bucket string) *s3.Archive {
	t.Helper()
	a, err := s3.New(s3.Config{Endpoint: s.Endpoint(), Bucket: bucket, CreateBucket: true, AccessKey: s.AccessKey(), SecretKey: s.SecretKey()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// TestConformance is what the real server passes, too.
func TestConformance(t *testing.T) {
	s := start(t, t.TempDir())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	var buckets atomic.Int32
	storagetest.Run(t, func(t *testing.T) storage.Archive {
		a := connect(t, s, fmt.Sprintf("bucket-%d", buckets.Add(1)))
		can, err := a.Check(t.Context())
		if err != nil || !can.ConditionalPut {
			t.Fatalf("%+v, %v", can, err)
		}
		return a
	})
}

// TestLock: objects are retained and held as on the real server.
func TestLock(t *testing.T) {
	s := start(t, t.TempDir())
	t.Cleanup(func() { _ = s.Close() })
	const retention = time.Hour
	a, err := s3.New(s3.Config{Endpoint: s.Endpoint(), Bucket: "locked", CreateBucket: true, AccessKey: s.AccessKey(), SecretKey: s.SecretKey(), Retention: retention})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	client, err := minio.New(s.Endpoint(), &minio.Options{Creds: credentials.NewStaticV4(s.AccessKey(), s.SecretKey(), "")})
	if err != nil {
		t.Fatal(err)
	}
	storagetest.RunLock(t, retention, func(*testing.T) storagetest.Locking { return a }, func(ctx context.Context, key string) error {
		return client.RemoveObject(ctx, "locked", key, minio.RemoveObjectOptions{})
	})
}

// TestKeeps: what was archived is there after a restart, under new keys.
func TestKeeps(t *testing.T) {
	dir := t.TempDir()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	first := start(t, dir)
	a := connect(t, first, "keeps")
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	content := []byte("what was said")
	o := storage.Object{Key: "recordings/1.wav", Size: int64(len(content)), SHA256: storagetest.Hash(content)}
	if _, err := a.Put(t.Context(), o, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if second, err := embedded.Start(t.Context(), embedded.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "another folder") {
		t.Errorf("a second server in the folder: %v, %v", second, err)
	}
	for range 2 { // whoever defers it, too, may close it before
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if back, err := os.Getwd(); err != nil || back != here {
		t.Errorf("the working directory is %s after, %v; it was %s", back, err, here)
	}
	again := start(t, dir)
	defer again.Close()
	body, _, err := connect(t, again, "keeps").Get(t.Context(), o.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestTakenAddress: whoever is quicker at an address that was free is told apart, which is
// what another address is tried for; and the working directory is what it was.
func TestTakenAddress(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Listen: taken.Addr().String()}); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("at an address that is taken: %v", err)
	}
	if back, err := os.Getwd(); err != nil || back != here {
		t.Errorf("the working directory is %s after, %v; it was %s", back, err, here)
	}
}
