package failover

import (
	"context"
	"log/slog"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/configs"
)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// copyAll copies a bucket object by object, with their metadata.
func copyAll(ctx context.Context, o *office, from, to configs.S3) {
	o.Helper()
	source, target := o.client(from), o.client(to)
	for info := range source.ListObjects(ctx, from.Bucket, minio.ListObjectsOptions{Recursive: true}) {
		o.must(info.Err)
		stat, err := source.StatObject(ctx, from.Bucket, info.Key, minio.StatObjectOptions{})
		o.must(err)
		body, err := source.GetObject(ctx, from.Bucket, info.Key, minio.GetObjectOptions{})
		o.must(err)
		_, err = target.PutObject(ctx, to.Bucket, info.Key, body, stat.Size, minio.PutObjectOptions{
			UserMetadata: stat.UserMetadata, ContentType: stat.ContentType, DisableMultipart: true, SendContentMd5: true,
		})
		o.must(err)
		o.must(body.Close())
	}
}

func (o *office) client(c configs.S3) *minio.Client {
	o.Helper()
	client, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey.Reveal(), c.SecretKey.Reveal(), "")})
	o.must(err)
	return client
}
