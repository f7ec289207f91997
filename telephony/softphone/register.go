package softphone

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// ErrRegistered says that a phone has a registration already; it can have one.
var ErrRegistered = errors.New("softphone: registered already")

// Account is how a phone is known at a registrar.
type Account struct {
	Registrar string        // IP address and port
	User      string        // of the address of record, and of the digest
	Password  string        // may be empty if the registrar does not ask
	Expires   time.Duration // asked for; 5 minutes if 0. The registrar may grant less
}

const defaultExpires = 5 * time.Minute

// Register registers the phone (RFC 3261, section 10), answering a digest
// challenge, and keeps it registered until Unregister or Close. It returns when
// the registrar has agreed; a refusal is a [*StatusError], and then nothing is
// kept.
func (p *Phone) Register(ctx context.Context, a Account) error {
	if a.Expires == 0 {
		a.Expires = defaultExpires
	}
	addr, err := netip.ParseAddrPort(a.Registrar)
	if err != nil || a.User == "" {
		return fmt.Errorf("softphone: register %q at %q: want a user, and an IP address with a port "+
			"such as 127.0.0.1:5060", a.User, a.Registrar)
	}
	if !p.enter() {
		return ErrClosed
	}
	r := p.newRegistration(a, addr)
	p.mu.Lock()
	if p.registration != nil {
		p.mu.Unlock()
		p.leave()
		return ErrRegistered
	}
	p.registration = r
	p.mu.Unlock()

	first, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.alive, cancel)()
	granted, err := r.register(first, a.Expires)
	if err != nil {
		p.forget(r)
		close(r.stopped)
		p.leave()
		return fmt.Errorf("softphone: register: %w", err)
	}
	keep, stop := context.WithCancel(p.alive)
	p.mu.Lock()
	r.stop = stop
	p.mu.Unlock()
	go r.keep(keep, granted)
	return nil
}

// Unregister gives the registration up, if there is one, and waits until the
// registrar knows, or ctx ends.
func (p *Phone) Unregister(ctx context.Context) error {
	p.mu.Lock()
	r := p.registration
	var stop context.CancelFunc
	if r != nil {
		stop = r.stop
	}
	p.mu.Unlock()
	if stop == nil {
		return nil
	}
	stop()
	select {
	case <-r.stopped:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
