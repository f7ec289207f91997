package s3_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"sambung/internal/faultproxy"
	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/s3"
)

// The grid: the request or the reply is lost, of the write or the read-back.
func TestLostRequestsAndReplies(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	direct := open(t, server)
	proxy := faultproxy.Start(t, server.Endpoint)
	a := connect(t, server, through(proxy.Addr))
	for i, fault := range []faultproxy.Fault{
		{Match: "PUT ", DropRequest: true},
		{Match: "PUT ", DropReply: true},
		{Match: "GET /sambung/", DropRequest: true},
		{Match: "GET /sambung/", DropReply: true},
	} {
		for _, size := range []int{0, 1000, 3 << 20} {
			key := fmt.Sprintf("%d-%d", i, size)
			content := bytes.Repeat([]byte{byte(i + 1)}, size)
			struck := proxy.Arm(fault)
			if err := put(t.Context(), a, key, content); err != nil {
				t.Errorf("%+v, %d bytes: %v", fault, size, err)
			}
			select {
			case <-struck:
			default:
				t.Errorf("%+v, %d bytes: nothing was asked that the fault could strike", fault, size)
			}
			wantContent(t, direct, key, content)
		}
	}
}

// A reply that is lost does not turn another's object into ours.
func TestLostReplyAndOtherContent(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	direct := open(t, server)
	proxy := faultproxy.Start(t, server.Endpoint)
	a := connect(t, server, through(proxy.Addr))
	proxy.Arm(faultproxy.Fault{Match: "PUT ", DropRequest: true, Before: func() {
		if err := put(context.WithoutCancel(t.Context()), direct, "key", []byte("another was faster")); err != nil {
			t.Error(err)
		}
	}})
	if err := put(t.Context(), a, "key", []byte("late")); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("%v, want ErrConflict", err)
	}
	wantContent(t, direct, "key", []byte("another was faster"))
}

// cutting calls cut once, when half of it was read for the second time: the
// first time it is hashed.
type cutting struct {
	*bytes.Reader
	cut  func()
	half int64
	seen int
	once sync.Once
}

func (c *cutting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if at := c.Size() - int64(c.Len()); at >= c.half && at-int64(n) < c.half {
		if c.seen++; c.seen == 2 {
			c.once.Do(c.cut)
		}
	}
	return n, err
}

func TestConnectionCutInTheMiddle(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	direct := open(t, server)
	proxy := faultproxy.Start(t, server.Endpoint)
	a := connect(t, server, through(proxy.Addr))
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	body := &cutting{Reader: bytes.NewReader(content), cut: proxy.Cut, half: 2 << 20}
	if _, err := a.Put(t.Context(), object("key", content), body); err != nil {
		t.Fatal(err)
	}
	if body.seen < 3 {
		t.Errorf("the body was read %d times to its middle, want hashed, sent, sent again", body.seen)
	}
	wantContent(t, direct, "key", content)
}

func TestFrozenServer(t *testing.T) {
	t.Parallel()
	server := realservers.MinIO(t)
	direct := open(t, server)
	if err := put(t.Context(), direct, "there", []byte("x")); err != nil {
		t.Fatal(err)
	}
	a := connect(t, server, func(c *s3.Config) { c.Timeout = 200 * time.Millisecond })
	server.Pause()
	defer server.Resume()
	// On a busy machine it answers for a moment yet.
	for by := time.Now().Add(30 * time.Second); ; {
		if _, err := a.Stat(t.Context(), "there"); err != nil {
			break
		}
		if time.Now().After(by) {
			t.Fatal("the server does not freeze")
		}
	}
	var all sync.WaitGroup
	for op, f := range map[string]func() error{
		"Get":  func() error { _, err := read(t.Context(), a, "there"); return err },
		"Stat": func() error { _, err := a.Stat(t.Context(), "there"); return err },
		"Put":  func() error { return put(t.Context(), a, "new", []byte("x")) },
		"List": func() (last error) {
			for _, err := range a.List(t.Context(), "") {
				last = err
			}
			return last
		},
	} {
		all.Go(func() {
			if err := f(); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s at a frozen server: %v, want a time-out", op, err)
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	time.AfterFunc(50*time.Millisecond, func() { cancel(enough) })
	if err := put(ctx, direct, "new", []byte("x")); !errors.Is(err, enough) {
		t.Errorf("Put that is called off: %v", err)
	}
	server.Resume()
	if err := put(t.Context(), direct, "new", []byte("x")); err != nil {
		t.Errorf("Put at a thawed server: %v", err)
	}
}

// Whoever reads slowly is given the time; only the server's silence counts.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	const timeout = 3 * time.Second
	server := realservers.MinIO(t)
	direct := open(t, server)
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MiB: no buffer on the way holds it
	if err := put(t.Context(), direct, "key", content); err != nil {
		t.Fatal(err)
	}
	a := connect(t, server, func(c *s3.Config) { c.Timeout = timeout })
	body, _, err := a.Get(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if _, err := io.CopyN(io.Discard, body, 1000); err != nil {
		t.Fatal(err)
	}
	<-time.After(timeout + timeout/2) // this is what is tested
	if _, err := io.Copy(io.Discard, body); err != nil {
		t.Errorf("read on after a pause: %v", err)
	}
}
