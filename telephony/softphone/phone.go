package softphone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// ErrClosed says that the phone, or the call, has ended.
var ErrClosed = errors.New("softphone: closed")

// Config says what a phone is. The zero value is a phone on a free port of the
// loopback that answers everybody at once.
type Config struct {
	// Addr is the UDP address to listen on, an IP and a port; "127.0.0.1:0" if
	// empty.
	Addr string
	// User is the user part of our own address; "softphone" if empty.
	User string
	// Behave chooses what to do with a call that arrives. It is called once for
	// each, concurrently. nil answers all at once.
	Behave func(Invite) Behaviour
	// Logger is told what goes wrong, without numbers or names. nil discards.
	Logger *slog.Logger
	// Now is time.Now if nil; its times must carry the monotonic clock.
	Now func() time.Time
	// MaxKept is how much of each call's sound is kept, at 16 kB a second; 30
	// minutes if 0.
	MaxKept time.Duration

	t1 time.Duration // when a 200 is sent again (RFC 3261, section 17.1.1.1)
}

// Phone is a telephone that is plugged in. Its methods may be called from any
// goroutine.
type Phone struct {
	config Config
	logger *slog.Logger
	stack  *stack
	book   *book

	alive   context.Context // until Close
	unplug  context.CancelFunc
	running sync.WaitGroup // control goroutines

	mu           sync.Mutex // guards everything below
	closing      bool
	dialogs      map[dialogKey]*Call
	invitations  map[invitationKey]*Call
	registration *registration
}

// Listen plugs a phone in. It must be closed.
func Listen(config Config) (*Phone, error) {
	config = config.withDefaults()
	addr, err := netip.ParseAddrPort(config.Addr)
	if err != nil || addr.Addr().IsUnspecified() {
		return nil, fmt.Errorf("softphone: address %q: want one IP address of this machine and a port, "+
			"such as 127.0.0.1:5070", config.Addr)
	}
	stack, err := openStack(addr)
	if err != nil {
		return nil, fmt.Errorf("softphone: %w", err)
	}
	alive, unplug := context.WithCancel(context.Background())
	p := &Phone{
		config: config, logger: config.Logger, stack: stack, book: newBook(), alive: alive, unplug: unplug,
		dialogs: make(map[dialogKey]*Call), invitations: make(map[invitationKey]*Call),
	}
	stack.serve(p.admit, p.handle)
	return p, nil
}

func (c Config) withDefaults() Config {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.User == "" {
		c.User = "softphone"
	}
	if c.Behave == nil {
		c.Behave = func(Invite) Behaviour { return Answer() }
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.t1 == 0 {
		c.t1 = sip.T1
	}
	if c.MaxKept == 0 {
		c.MaxKept = 30 * time.Minute
	}
	return c
}

// Addr is where the phone listens.
func (p *Phone) Addr() netip.AddrPort { return p.stack.addr }

// URI is the phone's own address, to be dialled directly.
func (p *Phone) URI() string { u := p.stack.uri(p.config.User); return u.String() }

// Close hangs up every call, gives up the registration, and unplugs the phone.
// It returns when all has ended: within some seconds, even if nobody answers
// any more.
func (p *Phone) Close() error {
	p.mu.Lock()
	closing := p.closing
	p.closing = true
	p.mu.Unlock()
	if !closing {
		p.unplug()
	}
	p.running.Wait()
	err := p.stack.close()
	p.turnAway()
	p.book.close()
	return err
}

// turnAway closes the records of calls that arrived when the phone was being
// closed, and were answered with 503.
func (p *Phone) turnAway() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.dialogs {
		if c.claim() {
			c.end(p.config.Now(), Local, 503, "")
		}
	}
}

// enter counts a control goroutine, unless the phone is being closed. leave
// must follow.
func (p *Phone) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return false
	}
	p.running.Add(1)
	return true
}

func (p *Phone) leave() { p.running.Done() }

// farewell is a context for what is still to be said: it does not end with the
// phone, but soon.
func (p *Phone) farewell() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(p.alive), farewellTimeout)
}

// farewellTimeout is how long the answer to a BYE, a CANCEL or the last
// REGISTER is waited for, and the end of a call that was cancelled.
const farewellTimeout = 2 * time.Second
