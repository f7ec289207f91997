package s3

import (
	"context"
	"fmt"
	"mime"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/storage"
)

var _ storage.Linker = (*Archive)(nil)

// Link implements [storage.Linker] by a presigned request (AWS Signature Version 4,
// query parameters). The signature covers the host: whoever uses it must reach the
// server under the name of the public endpoint, or else the endpoint, and what stands
// before the server must pass Host on.
func (a *Archive) Link(ctx context.Context, key, name string, lasts time.Duration) (string, error) {
	if err := storage.ValidateKey(key); err != nil {
		return "", fmt.Errorf("s3: link: %w", err)
	}
	answer := url.Values{}
	answer.Set("response-content-disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	answer.Set("response-cache-control", "no-store")
	signer, err := a.signer(ctx)
	if err != nil {
		return "", a.fail(ctx, "link "+key, err)
	}
	u, err := signer.PresignedGetObject(ctx, a.config.Bucket, key, lasts, answer)
	if err != nil {
		return "", a.fail(ctx, "link "+key, err)
	}
	return u.String(), nil
}

// signer signs for the address that links name. It asks that address for nothing,
// because the daemon need not reach it: the region comes from the endpoint.
func (a *Archive) signer(ctx context.Context) (*minio.Client, error) {
	if a.public == nil {
		return a.core.Client, nil
	}
	region := a.config.Region
	if region == "" {
		err := a.again(ctx, 0, func(ctx context.Context) (err error) {
			region, err = a.core.GetBucketLocation(ctx, a.config.Bucket) // kept by the client
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return minio.New(a.public.Host, &minio.Options{
		Creds: a.credentials(), Secure: a.public.Scheme == "https", Region: region, Transport: a.transport,
	})
}

func (a *Archive) credentials() *credentials.Credentials {
	return credentials.NewStaticV4(a.config.AccessKey, a.config.SecretKey, "")
}
