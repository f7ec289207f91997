package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// renewal is how long before its end a certificate should have been renewed: who
// renews by hand needs some days, and who has it renewed by itself did so long ago.
const renewal = 14 * 24 * time.Hour

// validity says of a certificate whether it holds now, and for how long.
func (s *sheet) validity(c *x509.Certificate, now time.Time, remedy string) {
	until := "until " + c.NotAfter.Local().Format("2006-01-02 15:04")
	switch {
	case now.After(c.NotAfter):
		s.fault("the certificate ran out "+c.NotAfter.Local().Format("2006-01-02 15:04")+": no browser connects", remedy)
	case now.Before(c.NotBefore):
		s.fault("the certificate holds from "+c.NotBefore.Local().Format("2006-01-02 15:04")+" only: no browser connects", remedy+", and see whether the clock is right")
	case c.NotAfter.Sub(now) < renewal:
		s.warn(fmt.Sprintf("the certificate holds %s, for %d days more", until, int(c.NotAfter.Sub(now).Hours()/24)), remedy)
	default:
		s.ok("the certificate holds " + until)
	}
}

// untrusted says why a browser would refuse a server's certificate; false if err is
// about none.
func (s *sheet) untrusted(err error, host string, now time.Time, remedy string) bool {
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		s.validity(invalid.Cert, now, remedy)
	case errors.As(err, &name):
		s.fault("the certificate is not for "+host+": no browser connects", "let it name "+host+", or correct the url in the configuration", name)
	case errors.As(err, &authority):
		s.fault("nobody here trusts who issued the certificate: browsers do not connect either, unless they were told to",
			"use one of an authority that the browsers trust, with its intermediate ones; if it is the office's own, make it known to this machine, too (update-ca-certificates)", authority)
	case errors.As(err, &verification), errors.As(err, &invalid):
		s.fault("the certificate is refused", remedy, err)
	default:
		return false
	}
	return true
}
