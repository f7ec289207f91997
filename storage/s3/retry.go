package s3

import (
	"context"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// tries is how often a request is made that fails in a way that may pass.
const tries = 4

// again calls f until it succeeds, fails in a way that does not pass, or was
// called often enough. The client itself repeats nothing: it would not repeat
// all that may pass, and would rewind a body while the failed attempt may still
// read it.
func again(ctx context.Context, f func() error) error {
	for try := 1; ; try++ {
		err := f()
		if err == nil || try == tries || ctx.Err() != nil || !mayPass(err) {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// again calls f under a limit for so many bytes each time.
func (a *Archive) again(ctx context.Context, bytes int64, f func(context.Context) error) error {
	return again(ctx, func() error {
		limited, cancel := a.limit(ctx, bytes)
		defer cancel()
		return explain(ctx, limited, f(limited))
	})
}

// explain says why a request has failed whose own context, limited, has ended
// before ctx: "context canceled" alone helps nobody.
func explain(ctx, limited context.Context, err error) error {
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return context.Cause(limited)
	}
	return err
}

// pause waits longer after every try, each time differently.
func pause(ctx context.Context, try int) error {
	longest := 100 * time.Millisecond << try
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// mayPass reports whether a request that failed like this may succeed when it
// is made again.
func mayPass(err error) bool {
	if errors.Is(err, storage.ErrCorrupt) || errors.Is(err, storage.ErrNotFound) {
		return false
	}
	response := responseOf(err)
	switch response.Code {
	case "ConditionalRequestConflict", // another conditional PUT was under way: 409
		minio.AuthorizationHeaderMalformed, minio.InvalidRegion, // the client has learnt the region now
		"RequestTimeout", "SlowDown", "Throttling", "InternalError":
		return true
	}
	switch code := response.StatusCode; code {
	case 0: // no answer, or none that was understood
		return !errors.As(err, new(x509.UnknownAuthorityError)) && !strings.Contains(err.Error(), "HTTP response to HTTPS client")
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return code >= http.StatusInternalServerError && code != http.StatusNotImplemented
	}
}

// responseOf is the server's answer that err wraps; empty if there was none.
func responseOf(err error) (response minio.ErrorResponse) {
	errors.As(err, &response)
	return response
}
