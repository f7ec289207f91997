package realservers

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// portRange is a stretch of ports handed out in blocks. It lies below the
// kernel's range of ephemeral ports, so that a killed server's port is still
// free when the server is restarted.
type portRange struct {
	first, last int // last is excluded
	block       int
}

var (
	singlePorts   = portRange{first: 10000, last: 12000, block: 1}
	asteriskPorts = portRange{first: 12000, last: 32000, block: 400}
)

// reserve returns the first port of a block that is the test's own until it
// ends. The claim is a lock on a file, which the kernel drops when the
// process ends, however it ends; so it holds between processes too.
func (r portRange) reserve(t testing.TB) int {
	t.Helper()
	dir := fmt.Sprintf("/tmp/sambung-ports-%d", os.Getuid()) // one for all, whatever TMPDIR is
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatalf("reserve ports: %v", err)
	}
	blocks := (r.last - r.first) / r.block
	for i, start := 0, rand.IntN(blocks); i < blocks; i++ {
		port := r.first + (start+i)%blocks*r.block
		lock, err := tryLock(filepath.Join(dir, strconv.Itoa(port)))
		if err != nil {
			t.Fatalf("reserve port %d: %v", port, err)
		}
		if lock == nil {
			continue
		}
		if !isFree(port) {
			lock.Close()
			continue
		}
		t.Cleanup(func() { lock.Close() })
		return port
	}
	t.Fatalf("reserve ports: no block of %d is free on 127.0.0.1 between %d and %d", r.block, r.first, r.last)
	return 0
}

// tryLock returns nil and no error when another holds the lock.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err {
	case nil:
		return f, nil
	case syscall.EWOULDBLOCK:
		return nil, f.Close()
	default:
		f.Close()
		return nil, err
	}
}

// isFree reports whether nobody listens on the port, by TCP or UDP. Of an
// Asterisk's block only the first is asked: it passes over RTP ports in use.
func isFree(port int) bool {
	addr := loopback(port)
	tcp, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", addr)
	if err != nil {
		return false
	}
	udp.Close()
	return true
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// Address is one of 127.0.0.1 that is the test's own until it ends, for a program
// that listens there again after each restart.
func Address(t testing.TB) string {
	t.Helper()
	return loopback(singlePorts.reserve(t))
}
