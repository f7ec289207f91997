package realservers

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// MinIOServer is a MinIO of the test's own, without TLS and with no bucket yet.
type MinIOServer struct {
	process
	Endpoint  string // host:port
	AccessKey string
	SecretKey string
}

// MinIOOption changes a server that [MinIO] starts.
type MinIOOption func(*minioOptions)

type minioOptions struct{ env []string }

// MinIOEnv sets a variable of the server's environment.
func MinIOEnv(name, value string) MinIOOption {
	return func(o *minioOptions) { o.env = append(o.env, name+"="+value) }
}

// MinIO starts a single-drive MinIO and returns when it serves.
func MinIO(t testing.TB, opts ...MinIOOption) *MinIOServer {
	t.Helper()
	path, port, console, dir := program(t, "minio"), singlePorts.reserve(t), singlePorts.reserve(t), t.TempDir()
	s := &MinIOServer{Endpoint: loopback(port), AccessKey: "sambung-test", SecretKey: "sambung-test-secret"}
	o := minioOptions{env: []string{
		"MINIO_ROOT_USER=" + s.AccessKey,
		"MINIO_ROOT_PASSWORD=" + s.SecretKey,
		"MINIO_BROWSER=off",
		"MINIO_UPDATE=off",
		"HOME=" + dir, // where it would keep certificates
	}}
	for _, opt := range opts {
		opt(&o)
	}
	s.process = process{
		t:    t,
		name: "minio",
		log:  filepath.Join(dir, "minio.log"),
		command: func() *exec.Cmd {
			cmd := exec.Command(path, "server", "--quiet",
				"--address", s.Endpoint, "--console-address", loopback(console), filepath.Join(dir, "drive"))
			cmd.Env = append(os.Environ(), o.env...)
			return cmd
		},
		ready: func(ctx context.Context) error {
			return get(ctx, "http://"+s.Endpoint+"/minio/health/ready", "", "")
		},
	}
	s.run()
	return s
}

// get returns nil when the URL answers 200.
func get(ctx context.Context, url, user, password string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	// No kept-alive connection: it would count against the server's sessions.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", url, resp.Status)
	}
	return nil
}
