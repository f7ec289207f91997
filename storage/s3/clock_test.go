package s3_test

import (
	"errors"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/storage/s3"
)

func TestClock(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	before := time.Now()
	// Without rights, too.
	at, err := connect(t, server, func(c *s3.Config) { c.SecretKey = "wrong-secret-key" }).Clock(t.Context())
	if err != nil || at.Before(before.Add(-2*time.Second)) || at.After(time.Now()) {
		t.Errorf("%s, %v, asked at %s", at, err, before)
	}
	_, err = connect(t, server, through("127.0.0.1:1")).Clock(t.Context())
	wantText(t, err, "read the clock", "connection refused")
}

// An operator's tool shows the remedy apart from what is wrong.
func TestErrorHasTheRemedyApart(t *testing.T) {
	t.Parallel()
	_, err := connect(t, realservers.MinIO(t)).Check(t.Context())
	var failed *s3.Error
	if !errors.As(err, &failed) || !errors.Is(failed.Err, s3.ErrNoBucket) {
		t.Fatalf("%#v", err)
	}
	wantText(t, errors.New(failed.Remedy), "create_bucket: true")
}
