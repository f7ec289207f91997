package s3

import (
	"context"
	"fmt"
	"mime"
	"net/url"
	"time"

	"sambung/storage"
)

var _ storage.Linker = (*Archive)(nil)

// Link implements [storage.Linker] by a presigned request (AWS Signature Version 4,
// query parameters). Whoever uses it must reach the server under the endpoint's name.
func (a *Archive) Link(ctx context.Context, key, name string, lasts time.Duration) (string, error) {
	if err := storage.ValidateKey(key); err != nil {
		return "", fmt.Errorf("s3: link: %w", err)
	}
	answer := url.Values{}
	answer.Set("response-content-disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	answer.Set("response-cache-control", "no-store")
	u, err := a.core.PresignedGetObject(ctx, a.config.Bucket, key, lasts, answer)
	if err != nil {
		return "", a.fail(ctx, "link "+key, err)
	}
	return u.String(), nil
}
