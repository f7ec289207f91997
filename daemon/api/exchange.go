package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"sambung/queue"
)

// limits bound the time of a request, beside what is set around the interface, see
// console.Bound.
type limits struct {
	body   time.Duration // for the client to send it, or a part of a long one
	handle time.Duration // for us to answer one that is not a stream
	write  time.Duration // for the client to read a part of a stream
}

func defaultLimits() limits {
	return limits{body: 10 * time.Second, handle: 15 * time.Second, write: 30 * time.Second}
}

// exchange is one request and what became of it.
type exchange struct {
	http.ResponseWriter
	id     string
	limits limits
	token  Token
	// followUp is the one that the path names, if it is an id at all.
	followUp queue.ID
	stream   bool
	status   int // 0 until the header is written
	written  int64
}

type exchangeKey struct{}

func exchangeOf(r *http.Request) *exchange { return r.Context().Value(exchangeKey{}).(*exchange) }

func (x *exchange) started() bool { return x.status != 0 }

// WriteHeader notes the status.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write notes the length.
func (x *exchange) Write(data []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(data)
	x.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// observed wraps the whole interface: an id for every request, metrics, one log
// line, an answer after a panic, and JSON where the mux itself would answer.
func (s *server) observed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := &exchange{ResponseWriter: w, id: newRequestID(), limits: s.limits}
		began := s.Now()
		handler, pattern := mux.Handler(r)
		defer func() { s.conclude(x, r, pattern, began, recover()) }()
		header := w.Header()
		header.Set("X-Request-Id", x.id)
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		if pattern == "" || crooked(r.URL.Path) {
			probe := &statusProbe{header: header}
			if pattern == "" {
				handler.ServeHTTP(probe, r)
			}
			pattern = ""
			unmatched(x, probe.status)
			return
		}
		mux.ServeHTTP(x, r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x)))
	})
}

// crooked reports whether a path is written so as to be read as another one.
func crooked(p string) bool {
	return path.Clean(p) != p || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' || r == utf8.RuneError })
}

// conclude counts and logs a request, and answers it if it panicked.
func (s *server) conclude(x *exchange, r *http.Request, pattern string, began time.Time, panicked any) {
	cut := panicked != nil && x.started() // the rest of the answer will not come
	if panicked != nil && panicked != http.ErrAbortHandler {
		s.Log.Error("a request panicked", "request", x.id, "route", pattern, "panic", panicked, "stack", string(debug.Stack()))
		if !x.started() {
			f := failure(http.StatusInternalServerError, "internal", "the daemon failed; its log says why under this request's id")
			f.Request = x.id
			fail(x, f)
		}
	}
	route := pattern
	if route == "" {
		route = "unmatched"
	}
	took := s.Now().Sub(began)
	s.metrics.answered(route, x.status, took, x.stream)
	level := slog.LevelInfo
	if x.token.Name == "" && x.status < http.StatusBadRequest {
		level = slog.LevelDebug // probes and scrapes
	}
	attributes := []slog.Attr{
		slog.String("request", x.id), slog.String("route", route), slog.Int("status", x.status),
		slog.Int64("bytes", x.written), slog.Duration("took", took), slog.String("token", x.token.Name),
	}
	if x.followUp != "" {
		attributes = append(attributes, slog.String("follow_up", string(x.followUp)))
	}
	s.Log.LogAttrs(r.Context(), level, "request", attributes...)
	if cut {
		panic(http.ErrAbortHandler)
	}
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// statusProbe takes what the mux answers by itself: the status and the Allow header.
type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header            { return p.header }
func (p *statusProbe) Write(data []byte) (int, error) { return len(data), nil }
func (p *statusProbe) WriteHeader(status int)         { p.status = status }
