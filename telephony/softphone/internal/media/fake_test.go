package media

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"sambung/telephony/softphone/g711"
)

var (
	here  = netip.MustParseAddrPort("127.0.0.1:4000")
	there = netip.MustParseAddrPort("127.0.0.1:5000")
)

// fakeConn is a network that keeps what is sent, with its time. Reading waits
// for ever.
type fakeConn struct {
	closed chan struct{}
	stall  func(n int) // called before the n-th packet leaves, counted from 0

	mu   sync.Mutex
	sent []sentPacket
}

type sentPacket struct {
	at time.Time
	rtp.Packet
}

func newFakeConn() *fakeConn { return &fakeConn{closed: make(chan struct{}), stall: func(int) {}} }

func (c *fakeConn) ReadFromUDPAddrPort([]byte) (int, netip.AddrPort, error) {
	<-c.closed
	return 0, netip.AddrPort{}, net.ErrClosed
}

func (c *fakeConn) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if to != there {
		panic("sent to " + to.String())
	}
	p := sentPacket{at: time.Now()}
	if err := p.Unmarshal(append([]byte(nil), b...)); err != nil {
		panic(err)
	}
	c.mu.Lock()
	n := len(c.sent)
	c.sent = append(c.sent, p)
	c.mu.Unlock()
	c.stall(n)
	return len(b), nil
}

func (c *fakeConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(here) }

func (c *fakeConn) Close() error {
	close(c.closed)
	return nil
}

func (c *fakeConn) packets() []sentPacket {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]sentPacket(nil), c.sent...)
}

// speaking is a session over a fake network that is connected to there.
func speaking(t *testing.T) (*Session, *fakeConn) {
	t.Helper()
	conn := newFakeConn()
	s := newSession(Options{Now: time.Now, MaxKept: time.Minute}, conn)
	s.Connect(Description{Addr: there, Codecs: []g711.Codec{g711.PCMA}, EventType: 101, Direction: SendRecv})
	return s, conn
}
