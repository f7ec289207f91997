package s3

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// Error is a request that failed.
type Error struct {
	Asked string // what was asked of the server
	// Remedy is what an operator would have to do; empty where it is not known.
	Remedy string
	Err    error
}

func (e *Error) Error() string {
	text := fmt.Sprintf("s3: %s: %v", e.Asked, e.Err)
	if e.Remedy != "" {
		text += ": " + e.Remedy
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// fail says what was asked, what is wrong and, where it is known, what would
// be right. ctx is that of the request.
func (a *Archive) fail(ctx context.Context, asked string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	response := responseOf(err)
	if response.Code == minio.NoSuchKey {
		return fmt.Errorf("s3: %s: %w", asked, storage.ErrNotFound)
	}
	if remedy := a.remedy(response, err); remedy != "" {
		return &Error{Asked: asked, Remedy: remedy, Err: err}
	}
	return &Error{Asked: asked + " at " + a.config.Endpoint, Err: err}
}

// remedy says what an operator would have to do.
func (a *Archive) remedy(response minio.ErrorResponse, err error) string {
	c := a.config
	switch response.Code {
	case minio.NoSuchBucket:
		return fmt.Sprintf("make the bucket %q at %s (mc mb --with-lock ALIAS/%s), or set create_bucket: true", c.Bucket, c.Endpoint, c.Bucket)
	case minio.SignatureDoesNotMatch:
		return "the secret key is not the one that belongs to the access key; look at secret_key_file"
	case "InvalidAccessKeyId":
		return "the server does not know the access key; look at access_key_file"
	case minio.AccessDenied:
		return fmt.Sprintf("the access key needs s3:ListBucket, s3:GetBucketLocation and s3:GetBucketObjectLockConfiguration on %q, s3:GetObject and s3:PutObject on what is in it, and s3:CreateBucket where create_bucket is set; where it has them, look at both keys", c.Bucket)
	case "RequestTimeTooSkewed":
		return "the clocks of this machine and the server differ by more than the server allows; run NTP on both"
	case "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded":
		return "the server has no room left; extend it. Until then recordings wait in the spool"
	}
	switch text := err.Error(); {
	case errors.Is(err, storage.ErrCorrupt):
		return "if it stays so when it is read again, the server has damaged it: heal it (mc admin heal), or have the object removed and it is put anew"
	case strings.Contains(text, "server gave HTTP response to HTTPS client"):
		return "the server does not speak TLS; set secure: false, or turn TLS on at the server"
	case strings.Contains(text, "HTTP request to an HTTPS server"):
		return "the server speaks TLS; set secure: true"
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "the server's certificate is from an authority that this machine does not trust; add it to the system's trust store"
	}
	return ""
}
