package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sambung/daemon/custody"
	"sambung/daemon/dispatch"
	"sambung/daemon/evidence"
	"sambung/daemon/importing"
	"sambung/daemon/manual"
	"sambung/queue"
	"sambung/queue/intake"
	"sambung/queue/redisqueue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/spool"
	"sambung/telephony"
)

// Field is one thing wrong with a request.
type Field struct {
	Field   string `json:"field"`
	Problem string `json:"problem"`
	Remedy  string `json:"remedy"`
}

// Failure is the answer to a request that was not done. It carries no personal data.
type Failure struct {
	Status  int    `json:"-"` // of HTTP
	Code    string `json:"code"`
	Message string `json:"message"`
	// Fields: codes invalid, too_large, ticket_open and key_reused.
	Fields []Field `json:"fields,omitempty"`
	// Existing is the open follow-up of the same ticket: code ticket_open.
	Existing queue.ID `json:"existing,omitempty"`
	// Same says that it tells the same taxpayer the same.
	Same bool `json:"same,omitempty"`
	// Import is what was found in a file: code bad_rows.
	Import *imported `json:"import,omitempty"`
	// Request names the request in the daemon's log: code internal.
	Request string `json:"request,omitempty"`

	after time.Duration // which to wait for: code throttled
}

func (f *Failure) Error() string { return f.Message }

func failure(status int, code, message string) *Failure {
	return &Failure{Status: status, Code: code, Message: message}
}

func invalid(fields ...Field) *Failure {
	return failure(http.StatusBadRequest, "invalid", "the request is refused; see fields").naming(fields...)
}

// naming says which fields a failure is about.
func (f *Failure) naming(fields ...Field) *Failure {
	f.Fields = fields
	return f
}

// failureOf finds the answer for an error. Errors that no caller brought about
// become code internal, and are told to the log alone.
func failureOf(err error) *Failure {
	var (
		ready   *Failure
		open    *queue.TicketOpenError
		refused *queue.RefusedError
		network *net.OpError
		tooLong *http.MaxBytesError
		faulty  *intake.Refusal
		audio   *manual.RecordingError
		file    *importing.FileError
		slowed  *queue.ThrottledError
	)
	switch {
	case errors.As(err, &ready):
		return ready
	case errors.As(err, &tooLong):
		return failure(http.StatusRequestEntityTooLarge, "too_large", "the request is too long").
			naming(Field{"body", fmt.Sprintf("is longer than %d bytes", tooLong.Limit), "shorten the text in it"})
	case errors.As(err, &faulty):
		fields := make([]Field, len(faulty.Fields))
		for i, f := range faulty.Fields {
			fields[i] = Field(f)
		}
		return invalid(fields...)
	case errors.Is(err, custody.ErrNotSealed):
		return failure(http.StatusConflict, "not_sealed", err.Error()+"; its custody begins with the seal")
	case errors.Is(err, storage.ErrNoLock):
		return failure(http.StatusConflict, "no_object_lock", err.Error()+", or the daemon's access key may not set legal holds; see sambung doctor")
	case errors.Is(err, evidence.ErrNothing):
		return failure(http.StatusConflict, "not_sealed", "the dossier is not sealed yet, or the archive does not have it; verify it once it is sealed")
	case errors.Is(err, dossier.ErrBroken):
		return failure(http.StatusConflict, "broken", err.Error()+"; tell the operator, and see sambung recordings verify")
	case errors.As(err, &file):
		return invalid(Field{"body", strings.TrimSuffix(fmt.Sprintf("line %d %s", max(1, file.Line), file.What), "; "), file.Remedy})
	case errors.As(err, &audio):
		return invalid(Field{"recording", audio.Problem, audio.Remedy})
	case errors.Is(err, spool.ErrFull):
		return failure(http.StatusServiceUnavailable, "unavailable", "the daemon has no room for the recording; try again when it has archived others")
	case errors.As(err, &slowed):
		f := failure(http.StatusTooManyRequests, "throttled", slowed.Error())
		f.after = slowed.Wait
		return f
	case errors.As(err, &open):
		f := failure(http.StatusConflict, "ticket_open", open.Error()).
			naming(Field{"ticket", "has an open follow-up", "cancel that one, or set allow_duplicate to true"})
		f.Existing, f.Same = open.Existing, open.Same
		return f
	case errors.As(err, &refused):
		return failure(http.StatusConflict, "refused", refusal(refused))
	case errors.Is(err, queue.ErrRefused):
		return failure(http.StatusConflict, "refused", err.Error())
	case errors.Is(err, queue.ErrKeyReused):
		return failure(http.StatusUnprocessableEntity, "key_reused", "the request is not the one that its key was used for").
			naming(Field{"Idempotency-Key", "was used for another request", "use a new one for each request"})
	case errors.Is(err, queue.ErrNotFound):
		return failure(http.StatusNotFound, "not_found", "there is no such follow-up, agent or user")
	case errors.Is(err, dispatch.ErrNoCall):
		return failure(http.StatusConflict, "no_call", "this daemon carries no call of that follow-up; ask again while the call is under way")
	case errors.Is(err, dispatch.ErrNoMonitor):
		return failure(http.StatusNotFound, "no_monitor", "you are not in that talk")
	case errors.Is(err, telephony.ErrNoTalk):
		return failure(http.StatusConflict, "no_talk", "nobody is talking in that call; ask again while they are")
	case errors.Is(err, telephony.ErrMonitored):
		return failure(http.StatusConflict, "monitored", "somebody is in that talk already; the history says who")
	case errors.Is(err, telephony.ErrNotReached):
		return failure(http.StatusConflict, "not_reached", "your telephone was not answered, or could not be rung: see that it is connected and free")
	case redisqueue.Away(err), errors.As(err, &network):
		return failure(http.StatusServiceUnavailable, "unavailable", "the store or the archive does not answer; try again, the daemon goes on by itself")
	}
	return failure(http.StatusInternalServerError, "internal", "the daemon failed; its log says why under this request's id")
}

// refusal says when what was refused would be allowed.
func refusal(e *queue.RefusedError) string {
	var when []queue.Status
	for _, t := range queue.Transitions() {
		if t.Kind == e.Kind {
			when = append(when, t.From...)
		}
	}
	slices.Sort(when)
	return fmt.Sprintf("follow-up %s is %s: %s. It is possible while the follow-up is %s", e.FollowUp, e.Status, e.Why, join(slices.Compact(when)))
}

// fail answers with a failure.
func fail(w http.ResponseWriter, f *Failure) {
	switch f.Status {
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "5")
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", strconv.Itoa(int((f.after+time.Second-1)/time.Second)))
	}
	_ = respond(w, f.Status, map[string]*Failure{"error": f}) // whoever went away needs no answer
}

// respond answers with JSON.
func respond(w http.ResponseWriter, status int, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encoding the answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(append(data, '\n'))
	return err
}
