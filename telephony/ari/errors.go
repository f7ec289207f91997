package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Error is a request that failed.
type Error struct {
	Method   string
	Resource string // escaped path without the base, see the ARI documentation
	Status   int    // HTTP status; 0 when no whole reply was seen
	Message  string // what Asterisk said
	Err      error  // what went wrong, when no whole reply was seen
	maybe    bool
	foreign  bool // what replied is not ARI
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("ARI %s %s: no reply: %v", e.Method, e.Resource, e.Err)
	}
	return fmt.Sprintf("ARI %s %s: status %d: %s", e.Method, e.Resource, e.Status, e.Message)
}

// Unwrap gives the cause: context.DeadlineExceeded for a time-out.
func (e *Error) Unwrap() error { return e.Err }

// Status returns the HTTP status of a failed request, 0 when there was no reply.
func Status(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// IsNotFound reports whether ARI says that the object asked for does not exist. While
// Asterisk starts, its HTTP server answers 404 to everything until ARI is loaded (tried:
// for 0.1 s), and that says nothing of any object.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound && !e.foreign
}

// IsConflict reports whether the object's state does not allow the request.
func IsConflict(err error) bool { return Status(err) == http.StatusConflict }

// MaybeDone reports whether the request can have been carried out although it
// failed: a connection was there to write to when it broke or the time ran out,
// or something between here and Asterisk answered in its place. It is false
// when Asterisk itself refused, and when no connection came about.
func MaybeDone(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.maybe
}

// refusal makes the error of a reply that is no success.
func refusal(r request, resp *http.Response) *Error {
	said, asterisk := message(resp.Body)
	return &Error{
		Method: r.method, Resource: r.resource, Status: resp.StatusCode, Message: said,
		maybe: resp.StatusCode >= 500 && !asterisk, foreign: !asterisk,
	}
}

// message is what a failed reply says, and whether it is Asterisk that says it:
// {"message": "..."}.
func message(body io.Reader) (said string, asterisk bool) {
	text, _ := io.ReadAll(io.LimitReader(body, 4096))
	var reply struct{ Message, Error string }
	if json.Unmarshal(text, &reply) == nil && reply.Message+reply.Error != "" {
		return reply.Message + reply.Error, true
	}
	return strings.TrimSpace(string(text)), false
}
