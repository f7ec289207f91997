package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"sambung/queue"
)

// Record is one observation of an attempt (its number is in the entry's details).
type Record struct {
	FollowUp queue.ID    `json:"follow_up"`
	Switch   string      `json:"switch"`
	Entry    queue.Entry `json:"entry"`
}

// Kept is a record in the journal, under its number.
type Kept struct {
	Number uint64
	Record
}

// Journal is one file. Make it with Open. It is safe for concurrent use.
type Journal struct {
	mu   sync.Mutex
	file *os.File // mu
	size int64    // mu; of whole lines, in bytes
	last uint64   // mu; the number given last
	left []Kept   // mu; not told yet, in the order in which they were kept
}

// name of the file within its directory.
const name = "observations"

// Open opens the journal in dir, which one process owns, and makes both if need
// be. damaged counts lines that cannot be read: what they held is lost.
func Open(dir string) (j *Journal, damaged int, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, 0, fmt.Errorf("journal: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("journal: %w", err)
	}
	j = &Journal{file: file}
	if damaged, err = j.read(); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("journal %s: %w", file.Name(), err), file.Close())
	}
	if err := syncDir(dir); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("journal: %w", err), file.Close())
	}
	return j, damaged, nil
}

// read takes in what an earlier run left, and cuts off a last line that is not whole.
func (j *Journal) read() (damaged int, err error) {
	data, err := io.ReadAll(j.file)
	if err != nil {
		return 0, err
	}
	for {
		text, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			break
		}
		data, j.size = rest, j.size+int64(len(text))+1
		l, err := decode(text)
		switch {
		case err != nil:
			damaged++
			continue
		case l.Record != nil:
			j.left = append(j.left, Kept{l.Number, *l.Record})
		default:
			j.forget(l.Number)
		}
		j.last = max(j.last, l.Number)
	}
	return damaged, j.file.Truncate(j.size)
}

// Keep returns when the record is on the disk.
func (j *Journal) Keep(r Record) (Kept, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := Kept{j.last + 1, r}
	if err := j.write(line{kept.Number, &r}); err != nil {
		return Kept{}, err
	}
	j.last = kept.Number // used up, also where the disk does not take it
	if err := j.file.Sync(); err != nil {
		return Kept{}, fmt.Errorf("journal: %w", err)
	}
	j.left = append(j.left, kept)
	return kept, nil
}

// Told forgets a record that the ledger has. It does not wait for the disk: a
// record that comes back after a power cut is found told when it is told again.
func (j *Journal) Told(number uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.forget(number)
	if len(j.left) > 0 {
		return j.write(line{Number: number})
	}
	if err := j.file.Truncate(0); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.size = 0
	return nil
}

// Left lists what was not told yet of the calls of one switch, the earliest first.
func (j *Journal) Left(switchName string) []Kept {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(j.left), func(k Kept) bool { return k.Switch != switchName })
}

// Depth is how many records were not told yet.
func (j *Journal) Depth() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.left)
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// write adds a line. One that was written in part is written over by the next.
// j.mu is held.
func (j *Journal) write(l line) error {
	text, err := encode(l)
	if err != nil {
		return err
	}
	if _, err := j.file.WriteAt(text, j.size); err != nil {
		return fmt.Errorf("journal: %w", errors.Join(err, j.file.Truncate(j.size)))
	}
	j.size += int64(len(text))
	return nil
}

// forget takes a record off the list. j.mu is held, or nobody else is there yet.
func (j *Journal) forget(number uint64) {
	j.left = slices.DeleteFunc(j.left, func(k Kept) bool { return k.Number == number })
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
