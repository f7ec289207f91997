package storagetest

import (
	"context"
	"io"
	"iter"
	"sync"
	"time"

	"sambung/storage"
)

// Op is an operation of an archive.
type Op string

// The operations.
const (
	OpPut   Op = "put"
	OpGet   Op = "get"
	OpStat  Op = "stat"
	OpList  Op = "list"
	OpCheck Op = "check"
)

// Fault is harm to one operation.
type Fault struct {
	Op Op
	// Nth call of that operation after Arm is harmed, 1 being the first; 0
	// harms every one.
	Nth int
	// Delay holds the call back, or until its context ends.
	Delay time.Duration
	// Before fails the call in place of doing it; After does it and then fails
	// it, as a reply that is lost.
	Before, After error
	// Corrupt flips a bit of what Get reads; Short, if not 0, ends it after so
	// many bytes. Both happen below the hash that Get compares.
	Corrupt bool
	Short   int64
}

// Faulty is an archive that does harm. Make it with NewFaulty.
type Faulty struct {
	archive storage.Archive

	mu     sync.Mutex
	faults []*armed   // mu
	calls  map[Op]int // mu
}

type armed struct {
	Fault
	seen int
}

var _ storage.Archive = (*Faulty)(nil)

// NewFaulty decorates an archive; without faults it changes nothing.
func NewFaulty(a storage.Archive) *Faulty {
	return &Faulty{archive: a, calls: make(map[Op]int)}
}

// Arm sets a fault.
func (f *Faulty) Arm(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &armed{Fault: fault})
}

// Disarm takes every fault away.
func (f *Faulty) Disarm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// Calls is how often an operation was called.
func (f *Faulty) Calls(op Op) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[op]
}

// strike counts a call, waits, and returns the fault that harms it.
func (f *Faulty) strike(ctx context.Context, op Op) (Fault, error) {
	fault := f.find(op)
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return fault, context.Cause(ctx)
		}
	}
	return fault, fault.Before
}

func (f *Faulty) find(op Op) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[op]++
	var hit Fault
	for _, a := range f.faults {
		if a.Op != op {
			continue
		}
		if a.seen++; a.Nth == 0 || a.seen == a.Nth {
			hit = a.Fault
		}
	}
	return hit
}

// Put implements [storage.Archive].
func (f *Faulty) Put(ctx context.Context, o storage.Object, body io.ReadSeeker) (storage.Object, error) {
	fault, err := f.strike(ctx, OpPut)
	if err != nil {
		return storage.Object{}, err
	}
	put, err := f.archive.Put(ctx, o, body)
	if err == nil && fault.After != nil {
		return storage.Object{}, fault.After
	}
	return put, err
}

// Get implements [storage.Archive].
func (f *Faulty) Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error) {
	fault, err := f.strike(ctx, OpGet)
	if err != nil {
		return nil, storage.Object{}, err
	}
	body, o, err := f.archive.Get(ctx, key)
	if err != nil {
		return nil, o, err
	}
	if fault.After != nil {
		return nil, storage.Object{}, fault.After
	}
	if fault.Corrupt || fault.Short != 0 {
		body = storage.VerifyReader(&harmed{ReadCloser: body, fault: fault}, o)
	}
	return body, o, nil
}

// harmed is a body that was damaged on its way.
type harmed struct {
	io.ReadCloser
	fault Fault
	read  int64
}

func (h *harmed) Read(p []byte) (int, error) {
	if h.fault.Short != 0 {
		left := h.fault.Short - h.read
		if left <= 0 {
			return 0, io.EOF
		}
		p = p[:min(int64(len(p)), left)]
	}
	n, err := h.ReadCloser.Read(p)
	if h.fault.Corrupt && n > 0 && h.read == 0 {
		p[0] ^= 1
	}
	h.read += int64(n)
	return n, err
}

// Stat implements [storage.Archive].
func (f *Faulty) Stat(ctx context.Context, key string) (storage.Object, error) {
	fault, err := f.strike(ctx, OpStat)
	if err != nil {
		return storage.Object{}, err
	}
	o, err := f.archive.Stat(ctx, key)
	if err == nil && fault.After != nil {
		return storage.Object{}, fault.After
	}
	return o, err
}

// List implements [storage.Archive]; After ends it once everything was yielded.
func (f *Faulty) List(ctx context.Context, prefix string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		fault, err := f.strike(ctx, OpList)
		if err != nil {
			yield(storage.Object{}, err)
			return
		}
		for o, err := range f.archive.List(ctx, prefix) {
			if !yield(o, err) || err != nil {
				return
			}
		}
		if fault.After != nil {
			yield(storage.Object{}, fault.After)
		}
	}
}

// Check implements [storage.Archive].
func (f *Faulty) Check(ctx context.Context) (storage.Capabilities, error) {
	fault, err := f.strike(ctx, OpCheck)
	if err != nil {
		return storage.Capabilities{}, err
	}
	c, err := f.archive.Check(ctx)
	if err == nil && fault.After != nil {
		return storage.Capabilities{}, fault.After
	}
	return c, err
}
