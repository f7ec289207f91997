package s3_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/storage/s3"
)

func wantText(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "secret") && strings.Contains(err.Error(), "wrong-secret-key") {
		t.Errorf("%q repeats the secret", err)
	}
}

func TestCheckSaysTheRemedy(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	_, err := connect(t, server).Check(t.Context())
	wantText(t, err, `make the bucket "sambung" at `+server.Endpoint, "mc mb", "create_bucket: true")
	if !errors.Is(err, s3.ErrNoBucket) {
		t.Errorf("%v is not ErrNoBucket", err)
	}
	for name, c := range map[string]struct {
		change func(*s3.Config)
		words  []string
	}{
		"wrong secret":        {func(c *s3.Config) { c.SecretKey = "wrong-secret-key" }, []string{"look for the bucket", "secret_key_file"}},
		"with a region":       {func(c *s3.Config) { c.SecretKey, c.Region = "wrong-secret-key", "us-east-1" }, []string{"secret_key_file"}},
		"wrong access key":    {func(c *s3.Config) { c.AccessKey = "nobody" }, []string{"access_key_file"}},
		"TLS":                 {func(c *s3.Config) { c.Secure = true }, []string{"secure: false"}},
		"nobody there":        {func(c *s3.Config) { c.Endpoint = "127.0.0.1:1" }, []string{"127.0.0.1:1", "connection refused"}},
		"no such bucket name": {func(c *s3.Config) { c.Bucket = "No" }, []string{"ucket name"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := connect(t, server, c.change).Check(t.Context())
			wantText(t, err, c.words...)
		})
	}
}

// Without a bucket nothing looks like an archive that is empty.
func TestNoBucketIsNotNotFound(t *testing.T) {
	t.Parallel()
	a := connect(t, realservers.MinIO(t))
	_, stat := a.Stat(t.Context(), "key")
	_, get := read(t.Context(), a, "key")
	var list error
	for _, err := range a.List(t.Context(), "") {
		list = err
	}
	for _, err := range []error{stat, get, list, put(t.Context(), a, "key", []byte("x"))} {
		wantText(t, err, "create_bucket: true")
	}
}

func TestNewRefuses(t *testing.T) {
	good := s3.Config{Endpoint: "localhost:9000", Bucket: "b", AccessKey: "a", SecretKey: "s"}
	for name, change := range map[string]func(*s3.Config){
		"a scheme":  func(c *s3.Config) { c.Endpoint = "http://localhost:9000" },
		"no host":   func(c *s3.Config) { c.Endpoint = "" },
		"no bucket": func(c *s3.Config) { c.Bucket = "" },
		"no secret": func(c *s3.Config) { c.SecretKey = "" },
	} {
		c := good
		change(&c)
		if _, err := s3.New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCheckCreatesTheBucketWithObjectLock(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	create := func(c *s3.Config) { c.CreateBucket = true }
	for range 2 {
		c, err := connect(t, server, create).Check(t.Context())
		if err != nil || !c.ConditionalPut || !c.ObjectLock {
			t.Errorf("Check: %+v, %v", c, err)
		}
	}
	// Two daemons that start together.
	errs := make(chan error)
	for range 2 {
		a := connect(t, server, create, func(c *s3.Config) { c.Bucket = "together" })
		go func() {
			_, err := a.Check(context.WithoutCancel(t.Context()))
			errs <- err
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Errorf("started together: %v", err)
		}
	}
}

// servers that cannot keep an archive. They answer as S3 does, as far as Check asks.
func TestCheckFindsPoorServers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
		words  []string
	}{
		"overwrites": {func(w http.ResponseWriter, r *http.Request) {}, s3.ErrNoConditionalPut, []string{"If-None-Match", "MinIO"}},
		"forgets": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				w.WriteHeader(http.StatusPreconditionFailed)
			}
			w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		}, s3.ErrNoMetadata, []string{"x-amz-meta-*"}},
		"does not know conditions": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				w.WriteHeader(http.StatusNotImplemented)
			}
		}, nil, []string{"put a probe", "501"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			t.Cleanup(server.Close)
			a, err := s3.New(s3.Config{
				Endpoint: strings.TrimPrefix(server.URL, "http://"), Region: "us-east-1",
				Bucket: "sambung", AccessKey: "a", SecretKey: "s",
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = a.Close() })
			_, err = a.Check(t.Context())
			wantText(t, err, c.words...)
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}
