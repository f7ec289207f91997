package api

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"sambung/daemon/accounts"
	"sambung/queue"
)

// csrfHeader carries the token of a session with everything that changes something.
const csrfHeader = "X-CSRF-Token"

// authorise returns the token of a request to a route for those roles: that of its
// bearer, or else that of the user whose session its cookie names.
func (s *server) authorise(w http.ResponseWriter, r *http.Request, roles []Role) (Token, error) {
	if roles == nil {
		return Token{}, nil
	}
	token, err := s.credentials(w, r)
	if err == nil && !slices.Contains(roles, token.Role) {
		err = failure(http.StatusForbidden, "forbidden", "this is not for the role "+string(token.Role)+"; it is for "+join(roles))
	}
	return token, err
}

func (s *server) credentials(w http.ResponseWriter, r *http.Request) (Token, error) {
	token, ok := s.tokens.find(r)
	if r.Header.Get("Authorization") == "" {
		session, err := s.session(r)
		if ok = err == nil; ok {
			token = tokenOf(session)
		} else if !errors.Is(err, queue.ErrNotFound) {
			return Token{}, err
		}
	}
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="sambung"`)
		return Token{}, failure(http.StatusUnauthorized, "unauthorized",
			"the request has no valid token and no session; send Authorization: Bearer TOKEN, or sign in")
	}
	return token, nil
}

// tokenOf lets the user of a session do what the record says at this moment.
func tokenOf(session accounts.Session) Token {
	u := session.User
	return Token{Name: u.Name, Role: u.Role, Agent: u.Agent, session: &session}
}

// session finds the session of a request, and makes sure that a page of ours made it.
func (s *server) session(r *http.Request) (accounts.Session, error) {
	secret, ok := s.cookie(r)
	if !ok {
		return accounts.Session{}, queue.ErrNotFound
	}
	if err := sameOrigin(r); err != nil {
		return accounts.Session{}, err
	}
	session, err := s.Accounts.Look(r.Context(), secret, true)
	if err == nil && r.Method != http.MethodGet && r.Method != http.MethodHead && !secret.IsCSRF(r.Header.Get(csrfHeader)) {
		err = failure(http.StatusForbidden, "csrf", "the request does not carry the session's token; send it as "+csrfHeader+", see GET /v1/session")
	}
	return session, err
}

// sameOrigin refuses what a page of another site has its visitor's browser send
// (Fetch Metadata; for browsers without it the Origin of RFC 6454).
func sameOrigin(r *http.Request) error {
	foreign := false
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none": // none: the user's own doing, such as a bookmark
	case "":
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			foreign = err != nil || u.Host == "" || u.Host != r.Host
		}
	default:
		foreign = true
	}
	if foreign {
		return failure(http.StatusForbidden, "cross_origin", "the request comes from a page of another site; open the pages at this address")
	}
	return nil
}

// cookieName is the cookie's: a browser that sees __Host- takes it over TLS from
// this very host alone (RFC 6265bis, section 4.1.3).
func (s *server) cookieName() string {
	if s.Secure {
		return "__Host-sambung"
	}
	return "sambung"
}

// cookie reads the session's secret. Of two cookies none is believed.
func (s *server) cookie(r *http.Request) (accounts.Secret, bool) {
	found := r.CookiesNamed(s.cookieName())
	if len(found) != 1 {
		return "", false
	}
	return accounts.ParseSecret(found[0].Value)
}

// setCookie gives the browser its secret; an empty one takes it away.
func (s *server) setCookie(w http.ResponseWriter, secret accounts.Secret) {
	c := &http.Cookie{Name: s.cookieName(), Value: string(secret), Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// caller is the address that a request comes from: behind a proxy the one that the
// proxy itself added, which is the last.
func (s *server) caller(r *http.Request) netip.Addr {
	at, _ := netip.ParseAddrPort(r.RemoteAddr) // of net/http; without one all count together
	forwarded := r.Header.Values("X-Forwarded-For")
	s.warnOfProxy(len(forwarded) > 0, at.Addr())
	if s.Proxied && len(forwarded) > 0 {
		all := strings.Split(forwarded[len(forwarded)-1], ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			return a
		}
	}
	return at.Addr()
}

// warnOfProxy says once that callers cannot be told apart: one who guesses keeps all
// others out with him or her.
func (s *server) warnOfProxy(forwarded bool, from netip.Addr) {
	const so = "all callers count as one address at sign-in: "
	switch {
	case s.Proxied && !forwarded:
		s.proxyTold.Do(func() {
			s.Log.Warn(so+"the proxy does not say whose requests it passes on", "remedy", "let it add the caller's address to X-Forwarded-For")
		})
	case !s.Proxied && forwarded && from.Unmap().IsLoopback():
		s.proxyTold.Do(func() {
			s.Log.Warn(so+"a proxy passes requests on, and none is configured", "key", "api.plaintext", "remedy", "set plaintext: true if it does TLS")
		})
	}
}
