package softphone

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"sambung/telephony/sipauth"
)

const (
	// registerTimeout is how long a registration may take: Timer F (RFC 3261, section
	// 17.1.2.2). A switch that a busy machine holds up for seconds answers in the end.
	registerTimeout = 32 * time.Second
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

// keep refreshes the registration at three quarters of its time, tries again
// when it is lost, and gives it up in the end.
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

// register sends REGISTER, again with credentials if it is challenged, and says
// for how long it was granted.
func (r *registration) register(ctx context.Context, expires time.Duration) (granted time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, registerTimeout)
	defer cancel()
	var credentials sip.Header
	var tooBrief bool
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
		case res.StatusCode == 423 && !tooBrief:
			tooBrief, expires = true, seconds(res.GetHeader("Min-Expires"), expires)
		case sipauth.Challenged(res) && credentials == nil:
			if credentials, err = sipauth.Answer(req, res, r.account.User, r.account.Password); err != nil {
				return 0, err
			}
		default:
			return 0, &StatusError{Status: res.StatusCode, Reason: res.Reason}
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

// grantedBy is the expiry that a registrar gave to our contact, or to all, or
// what we asked for if it said nothing.
func grantedBy(res *sip.Response, us netip.AddrPort, asked time.Duration) time.Duration {
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sip.ContactHeader)
		if ok && c.Address.Host == us.Addr().String() && c.Address.Port == int(us.Port()) && c.Params.Has("expires") {
			said, _ := c.Params.Get("expires")
			return seconds(sip.NewHeader("Expires", said), asked)
		}
	}
	return seconds(res.GetHeader("Expires"), asked)
}

// seconds reads a header that says a number of seconds; otherwise is what is
// meant without one.
func seconds(h sip.Header, otherwise time.Duration) time.Duration {
	if h == nil {
		return otherwise
	}
	if n, err := strconv.ParseUint(h.Value(), 10, 31); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	return otherwise
}

// statusOf is the SIP status of a refusal, 0 of any other error.
func statusOf(err error) int {
	var refused *StatusError
	if errors.As(err, &refused) {
		return refused.Status
	}
	return 0
}
