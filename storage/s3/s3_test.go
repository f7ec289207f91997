package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// open makes an archive on the server, and its bucket.
func open(t *testing.T, server *realservers.MinIOServer, change ...func(*s3.Config)) *s3.Archive {
	t.Helper()
	a := connect(t, server, append([]func(*s3.Config){func(c *s3.Config) { c.CreateBucket = true }}, change...)...)
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

// connect makes an archive without a word to the server.
func connect(t *testing.T, server *realservers.MinIOServer, change ...func(*s3.Config)) *s3.Archive {
	t.Helper()
	c := s3.Config{Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Bucket: "sambung"}
	for _, f := range change {
		f(&c)
	}
	a, err := s3.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// through has the archive reach the server by another address.
func through(addr string) func(*s3.Config) {
	return func(c *s3.Config) { c.Endpoint = addr }
}

func object(key string, content []byte) storage.Object {
	return storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content), ContentType: "audio/wav"}
}

func put(ctx context.Context, a storage.Archive, key string, content []byte) error {
	_, err := a.Put(ctx, object(key, content), bytes.NewReader(content))
	return err
}

func read(ctx context.Context, a storage.Archive, key string) ([]byte, error) {
	body, _, err := a.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}

// wantContent reads over a connection that nothing harms.
func wantContent(t *testing.T, a storage.Archive, key string, want []byte) {
	t.Helper()
	got, err := read(t.Context(), a, key)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s holds %d bytes, %v; want the %d bytes that were put", key, len(got), err, len(want))
	}
}

func TestSuite(t *testing.T) {
	t.Parallel()
	a := open(t, realservers.MinIO(t))
	storagetest.Run(t, func(*testing.T) storage.Archive { return a })
}

// What is archived outlives the server's power.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	a := open(t, server)
	content := bytes.Repeat([]byte("sound"), 100_000)
	if err := put(t.Context(), a, "before", content); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	if err := put(t.Context(), a, "during", content); err == nil || errors.Is(err, storage.ErrConflict) {
		t.Errorf("Put without a server: %v", err)
	}
	if _, err := a.Stat(t.Context(), "before"); err == nil || errors.Is(err, storage.ErrNotFound) {
		t.Errorf("Stat without a server: %v; nobody can know that", err)
	}
	server.Restart()
	if err := put(t.Context(), a, "during", content); err != nil {
		t.Errorf("Put after the restart: %v", err)
	}
	wantContent(t, a, "before", content)
	wantContent(t, a, "during", content)
}
