package media

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"sambung/telephony/softphone/g711"
	"sambung/telephony/softphone/tone"
)

const (
	frameTime    = 20 * time.Millisecond
	frameSamples = tone.SampleRate / 50
)

// ErrNoDigits says that the other side did not agree to take RFC 4733 digits.
var ErrNoDigits = errors.New("the other side takes no telephone-event digits")

// ErrClosed says that the session has ended.
var ErrClosed = errors.New("the sound of this call has ended")

// packetConn is what a session uses of [net.UDPConn].
type packetConn interface {
	ReadFromUDPAddrPort([]byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort([]byte, netip.AddrPort) (int, error)
	LocalAddr() net.Addr
	Close() error
}

// Options are what a session needs from its telephone.
type Options struct {
	IP      netip.Addr                   // to listen on; the port is chosen by the system
	Now     func() time.Time             // the clock, which must be monotonic
	MaxKept time.Duration                // how much of what is heard is kept
	OnDigit func(key byte, at time.Time) // called by the receiving goroutine, once for each key; must not block
}

// Session is the sound of one call. Its methods may be called from any
// goroutine.
type Session struct {
	options Options
	conn    packetConn
	closed  chan struct{}
	running sync.WaitGroup

	sent, received, stray atomic.Uint64

	mu      sync.Mutex // guards everything below
	started bool
	peer    *peer
	track   Track
	script  script
	digits  digitReader
}

// peer is what both sides agreed on. It is never changed, only replaced.
type peer struct {
	addr      netip.AddrPort
	codec     g711.Codec
	eventType uint8
	sending   bool // we may send
}

// Open takes a socket. The session must be closed.
func Open(o Options) (*Session, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(o.IP, 0)))
	if err != nil {
		return nil, fmt.Errorf("open a socket for sound: %w", err)
	}
	return newSession(o, conn), nil
}

func newSession(o Options, conn packetConn) *Session {
	return &Session{
		options: o, conn: conn, closed: make(chan struct{}),
		track: Track{limit: tone.Samples(o.MaxKept)},
	}
}

// Addr is where the session listens.
func (s *Session) Addr() netip.AddrPort {
	local := s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
}

// Connect says what the other side wants. It may be called again (a re-INVITE).
func (s *Session) Connect(remote Description) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peer = &peer{
		addr: remote.Addr, codec: remote.Codecs[0],
		eventType: remote.EventType, sending: remote.Direction.Receives(),
	}
}

// Start begins to hear and to speak. The first packet is due at the moment of
// epoch, the next every 20 ms after it. A second Start does nothing.
func (s *Session) Start(epoch time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started || s.isClosed() {
		return
	}
	s.started = true
	out := sender{
		session: s, epoch: epoch,
		ssrc: rand.Uint32(), sequence: uint16(rand.Uint32()), base: rand.Uint32(),
	}
	s.running.Go(out.run)
	s.running.Go(s.receive)
}

// Close ends the session and waits for its goroutines. It may be called more
// than once.
func (s *Session) Close() {
	s.mu.Lock()
	if !s.isClosed() {
		close(s.closed)
		s.conn.Close() // a socket that was written to nobody has nothing to lose
	}
	s.mu.Unlock()
	s.running.Wait()
}

func (s *Session) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// Counts are packets since the start: sent, heard, and come from somewhere else
// than the other side (not heard).
func (s *Session) Counts() (sent, received, stray uint64) {
	return s.sent.Load(), s.received.Load(), s.stray.Load()
}

// Heard is a copy of what was heard until now, and when its first sample
// arrived. cut says that there was more than is kept.
func (s *Session) Heard() (samples []int16, start time.Time, cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int16(nil), s.track.samples...), s.track.start, s.track.truncated
}

// SendDigits presses keys one after another and waits until the last one is
// released.
func (s *Session) SendDigits(ctx context.Context, pressed string) error {
	sent, err := s.Press(s.options.Now(), pressed)
	if err != nil {
		return err
	}
	select {
	case <-sent:
		return nil
	case <-s.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}
