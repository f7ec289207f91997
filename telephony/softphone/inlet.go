package softphone

import (
	"net"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// inlet is the socket as the reading goroutine sees it. It says when reading
// begins, and it stops between two datagrams.
type inlet struct {
	net.PacketConn
	begun   sync.Once
	ready   chan struct{} // closed when reading begins
	stopped chan struct{} // closed to stop
	drained chan struct{} // closed when the last datagram was dispatched
	release chan struct{} // closed to end reading

	mu      sync.Mutex
	sources map[string]bool // who ever sent something
}

func newInlet(conn net.PacketConn) *inlet {
	return &inlet{
		PacketConn: conn, ready: make(chan struct{}), stopped: make(chan struct{}),
		drained: make(chan struct{}), release: make(chan struct{}), sources: make(map[string]bool),
	}
}

// ReadFrom is called by the reading goroutine only.
func (i *inlet) ReadFrom(b []byte) (int, net.Addr, error) {
	i.begun.Do(func() { close(i.ready) })
	n, from, err := i.PacketConn.ReadFrom(b)
	select {
	case <-i.stopped:
		close(i.drained)
		<-i.release
		return 0, nil, net.ErrClosed
	default:
	}
	if err == nil {
		i.mu.Lock()
		i.sources[from.String()] = true
		i.mu.Unlock()
	}
	return n, from, err
}

// stop stops reading and says who ever sent something. Reading ends when
// release is closed.
func (i *inlet) stop() (sources []string) {
	close(i.stopped)
	i.SetReadDeadline(time.Now()) // cannot fail on an open socket
	<-i.drained
	i.mu.Lock()
	defer i.mu.Unlock()
	for addr := range i.sources {
		sources = append(sources, addr)
	}
	return sources
}

// deadConnection is what is found in place of a closed socket.
type deadConnection struct{ addr net.Addr }

func (d deadConnection) LocalAddr() net.Addr        { return d.addr }
func (d deadConnection) WriteMsg(sip.Message) error { return net.ErrClosed }
func (d deadConnection) Ref(int) int                { return 1 }
func (d deadConnection) TryClose() (int, error)     { return 1, nil }
func (d deadConnection) Close() error               { return nil }
