package realservers

import (
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func TestMinIOKeepsDataOverKill(t *testing.T) {
	t.Parallel()
	s := MinIO(t)
	client, err := minio.New(s.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.MakeBucket(t.Context(), "bucket", minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		t.Fatal(err)
	}
	s.Restart()
	buckets, err := client.ListBuckets(t.Context())
	if err != nil || len(buckets) != 1 || buckets[0].Name != "bucket" {
		t.Fatalf("after a kill: buckets %v, %v", buckets, err)
	}
	s.Stop()
	if _, err := client.ListBuckets(t.Context()); err == nil {
		t.Fatal("a stopped server still answers")
	}
}
