package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Errors that callers decide on.
var (
	// ErrFull means that the limit, or the disk, has no room for more.
	ErrFull = errors.New("the spool is full")
	// ErrInUse means that another process owns the directory.
	ErrInUse = errors.New("the spool is in use by another process")
	// ErrName means that a name cannot be one of a file in the spool.
	ErrName = errors.New("not a name for the spool")
)

const (
	lockName   = ".lock"
	tempPrefix = ".tmp-"
	maxName    = 128 // bytes
)

// Spool is a directory of files. Make it with Open. It is safe for concurrent use.
type Spool struct {
	dir   string
	limit int64 // bytes
	lock  *os.File

	mu      sync.Mutex
	sizes   map[string]int64 // mu; of whole files, by name
	whole   int64            // mu; bytes of those
	writing int64            // mu; bytes of files being written
	refused bool             // mu; a write while there were whole files, none of which has left since
}

// Entry is a whole file in the spool.
type Entry struct {
	Name    string
	Size    int64 // bytes
	Written time.Time
}

// Depth is how much is in the spool.
type Depth struct {
	Files int   // whole ones
	Bytes int64 // with those being written
	Limit int64
	// Starved says that a write was refused for want of room while whole files
	// were there, and that none has left since.
	Starved bool
}

// Open takes the directory, makes it if need be, and discards what was left
// half-written. limit is in bytes, above 0. Close gives the directory free.
func Open(dir string, limit int64) (*Spool, error) {
	if limit <= 0 {
		return nil, fmt.Errorf("spool %s: a limit of %d bytes; it must be above 0", dir, limit)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s := &Spool{dir: dir, limit: limit, lock: lock, sizes: make(map[string]int64)}
	if err := s.scan(); err != nil {
		return nil, errors.Join(fmt.Errorf("spool %s: %w", dir, err), lock.Close())
	}
	return s, nil
}

// lockDir takes the directory for this process; the kernel gives it free when
// the process ends, however it ends.
func lockDir(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: every daemon needs a directory of its own", ErrInUse)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("spool %s: %w", dir, err), lock.Close())
	}
	return lock, nil
}

// scan discards temporary files and counts the whole ones.
func (s *Spool) scan() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), tempPrefix):
			if err := os.Remove(s.path(e.Name())); err != nil {
				return err
			}
		case e.Type().IsRegular() && ValidateName(e.Name()) == nil:
			info, err := e.Info()
			if err != nil {
				return err
			}
			s.sizes[e.Name()] = info.Size()
			s.whole += info.Size()
		}
	}
	return nil
}

// Close gives the directory free. Files still open stay usable, yet another
// owner discards what is not committed.
func (s *Spool) Close() error { return s.lock.Close() }

// Depth tells how much is in the spool.
func (s *Spool) Depth() Depth {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Depth{Files: len(s.sizes), Bytes: s.whole + s.writing, Limit: s.limit, Starved: s.refused}
}

// Room is how many bytes more can be written: what the limit leaves, or the disk
// has, whichever is less.
func (s *Spool) Room() (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.dir, &disk); err != nil {
		return 0, fmt.Errorf("spool: how much room is left on the disk under %s: %w", s.dir, err)
	}
	d := s.Depth()
	return max(0, min(d.Limit-d.Bytes, int64(disk.Bavail)*disk.Bsize)), nil
}

// List lists the whole files, the oldest first.
func (s *Spool) List() ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Entry
	for name := range s.sizes {
		info, err := os.Lstat(s.path(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody removed it by hand
		}
		if err != nil {
			return nil, fmt.Errorf("spool: %w", err)
		}
		list = append(list, Entry{name, info.Size(), info.ModTime()})
	}
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(a.Written.Compare(b.Written), strings.Compare(a.Name, b.Name))
	})
	return list, nil
}

// Open opens a whole file for reading; fs.ErrNotExist if there is none.
func (s *Spool) Open(name string) (*os.File, error) {
	if err := ValidateName(name); err != nil {
		return nil, err
	}
	f, err := os.Open(s.path(name))
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return f, nil
}

// Remove deletes a file that is in the archive now; one that is not there is
// no error.
func (s *Spool) Remove(name string) error {
	if err := ValidateName(name); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("spool: %w", err)
	}
	s.whole -= s.sizes[name]
	delete(s.sizes, name)
	s.refused = false
	return nil
}

func (s *Spool) path(name string) string { return filepath.Join(s.dir, name) }

// ValidateName allows 1 to 128 of [a-zA-Z0-9._-], not beginning with a dot. The
// error is ErrName and does not repeat the name.
func ValidateName(name string) error {
	if name == "" || len(name) > maxName || name[0] == '.' {
		return fmt.Errorf("%w: it has %d bytes or begins with a dot; 1 to %d are allowed", ErrName, len(name), maxName)
	}
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_', c == '-':
		default:
			return fmt.Errorf("%w: byte %d is not one of a-z A-Z 0-9 . _ -", ErrName, i)
		}
	}
	return nil
}
