package spool

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// File is a file being written. It ends with Commit or Discard; only one
// goroutine may use it.
type File struct {
	spool *Spool
	file  *os.File
	name  string // final
	size  int64
	done  bool
}

// Create begins a file, which bears its name only after Commit. A whole file of
// that name stays until then.
func (s *Spool) Create(name string) (*File, error) {
	if err := ValidateName(name); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(s.dir, tempPrefix+"*") // mode 0600
	if err != nil {
		return nil, s.full(err)
	}
	return &File{spool: s, file: temp, name: name}, nil
}

// Name is the name that the file has after Commit.
func (f *File) Name() string { return f.name }

// Size is how many bytes were written.
func (f *File) Size() int64 { return f.size }

// Write implements io.Writer; ErrFull above the limit of the spool.
func (f *File) Write(p []byte) (int, error) {
	if err := f.spool.reserve(int64(len(p))); err != nil {
		return 0, err
	}
	n, err := f.file.Write(p)
	f.spool.release(int64(len(p) - n))
	f.size += int64(n)
	if err != nil {
		err = f.spool.full(err)
	}
	return n, err
}

// ReadAt reads what was written, also before Commit.
func (f *File) ReadAt(p []byte, offset int64) (int, error) { return f.file.ReadAt(p, offset) }

// Commit makes the file whole, in the place of one of the same name. When it
// fails, the file may be there or not: write it again.
func (f *File) Commit() error {
	if f.done {
		return fmt.Errorf("spool: %s: %w", f.name, os.ErrClosed)
	}
	if err := f.file.Sync(); err != nil {
		return errors.Join(f.spool.full(err), f.Discard())
	}
	if err := f.spool.rename(f); err != nil {
		return errors.Join(err, f.Discard())
	}
	f.done = true
	return errors.Join(f.spool.syncDir(), f.file.Close())
}

// Discard deletes the file. After Commit or Discard it does nothing, so that it
// can be deferred.
func (f *File) Discard() error {
	if f.done {
		return nil
	}
	f.done = true
	f.spool.release(f.size)
	return errors.Join(f.file.Close(), os.Remove(f.file.Name()))
}

// rename gives a synced file its name.
func (s *Spool) rename(f *File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.Rename(f.file.Name(), s.path(f.name)); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	s.writing -= f.size
	s.whole += f.size - s.sizes[f.name]
	s.sizes[f.name] = f.size
	return nil
}

// syncDir makes a rename last.
func (s *Spool) syncDir() error {
	dir, err := os.Open(s.dir)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

func (s *Spool) reserve(n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if used := s.whole + s.writing; used+n > s.limit {
		s.refused = len(s.sizes) > 0
		return fmt.Errorf("%w: %s holds %d of %d bytes in %d files; see why the archive does not take them, or raise spool.max_bytes",
			ErrFull, s.dir, used, s.limit, len(s.sizes))
	}
	s.writing += n
	return nil
}

func (s *Spool) release(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing -= n
}

// full marks the errors of a disk without room.
func (s *Spool) full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		s.mu.Lock()
		s.refused = len(s.sizes) > 0
		s.mu.Unlock()
		return fmt.Errorf("%w: the disk under %s: %w", ErrFull, s.dir, err)
	}
	return fmt.Errorf("spool: %w", err)
}
