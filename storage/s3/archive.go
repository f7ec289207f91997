package s3

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"sambung/storage"
)

// Config is what an Archive is told.
type Config struct {
	Endpoint string // host or host:port, without a scheme
	Secure   bool   // TLS
	// PublicEndpoint is scheme and host of the same server as those reach it who get
	// a link; empty: that of Endpoint. Nothing is sent there.
	PublicEndpoint string
	Region         string // empty: the server is asked
	AccessKey      string
	SecretKey      string
	Bucket         string
	// CreateBucket makes Check create a bucket that is not there, with object
	// lock where the server knows it.
	CreateBucket bool
	// Retention is for how long, in governance mode, evidence can be neither
	// deleted nor replaced after it was put; 0: no retention. Check fails where
	// it is set and the server does not retain.
	Retention time.Duration
	// Timeout bounds a request without content, and the wait for each next
	// piece of one with content; 0 stands for 30 s.
	Timeout time.Duration
	// MinRate is the slowest transfer that is waited for, in bytes a second; 0
	// stands for 256 KiB/s.
	MinRate int64
}

// Archive is a bucket on an S3 server. Make it with New.
type Archive struct {
	config    Config
	core      minio.Core
	public    *url.URL // of links; nil: the endpoint
	transport *http.Transport
}

var _ storage.Archive = (*Archive)(nil)

const (
	// hashKey is the name of the metadata that holds the hash.
	hashKey = "Sha256"
	// maxConns bounds the connections to the server.
	maxConns = 32
)

// New makes an archive; it does not speak to the server, Check does.
func New(c Config) (*Archive, error) {
	if c.Bucket == "" || c.AccessKey == "" || c.SecretKey == "" {
		return nil, errors.New("s3: bucket, access key and secret key must be given")
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.MinRate <= 0 {
		c.MinRate = 256 << 10
	}
	a := &Archive{config: c, transport: newTransport(c.Timeout)}
	if c.Endpoint == "" || strings.Contains(c.Endpoint, "/") {
		return nil, fmt.Errorf("s3: the endpoint %q must be a host or host:port, without a scheme or a path", c.Endpoint)
	}
	if c.PublicEndpoint != "" {
		u, err := url.Parse(c.PublicEndpoint)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Scheme+"://"+u.Host != c.PublicEndpoint {
			return nil, fmt.Errorf("s3: the public endpoint must be scheme and host, as https://s3.example.go.id, without a path")
		}
		a.public = u
	}
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:      a.credentials(),
		Secure:     c.Secure,
		Region:     c.Region,
		Transport:  a.transport,
		MaxRetries: 1, // see again
	})
	if err != nil {
		return nil, fmt.Errorf("s3: the endpoint %q: %w", c.Endpoint, err)
	}
	a.core = minio.Core{Client: client}
	return a, nil
}

// Close closes the connections that are not in use.
func (a *Archive) Close() error {
	a.transport.CloseIdleConnections()
	return nil
}

func newTransport(timeout time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: min(timeout, 5*time.Second), KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   min(timeout, 10*time.Second),
		ResponseHeaderTimeout: timeout,
		IdleConnTimeout:       time.Minute,
		MaxConnsPerHost:       maxConns,
		MaxIdleConnsPerHost:   maxConns / 2,
		DisableCompression:    true, // content comes as it was stored
	}
}

// limit is a context for a request that moves so many bytes.
func (a *Archive) limit(ctx context.Context, bytes int64) (context.Context, context.CancelFunc) {
	transfer := time.Duration(float64(bytes) / float64(a.config.MinRate) * float64(time.Second))
	why := fmt.Errorf("no answer within %s and %s for %d bytes: %w", a.config.Timeout, transfer.Round(time.Second), bytes, context.DeadlineExceeded)
	return context.WithTimeoutCause(ctx, a.config.Timeout+transfer, why)
}

// object is what the server's headers say of an object.
func object(i minio.ObjectInfo) storage.Object {
	return storage.Object{
		Key: i.Key, Size: i.Size, SHA256: i.UserMetadata[hashKey],
		ContentType: i.ContentType, Modified: i.LastModified.UTC(),
	}
}
