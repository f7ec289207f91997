package doctor

import (
	"crypto/tls"
	"io/fs"
	"strings"

	"sambung/configs"
	"sambung/daemon/console"
)

// examinePages looks at what browsers need of the daemon itself.
func (x *examination) examinePages() []Finding {
	s := &sheet{subject: "pages"}
	if _, err := fs.Stat(console.Embedded(), "index.html"); err != nil {
		s.warn("this binary has no web pages", "build it where npm is (Node.js 20): make build")
	}
	api := x.config.API
	switch {
	case api.CertFile != "":
		x.ownCertificate(s, api)
	case api.Plaintext:
		s.ok("a proxy does TLS: cookies go by TLS alone, and callers are told apart by X-Forwarded-For")
	case x.browsersElsewhere():
		s.warn("telephones in browsers are configured, and the daemon has neither TLS nor a proxy: pages from another machine may not use the microphone, and their cookies are not bound to TLS",
			"give api.cert_file and api.key_file, or let a proxy do TLS and set api.plaintext: true; without it all who come by a proxy count as one address at sign-in")
	default:
		s.ok("they are for browsers on this machine alone")
	}
	return s.findings
}

// ownCertificate looks at the one that the daemon shows.
func (x *examination) ownCertificate(s *sheet, api configs.API) {
	pair, err := tls.LoadX509KeyPair(api.CertFile, api.KeyFile)
	if err != nil {
		s.fault("the daemon's certificate cannot be used, and it does not start", "name a certificate and its key, PEM files that this user, which is to be the daemon's, can read, as api.cert_file and api.key_file", err)
		return
	}
	s.validity(pair.Leaf, x.now(), "renew it, and restart the daemon: "+api.CertFile)
}

// browsersElsewhere reports whether telephones are for browsers on other machines.
func (x *examination) browsersElsewhere() bool {
	for _, sw := range x.config.Switches {
		if strings.HasPrefix(sw.Browser.URL, "wss:") {
			return true
		}
	}
	return false
}
