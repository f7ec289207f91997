package storagetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"sambung/storage"
)

// Memory is an archive in memory. Make it with NewMemory.
type Memory struct {
	now func() time.Time

	mu      sync.Mutex
	objects map[string]stored // mu
	held    map[string]bool   // mu; under legal hold
	refuse  string            // mu; key whose legal hold cannot be set
}

type stored struct {
	storage.Object
	content []byte
}

var (
	_ storage.Archive = (*Memory)(nil)
	_ storage.Locker  = (*Memory)(nil)
)

// NewMemory makes an empty archive; now dates its objects.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, objects: make(map[string]stored), held: make(map[string]bool)}
}

// Put implements [storage.Archive].
func (m *Memory) Put(ctx context.Context, o storage.Object, body io.ReadSeeker) (storage.Object, error) {
	if err := o.Validate(); err != nil {
		return storage.Object{}, err
	}
	content, err := readBody(ctx, o, body)
	if err != nil {
		return storage.Object{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if there, ok := m.objects[o.Key]; ok {
		switch {
		case bytes.Equal(there.content, content):
			return there.Object, nil
		case there.SHA256 == o.SHA256:
			return storage.Object{}, fmt.Errorf("put %s: %w", o.Key, storage.ErrCorrupt)
		}
		return storage.Object{}, fmt.Errorf("put %s: %w", o.Key, storage.ErrConflict)
	}
	o.Modified = m.now().UTC()
	m.objects[o.Key] = stored{o, content}
	return o, nil
}

func readBody(ctx context.Context, o storage.Object, body io.ReadSeeker) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if int64(len(content)) != o.Size || Hash(content) != o.SHA256 {
		return nil, fmt.Errorf("put %s: %w", o.Key, storage.ErrBody)
	}
	return content, nil
}

// Get implements [storage.Archive].
func (m *Memory) Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	s, err := m.find(ctx, key)
	if err != nil {
		return nil, storage.Object{}, err
	}
	return storage.VerifyReader(io.NopCloser(bytes.NewReader(s.content)), s.Object), s.Object, nil
}

// Stat implements [storage.Archive].
func (m *Memory) Stat(ctx context.Context, key string) (storage.Object, error) {
	s, err := m.find(ctx, key)
	return s.Object, err
}

func (m *Memory) find(ctx context.Context, key string) (stored, error) {
	if err := ctx.Err(); err != nil {
		return stored{}, err
	}
	if err := storage.ValidateKey(key); err != nil {
		return stored{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.objects[key]
	if !ok {
		return stored{}, fmt.Errorf("%s: %w", key, storage.ErrNotFound)
	}
	return s, nil
}

// List implements [storage.Archive].
func (m *Memory) List(ctx context.Context, prefix string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		m.mu.Lock()
		objects := maps.Clone(m.objects)
		m.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(objects)) {
			if err := ctx.Err(); err != nil {
				yield(storage.Object{}, err)
				return
			}
			o := objects[key].Object
			if strings.HasPrefix(key, prefix) && !yield(storage.Object{Key: o.Key, Size: o.Size, Modified: o.Modified}, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(storage.Object{}, err)
		}
	}
}

// Check implements [storage.Archive].
func (m *Memory) Check(ctx context.Context) (storage.Capabilities, error) {
	return storage.Capabilities{ConditionalPut: true, ObjectLock: true, LegalHold: true}, ctx.Err()
}

// SetLegalHold implements [storage.Locker].
func (m *Memory) SetLegalHold(ctx context.Context, key string, on bool) error {
	if _, err := m.find(ctx, key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if key == m.refuse {
		return fmt.Errorf("legal hold of %s: %w", key, storage.ErrNoLock)
	}
	m.held[key] = on
	return nil
}

// Protection implements [storage.Locker].
func (m *Memory) Protection(ctx context.Context, key string) (storage.Protection, error) {
	_, err := m.find(ctx, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	return storage.Protection{LegalHold: m.held[key]}, err
}

// RefuseHold makes the legal hold of that object impossible to set.
func (m *Memory) RefuseHold(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = key
}

// Rot flips one bit of the content of an object, as a failing disk would: its
// size and the hash kept with it stay.
func (m *Memory) Rot(key string, at int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.objects[key]
	s.content = bytes.Clone(s.content)
	s.content[at] ^= 1
	m.objects[key] = s
}

// Replace puts other content in the place of an object, with its own hash, as
// someone with access to the server could.
func (m *Memory) Replace(key string, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.objects[key]
	s.Key, s.Size, s.SHA256, s.content = key, int64(len(content)), Hash(content), bytes.Clone(content)
	m.objects[key] = s
}

// Lose removes an object.
func (m *Memory) Lose(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
}

// Hash is the SHA-256 of content in lower-case hex.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
