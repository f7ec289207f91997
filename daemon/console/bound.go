package console

import (
	"net/http"
	"time"
)

// How long a request's body may take to come, and an answer to leave, where its
// handler does not ask for longer.
const (
	bodyLimit  = 10 * time.Second
	writeLimit = 30 * time.Second
)

// Bound has nobody waited for without end: net/http waits for the body of a request
// before it answers, also where nobody reads it, and for whoever does not read the answer.
// A handler whose body or answer takes longer sets deadlines of its own as it goes.
func Bound(h http.Handler, body, write time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		_ = control.SetWriteDeadline(time.Now().Add(write)) // errors: the recorder of a test has no deadlines
		if r.ContentLength != 0 {
			_ = control.SetReadDeadline(time.Now().Add(body))
		}
		h.ServeHTTP(w, r)
	})
}
