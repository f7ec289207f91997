package s3

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Clock reads the server's clock from the Date of an answer (RFC 9110, section
// 6.6.1), in whole seconds, rounded down. It needs no rights, so it works where
// requests are refused because the clocks differ.
func (a *Archive) Clock(ctx context.Context) (time.Time, error) {
	ctx, cancel := a.limit(ctx, 0)
	defer cancel()
	target := a.core.EndpointURL()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, target.Scheme+"://"+target.Host+"/", nil)
	if err != nil {
		return time.Time{}, fmt.Errorf("s3: %w", err)
	}
	resp, err := a.transport.RoundTrip(req)
	if err != nil {
		return time.Time{}, a.fail(ctx, "read the clock", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // so that the connection is used again
	at, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return time.Time{}, fmt.Errorf("s3: read the clock: the server's answer has no Date: %w", err)
	}
	return at, nil
}
