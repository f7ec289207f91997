package doctor_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7/pkg/signer"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/doctor"
	"sambung/daemon/epoch"
	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// brokenServers are faults of Redis, S3, the calendar and the clock.
func brokenServers() []broken {
	office := time.Now().In(time.FixedZone("WIB", 7*60*60)) // a year begins there first
	return []broken{
		{"eviction on", redisWith("maxmemory-policy", "allkeys-lru"), "redis", `maxmemory-policy is "allkeys-lru"`, "set maxmemory-policy noeviction"},
		{"AOF off", redisWith("appendonly", "no"), "redis", `appendonly is "no"`, "set appendonly yes"},
		{"AOF not written through", redisWith("appendfsync", "everysec"), "redis", `appendfsync is "everysec"`, "set appendfsync always"},
		{"Redis asks for a password", redisWith("requirepass", "the-redis-password"), "redis", "asks for a password", "redis.password_file"},
		{"wrong Redis password", func(t *testing.T, i *installation, c *configs.Config, o *doctor.Options) {
			redisWith("requirepass", "the-redis-password")(t, i, c, o)
			c.Redis.Password = configs.NewSecret("another-password")
		}, "redis", "refuses the password", "redis.password_file"},
		{"bucket missing", func(_ *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.S3.Bucket = "no-such-bucket"
		}, "s3", "the bucket does not exist", "mc mb --with-lock ALIAS/no-such-bucket), or set create_bucket: true"},
		{"wrong secret", func(_ *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.S3.SecretKey = configs.NewSecret("another-secret-key")
		}, "s3", "look for the bucket", "secret_key_file"},
		{"no conditional PUT", func(t *testing.T, i *installation, c *configs.Config, _ *doctor.Options) {
			c.S3.Endpoint = unconditional(t, i.minio)
		}, "s3", "overwrites objects although the request forbids it", "a release that knows conditional writes"},
		{"links under a name that a proxy changes", func(t *testing.T, i *installation, c *configs.Config, _ *doctor.Options) {
			c.S3.PublicEndpoint = renaming(t, i.minio)
		}, "s3", "links to recordings are refused at http://127.0.0.1:", "have the proxy there pass Host"},
		{"links to another server", func(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			other := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(other.Close)
			c.S3.PublicEndpoint = other.URL
		}, "s3", "does not have the archive", "correct s3.public_endpoint"},
		{"ledger set back", setBack, "epoch", "the ledger is older than the archive", "restore the latest append-only file"},
		{"this year's holidays missing", func(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.Calendar.Dir = calendar(t, office.Year()-1, office.Year()+1)
		}, "calendar", "are missing", "add holidays-" + office.Format("2006") + ".yaml"},
		{"clock off by two minutes", func(_ *testing.T, _ *installation, _ *configs.Config, o *doctor.Options) {
			o.Now = func() time.Time { return time.Now().Add(-2 * time.Minute) }
		}, "clock", " behind those of redis, s3, switch pbx1", "timedatectl set-ntp true"},
	}
}

// redisWith is another Redis with one setting of its own; it has no agents.
func redisWith(setting, value string) func(*testing.T, *installation, *configs.Config, *doctor.Options) {
	return func(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
		c.Redis.Addrs = []string{realservers.Redis(t, realservers.RedisConfig(setting, value)).Addr}
	}
}

// setBack is a bucket that has seen more than the ledger.
func setBack(t *testing.T, i *installation, c *configs.Config, _ *doctor.Options) {
	c.S3.Bucket = "of-a-newer-ledger"
	i.makeBucket(t, c.S3)
	archive, err := s3.New(daemon.ArchiveConfig(c.S3))
	must(t, err)
	defer archive.Close()
	content := "3\n"
	o := storage.Object{Key: epoch.Mark(3), Size: int64(len(content)), SHA256: storagetest.Hash([]byte(content))}
	_, err = archive.Put(t.Context(), o, strings.NewReader(content))
	must(t, err)
}

// unconditional is a MinIO that does not know If-None-Match: a proxy takes it
// off and signs the request anew.
func unconditional(t *testing.T, server *realservers.MinIOServer) string {
	t.Helper()
	target, err := url.Parse("http://" + server.Endpoint)
	must(t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("If-None-Match")
			r.Out.Header.Del("Authorization")
			r.Out.Header.Del("X-Forwarded-For")
		},
		Transport: signing{server},
	})
	t.Cleanup(proxy.Close)
	return strings.TrimPrefix(proxy.URL, "http://")
}

// renaming is a proxy before MinIO that does not pass Host on.
func renaming(t *testing.T, server *realservers.MinIOServer) string {
	t.Helper()
	target, err := url.Parse("http://" + server.Endpoint)
	must(t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

type signing struct{ server *realservers.MinIOServer }

func (s signing) RoundTrip(r *http.Request) (*http.Response, error) {
	signed := signer.SignV4(*r.WithContext(context.WithoutCancel(r.Context())), s.server.AccessKey, s.server.SecretKey, "", "us-east-1")
	return http.DefaultTransport.RoundTrip(signed)
}
