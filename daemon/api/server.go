package api

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sambung/daemon/listening"
)

type server struct {
	Deps
	limits  limits
	tokens  tokens
	metrics metrics
	hub     *hub
	// sittings and listening belong to recordings that are being listened to.
	sittings  *listening.Sittings
	listening *listening.Cache
	scrape    http.Handler
	proxyTold sync.Once
}

// New makes the handler. It fails when the registry holds its metrics already,
// when two tokens are the same, or when a token of role agent names no agent.
func New(d Deps) (http.Handler, error) {
	m, err := newMetrics(d.Registry)
	if err != nil {
		return nil, fmt.Errorf("registering the metrics of the API: %w", err)
	}
	if err := checkTokens(d.Tokens); err != nil {
		return nil, err
	}
	s := &server{
		Deps: d, limits: defaultLimits(), tokens: d.Tokens, metrics: m, hub: newHub(d.Queue, d.Log), sittings: &listening.Sittings{}, listening: listening.NewCache(d.Archive),
		scrape: promhttp.HandlerFor(d.Registry, promhttp.HandlerOpts{}),
	}
	return s.handler(), nil
}

func checkTokens(list []Token) error {
	seen := map[[32]byte]string{}
	for _, t := range list {
		if other, twice := seen[t.Hash]; twice {
			return fmt.Errorf("tokens %s and %s are the same; make one for each", other, t.Name)
		}
		if (t.Role == RoleAgent) != (t.Agent != "") {
			return fmt.Errorf("token %s: a token of role agent names its agent, and no other does", t.Name)
		}
		seen[t.Hash] = t.Name
	}
	return nil
}

// handler puts the routes together, each behind its token check.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		mux.Handle(rt.pattern, s.serve(rt))
	}
	return s.observed(mux)
}

// serve answers one route.
func (s *server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r)
		x.stream = rt.stream
		x.followUp, _ = followUpID(r.PathValue("id"))
		if rt.stream {
			w = patient(w, s.limits.write)
		} else {
			ctx, cancel := context.WithTimeout(r.Context(), s.limits.handle)
			defer cancel()
			r = r.WithContext(ctx)
		}
		token, err := s.authorise(w, r, rt.roles)
		if err == nil {
			x.token = token
			err = rt.checkQuery(r)
		}
		if err == nil {
			err = rt.handle(w, r, token)
		}
		if err == nil {
			return
		}
		f := *failureOf(err)
		if f.Status >= http.StatusInternalServerError && r.Context().Err() != context.Canceled { // a client that left is no fault
			s.Log.Error("a request failed", "request", x.id, "route", rt.pattern, "error", err)
		}
		if f.Code == "internal" {
			f.Request = x.id
		}
		if x.started() {
			// The status is sent: only a cut connection can tell that the rest is missing.
			panic(http.ErrAbortHandler)
		}
		fail(w, &f)
	})
}

// unmatched answers what no route is for, in the words of the mux but as JSON.
func unmatched(w http.ResponseWriter, code int) {
	f := failure(http.StatusNotFound, "not_found", "there is no such path; /openapi.yaml lists them")
	if code == http.StatusMethodNotAllowed {
		f = failure(code, "method_not_allowed", "the path does not know this method; it allows "+w.Header().Get("Allow"))
	}
	fail(w, f)
}
