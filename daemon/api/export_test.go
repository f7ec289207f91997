package api

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"sambung/daemon/accounts"
)

// Patterns lists what the handler serves.
func Patterns() []string {
	var patterns []string
	for _, r := range (&server{}).routes() {
		patterns = append(patterns, r.pattern)
	}
	slices.Sort(patterns)
	return patterns
}

// SessionCookie reads the session's secret from a header Cookie.
func SessionCookie(header string) (string, bool) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", header)
	secret, ok := (&server{}).cookie(r)
	return string(secret), ok
}

// Standing asks whether what a stream was begun under now still holds.
func Standing(t *testing.T, d Deps, secret string) func() bool {
	s := &server{Deps: d, limits: defaultLimits()}
	session, err := d.Accounts.Look(t.Context(), accounts.Secret(secret), false)
	if err != nil {
		t.Fatal(err)
	}
	token := tokenOf(session)
	return func() bool { return s.standing(t.Context(), token) }
}
