// Package faultproxy stands between the daemon and a server in tests, and does
// harm at an exact moment: when a request that matches passes for the n-th
// time, a fault runs before the request reaches the server or after the server
// has carried it out, the request is delayed, or its reply is lost. It speaks
// TCP, so it serves HTTP, WebSocket and Redis alike; matching is by a string in
// the bytes of the request.
package faultproxy

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Fault is harm to be done once.
type Fault struct {
	// Match is a string in the request, such as "-taxpayer/dial".
	Match string
	// Nth match does it; 0 and 1 are the first.
	Nth int
	// Before runs before the request is passed on, After when the server's
	// reply is there but not passed back yet. Either may be nil.
	Before, After func()
	// Delay holds the request back.
	Delay time.Duration
	// DropRequest closes the connection instead of passing the request on;
	// DropReply closes it instead of passing the reply back.
	DropRequest, DropReply bool
	// Answer, if not empty, is replied in the server's place, which never sees the
	// request; then the connection closes.
	Answer string
}

// Proxy is one listening proxy. Make it with Start.
type Proxy struct {
	Addr   string // 127.0.0.1:port
	target string
	ln     net.Listener
	wg     sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]bool // mu
	faults []*armed          // mu
	down   bool              // mu
}

type armed struct {
	Fault
	seen int
	done chan struct{}
}

// Start listens on a free port of 127.0.0.1 and forwards to target until the
// test ends.
func Start(t testing.TB, target string) *Proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Addr: ln.Addr().String(), target: target, ln: ln, conns: make(map[net.Conn]bool)}
	p.wg.Go(p.accept)
	t.Cleanup(func() {
		_ = ln.Close()
		p.SetDown(true) // also for one that was accepted just now
		p.wg.Wait()
	})
	return p
}

// Arm sets a fault; the channel is closed once the fault has struck.
func (p *Proxy) Arm(f Fault) <-chan struct{} {
	a := &armed{Fault: f, done: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, a)
	return a.done
}

// Cut closes every connection; new ones are served again.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// SetDown refuses connections, and cuts those there are, until it is called with false.
func (p *Proxy) SetDown(down bool) {
	p.mu.Lock()
	p.down = down
	p.mu.Unlock()
	if down {
		p.Cut()
	}
}

func (p *Proxy) accept() {
	for {
		client, err := p.ln.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.serve(client) })
	}
}

func (p *Proxy) track(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Proxy) untrack(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	if !p.track(client) {
		return
	}
	defer p.untrack(client)
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.track(server) {
		return
	}
	defer p.untrack(server)
	l := &link{proxy: p, client: client, server: server}
	var both sync.WaitGroup
	both.Go(func() { l.requests(); _ = client.Close(); _ = server.Close() })
	both.Go(func() { l.replies(); _ = client.Close(); _ = server.Close() })
	both.Wait()
}

// strike returns the fault that this piece of a request sets off, if any.
func (p *Proxy) strike(request []byte) *armed {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, f := range p.faults {
		if !bytes.Contains(request, []byte(f.Match)) {
			continue
		}
		if f.seen++; f.seen >= max(1, f.Nth) {
			p.faults = append(p.faults[:i:i], p.faults[i+1:]...)
			return f
		}
	}
	return nil
}

// link is one connection through the proxy.
type link struct {
	proxy          *Proxy
	client, server net.Conn

	mu      sync.Mutex
	pending *armed // mu; struck, waiting for the server's reply
}

// errDropped ends a link on purpose.
var errDropped = errors.New("dropped by a fault")

func (l *link) requests() {
	_ = pump(l.client, l.server, func(piece []byte) error {
		f := l.proxy.strike(piece)
		if f == nil {
			return nil
		}
		time.Sleep(f.Delay) // the harm itself
		if f.Before != nil {
			f.Before()
		}
		if f.Answer != "" {
			_, _ = io.WriteString(l.client, f.Answer)
		}
		if f.DropRequest || f.Answer != "" {
			close(f.done)
			return errDropped
		}
		if f.After == nil && !f.DropReply {
			close(f.done)
			return nil
		}
		l.mu.Lock()
		l.pending = f
		l.mu.Unlock()
		return nil
	})
}

func (l *link) replies() {
	_ = pump(l.server, l.client, func([]byte) error {
		l.mu.Lock()
		f := l.pending
		l.pending = nil
		l.mu.Unlock()
		if f == nil {
			return nil
		}
		if f.After != nil {
			f.After()
		}
		close(f.done)
		if f.DropReply {
			return errDropped
		}
		return nil
	})
}

// pump copies pieces from src to dst, each shown to look first.
func pump(src io.Reader, dst io.Writer, look func([]byte) error) error {
	buf := make([]byte, 32<<10) // more than any request that a fault is for
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if err := look(buf[:n]); err != nil {
				return err
			}
			if _, err := dst.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}
