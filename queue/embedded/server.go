package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Options say where the store keeps its data and what may run it.
type Options struct {
	// Dir is the folder of its data; it is made. Two stores cannot share one.
	Dir string
	// InProcess is true to keep it in the process even where a server is on PATH.
	InProcess bool
	// Log takes what the server itself says; nil: nothing.
	Log *slog.Logger
}

// Server is a running store. Make it with Start.
type Server struct {
	addr, password, kind string
	volatile             bool
	lock                 *os.File
	end                  func() error
}

// Start starts a store and returns when it answers.
func Start(ctx context.Context, o Options) (*Server, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("embedded store: %w", err)
	}
	lock, err := takeFolder(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("embedded store: %w", err)
	}
	s := &Server{password: rand.Text(), lock: lock}
	if program := program(); program != "" && !o.InProcess {
		err = s.startChild(ctx, program, o)
	} else {
		err = s.startInProcess()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedded store: %w", err), lock.Close())
	}
	return s, nil
}

// program is the server on PATH, if there is one.
func program() string {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
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

// Addr is where it listens, host:port; Password what it asks for.
func (s *Server) Addr() string     { return s.addr }
func (s *Server) Password() string { return s.password }

// Kind names it for people: "redis-server 7.0.15", "in-process".
func (s *Server) Kind() string { return s.kind }

// Volatile reports whether its data ends with the process.
func (s *Server) Volatile() bool { return s.volatile }

// Close ends it; a server of its own is given ten seconds to end by itself.
func (s *Server) Close() error { return errors.Join(s.end(), s.lock.Close()) }
