package softphone

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
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

const (
	defaultExpires = 5 * time.Minute
	// registerTimeout is how long one REGISTER is waited for.
	registerTimeout = 5 * time.Second
	// registerAgain is when a lost registration is tried again.
	registerAgain = 2 * time.Second
)

// registration is the goroutine that keeps a registration.
type registration struct {
	phone   *Phone
	account Account
	dialog  dialog // REGISTERs share a Call-ID and count on (RFC 3261, section 10.2); owned by the goroutine
	stop    context.CancelFunc
	stopped chan struct{}
}

// Register registers the phone (RFC 3261, section 10), answering a digest challenge, and keeps it registered until Unregister or Close. It returns when the
// registrar has agreed; a refusal is a [*StatusError], and then nothing is kept.
func (p *Phone) Register(ctx context.Context, a Account) error {
	if a.Expires == 0 {
		a.Expires = defaultExpires
	}
	addr, err := netip.ParseAddrPort(a.Registrar)
	if err != nil || a.User == "" {
		return fmt.Errorf("softphone: register %q at %q: want a user, and an IP address with a port such as 127.0.0.1:5060", a.User, a.Registrar)
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

// Unregister gives the registration up, if there is one, and waits until the registrar knows, or ctx ends.
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

func (p *Phone) newRegistration(a Account, registrar netip.AddrPort) *registration {
	at := sip.Uri{Scheme: "sip", Host: registrar.Addr().String(), Port: int(registrar.Port())}
	record := sip.Uri{Scheme: "sip", User: a.User, Host: at.Host, Port: at.Port}
	return &registration{
		phone: p, account: a, stopped: make(chan struct{}),
		dialog: dialog{
			callID: sip.GenerateTagN(32), local: record, localTag: sip.GenerateTagN(16), remote: record, target: at,
		},
	}
}

func (p *Phone) forget(r *registration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.registration == r {
		p.registration = nil
	}
}

// keep refreshes the registration at three quarters of its time, tries again when it is lost, and gives it up in the end.
func (r *registration) keep(ctx context.Context, granted time.Duration) {
	defer r.phone.leave()
	defer close(r.stopped)
	defer r.phone.forget(r)
	for next := granted * 3 / 4; ; {
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			r.giveUp()
			return
		}
		if granted, err := r.register(ctx, r.account.Expires); err == nil {
			next = granted * 3 / 4
		} else if ctx.Err() == nil {
			r.phone.book.note(Event{At: r.phone.config.Now(), Kind: RegistrationLost, Status: statusOf(err)}, nil)
			r.phone.logger.Warn("registration lost", "error", err)
			next = registerAgain
		}
	}
}

// giveUp removes our contact: an expiry of 0.
func (r *registration) giveUp() {
	ctx, cancel := r.phone.farewell()
	defer cancel()
	if _, err := r.register(ctx, 0); err != nil {
		r.phone.logger.Warn("the registrar did not take the farewell", "error", err)
	}
}

// register sends REGISTER, again with credentials if it is challenged, and says for how long it was granted.
func (r *registration) register(ctx context.Context, expires time.Duration) (granted time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, registerTimeout)
	defer cancel()
	var credentials sip.Header
	for {
		req := r.phone.next(&r.dialog, sip.REGISTER)
		req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(int(expires.Seconds()))))
		if credentials != nil {
			req.AppendHeader(credentials)
		}
		res, err := r.phone.stack.roundTrip(ctx, req)
		switch {
		case err != nil:
			return 0, err
		case res.IsSuccess():
			return r.succeeded(res, expires), nil
		case !challenged(res) || credentials != nil:
			return 0, &StatusError{Status: res.StatusCode, Reason: res.Reason}
		}
		if credentials, err = answerChallenge(r.account, req, res); err != nil {
			return 0, err
		}
	}
}

// succeeded notes the registration and reads for how long it holds.
func (r *registration) succeeded(res *sip.Response, expires time.Duration) time.Duration {
	kind := Registered
	if expires == 0 {
		kind = Unregistered
	}
	r.phone.book.note(Event{At: r.phone.config.Now(), Kind: kind}, nil)
	return grantedBy(res, r.phone.stack.addr, expires)
}

// grantedBy is the expiry that a registrar gave to our contact, or to all, or what we asked for if it said nothing.
func grantedBy(res *sip.Response, us netip.AddrPort, asked time.Duration) time.Duration {
	var said string
	if h := res.GetHeader("Expires"); h != nil {
		said = h.Value()
	}
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sip.ContactHeader)
		if ok && c.Address.Host == us.Addr().String() && c.Address.Port == int(us.Port()) && c.Params.Has("expires") {
			said, _ = c.Params.Get("expires")
		}
	}
	if seconds, err := strconv.Atoi(said); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return asked
}

// statusOf is the SIP status of a refusal, 0 of any other error.
func statusOf(err error) int {
	var refused *StatusError
	if errors.As(err, &refused) {
		return refused.Status
	}
	return 0
}
