package s3_test

import (
	"testing"

	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// open makes an archive on the server, and its bucket.
func open(t *testing.T, server *realservers.MinIOServer, change ...func(*s3.Config)) *s3.Archive {
	t.Helper()
	c := s3.Config{
		Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey,
		Bucket: "sambung", CreateBucket: true,
	}
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

func TestSuite(t *testing.T) {
	server := realservers.MinIO(t)
	a := open(t, server)
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	storagetest.Run(t, func(*testing.T) storage.Archive { return a })
}
