package s3_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/embedded"
	"sambung/storage/s3"
)

// linkable is an archive that hands out links.
type linkable interface {
	storage.Archive
	storage.Linker
}

// TestLinks: whoever has a link fetches that object, in pieces too, for as long as
// it lasts, and nothing else.
func TestLinks(t *testing.T) {
	t.Run("MinIO", func(t *testing.T) { links(t, open(t, realservers.MinIO(t)), true) })
	t.Run("embedded", func(t *testing.T) {
		server, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Close() })
		a, err := s3.New(s3.Config{Endpoint: server.Endpoint(), AccessKey: server.AccessKey(), SecretKey: server.SecretKey(), Bucket: "sambung", CreateBucket: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		links(t, a, false)
	})
}

func links(t *testing.T, a linkable, named bool) {
	const key, content = "recordings/2026/11/23/X/1.wav", "the sound of a talk"
	for _, k := range []string{key, "recordings/2026/11/23/X/2.wav"} {
		if err := put(t.Context(), a, k, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	link, err := a.Link(t.Context(), key, "X-1.wav", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("X-Amz-Expires") != "60" {
		t.Fatalf("%v: it lasts %q s", err, u.Query().Get("X-Amz-Expires"))
	}
	status, header, body := get(t, link, "")
	if status != http.StatusOK || body != content || named && !strings.Contains(header.Get("Content-Disposition"), "X-1.wav") {
		t.Errorf("%d, %q, %v", status, body, header)
	}
	if status, _, body := get(t, link, "bytes=4-8"); status != http.StatusPartialContent || body != content[4:9] {
		t.Errorf("a piece: %d, %q", status, body)
	}
	if status, _, _ := get(t, strings.Replace(link, "/1.wav", "/2.wav", 1), ""); status != http.StatusForbidden {
		t.Errorf("another object: %d", status)
	}
	if status, _, _ := get(t, strings.Replace(link, "X-Amz-Expires=60", "X-Amz-Expires=600", 1), ""); status != http.StatusForbidden {
		t.Errorf("a longer time: %d", status)
	}
	short, err := a.Link(t.Context(), key, "X-1.wav", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	expired := false
	for end := time.Now().Add(20 * time.Second); !expired && time.Now().Before(end); {
		status, _, _ := get(t, short, "") // until the server's clock has passed it
		expired = status == http.StatusForbidden
	}
	if !expired {
		t.Error("a link of one second can be used after 20")
	}
	if _, err := a.Link(t.Context(), "../x", "x", time.Minute); err == nil {
		t.Error("a link to a key that is none")
	}
}

// TestLinksNameThePublicEndpoint: the server has two names, and the daemon need reach
// it under one alone. What is signed for one name is worth nothing under the other.
func TestLinksNameThePublicEndpoint(t *testing.T) {
	server := realservers.MinIO(t)
	const key, content = "recordings/2026/11/23/X/1.wav", "the sound of a talk"
	if err := put(t.Context(), open(t, server), key, []byte(content)); err != nil {
		t.Fatal(err)
	}
	public := strings.Replace(server.Endpoint, "127.0.0.1", "localhost", 1)
	for _, region := range []string{"", "us-east-1"} {
		a := connect(t, server, func(c *s3.Config) { c.PublicEndpoint, c.Region = "http://"+public, region })
		link, err := a.Link(t.Context(), key, "X-1.wav", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(link, "http://"+public+"/") {
			t.Errorf("region %q: %s", region, link)
		}
		if status, _, body := get(t, link, ""); status != http.StatusOK || body != content {
			t.Errorf("region %q: %d, %q", region, status, body)
		}
		if status, _, _ := get(t, strings.Replace(link, public, server.Endpoint, 1), ""); status != http.StatusForbidden {
			t.Errorf("region %q, under the other name: %d", region, status)
		}
	}
	unreached := connect(t, server, func(c *s3.Config) { c.PublicEndpoint = "https://archive.invalid" })
	if link, err := unreached.Link(t.Context(), key, "X-1.wav", time.Minute); err != nil || !strings.HasPrefix(link, "https://archive.invalid/sambung/") {
		t.Errorf("%s, %v", link, err)
	}
}

func TestAPublicEndpointIsSchemeAndHost(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"s3.example.go.id", "ftp://s3.example.go.id", "https://", "https://s3.example.go.id/", "https://s3.example.go.id/archive", "https://key:secret@s3.example.go.id"} {
		_, err := s3.New(s3.Config{Endpoint: "127.0.0.1:9000", AccessKey: "a", SecretKey: "b", Bucket: "sambung", PublicEndpoint: bad})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func get(t *testing.T, link, piece string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if piece != "" {
		r.Header.Set("Range", piece)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}
