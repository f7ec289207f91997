// Package embedded starts an S3 server in the process, on a folder: the archive
// of demonstrations and tests, where no server is installed. It speaks S3 like
// any other, and package s3 is its client; the objects lie as plain files under
// <folder>/objects/<bucket>/<key>.
//
// The server library has two habits to know. There is one server in a process at
// most, and the process's working directory becomes the folder of the objects
// until it is closed: whoever starts it resolves relative paths before.
package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

// Options say where the objects lie.
type Options struct {
	// Dir is the folder; it is made. Two servers cannot share one.
	Dir string
	// Listen is the address; 127.0.0.1 with a free port if empty.
	Listen string
}

// Server is a running S3 server. Make it with Start.
type Server struct {
	endpoint, access, secret string
	objects                  string
	before                   string // the working directory that Close goes back to
	lock                     *os.File
	stop                     context.CancelFunc
	ended                    chan error
	closing                  sync.Once
	closed                   error // how closing went
}

const (
	startLimit = 30 * time.Second
	probeEvery = 5 * time.Millisecond
	probeLimit = time.Second // whoever else has the address may say nothing
	// places is how many free addresses are tried: somebody else can be quicker.
	places     = 5
	healthPath = "/healthz"
	// connections is what the server takes at once; multipart uploads, which the
	// archive does not make, have S3's bound.
	connections   = 256
	multipartMost = 10_000
)

// Start starts the server and returns when it answers. Its keys are made up
// anew each time.
func Start(ctx context.Context, o Options) (*Server, error) {
	s, err := start(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("embedded archive: %w", err)
	}
	return s, nil
}

func start(ctx context.Context, o Options) (*Server, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Server{access: rand.Text(), secret: rand.Text() + rand.Text(), objects: filepath.Join(dir, "objects"), ended: make(chan error, 1)}
	s.before, _ = os.Getwd() // empty where somebody removed it: then there is none to go back to
	if err := os.MkdirAll(s.objects, 0o700); err != nil {
		return nil, err
	}
	if s.lock, err = takeFolder(dir); err != nil {
		return nil, err
	}
	if err := s.serve(ctx, dir, o.Listen); err != nil {
		return nil, errors.Join(err, s.leave(), s.lock.Close())
	}
	return s, nil
}

// serve starts the gateway at an address, or at one that is free.
func (s *Server) serve(ctx context.Context, dir, listen string) (err error) {
	if s.endpoint = listen; listen != "" {
		return s.serveHere(ctx, dir)
	}
	for range places {
		if s.endpoint, err = freeAddress(); err != nil {
			return err
		}
		if err = s.serveHere(ctx, dir); !errors.Is(err, syscall.EADDRINUSE) {
			return err
		}
	}
	return err
}

// serveHere starts the gateway and waits until it is healthy.
func (s *Server) serveHere(ctx context.Context, dir string) error {
	attributes, err := attributes(dir, s.objects)
	if err != nil {
		return err
	}
	backend, err := posix.New(s.objects, attributes, posix.PosixOpts{NewDirPerm: 0o700})
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go func() {
		s.ended <- embedgw.RunVersityGW(running, backend, &embedgw.Config{
			RootUserAccess: s.access, RootUserSecret: s.secret, Ports: []string{s.endpoint}, Quiet: true, KeepAlive: true,
			// Named here, or the library prints a line about having none.
			IAMService: auth.NewIAMServiceSingle(auth.Account{Access: s.access, Secret: s.secret, Role: auth.RoleAdmin}),
			HealthPath: healthPath, MaxConnections: connections, MaxRequests: connections, MultipartMaxParts: multipartMost,
		})
	}()
	if err := s.await(ctx); err != nil {
		stop()
		return err
	}
	return nil
}

// attributes keeps the metadata of objects beside the files where the file
// system has extended attributes, else in a folder of its own.
func attributes(dir, objects string) (meta.MetadataStorer, error) {
	if err := (meta.XattrMeta{}).Test(objects); err == nil {
		return meta.XattrMeta{}, nil
	}
	aside := filepath.Join(dir, "attributes")
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return nil, err
	}
	return meta.NewSideCar(aside)
}

// takeFolder locks a folder for this process, until the file is closed.
func takeFolder(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("another process uses the folder %s (%w); end it, or name another folder", dir, err)
	}
	return lock, nil
}

// freeAddress is one of 127.0.0.1 that nobody listens at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// await waits until the server answers.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		err := probe(ctx, client, "http://"+s.endpoint+healthPath)
		if err == nil {
			return nil
		}
		select {
		case ended := <-s.ended:
			return errors.Join(errors.New("it ended by itself"), ended)
		case <-ctx.Done():
			return fmt.Errorf("it does not answer at %s: %w", s.endpoint, err)
		case <-tick.C:
		}
	}
}

func probe(ctx context.Context, client *http.Client, url string) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

// Endpoint is where it listens, host:port, without TLS.
func (s *Server) Endpoint() string { return s.endpoint }

// AccessKey and SecretKey are those of this run.
func (s *Server) AccessKey() string { return s.access }
func (s *Server) SecretKey() string { return s.secret }

// Objects is the folder in which the buckets are folders.
func (s *Server) Objects() string { return s.objects }

// leave goes back to the working directory that was there before.
func (s *Server) leave() error {
	if s.before == "" {
		return nil
	}
	return os.Chdir(s.before)
}

// Close ends the server; the objects stay. Closing again does nothing more, and
// returns what the first time did.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.stop()
		s.closed = errors.Join(<-s.ended, s.leave(), s.lock.Close())
	})
	return s.closed
}
