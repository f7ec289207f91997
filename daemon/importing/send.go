package importing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"sambung/daemon/api/client"
	"sambung/queue"
	"sambung/queue/intake"
)

// inFlight is how many rows are on their way at once.
const inFlight = 8

// Result is what came of sending a file.
type Result struct {
	Enqueued int `json:"enqueued"`
	Already  int `json:"already"` // by an earlier run, or as an open follow-up that tells the same
	Skipped  int `json:"skipped"` // bad rows
	// Refused are rows that only the daemon could refuse.
	Refused []Fault `json:"refused,omitempty"`
}

// API is what rows are sent to; *client.Client is one.
type API interface {
	Enqueue(ctx context.Context, s client.Submission, key string) (queue.State, bool, error)
}

// Send enqueues the good rows of a file, and passes over the bad ones. done is
// told after every row, from one goroutine at a time. It stops at the first
// error that is no refusal of a row: sending the file again goes on from there.
func Send(ctx context.Context, file io.Reader, now time.Time, api API, done func()) (Result, error) {
	return SendBy(ctx, file, alone(now), api, done)
}

// SendBy is [Send] with a judge who knows more.
func SendBy(ctx context.Context, file io.Reader, judge Judge, api API, done func()) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &sending{api: api, done: done, cancel: cancel}
	rows := make(chan Row)
	var workers sync.WaitGroup
	for range inFlight {
		workers.Go(func() {
			for row := range rows {
				s.send(ctx, row)
			}
		})
	}
	err := s.hand(ctx, file, judge, rows)
	close(rows)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return s.result, err
}

// sending is one run of Send.
type sending struct {
	api    API
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	done   func() // mu
	result Result // mu
}

// hand gives the good rows out.
func (s *sending) hand(ctx context.Context, file io.Reader, judge Judge, rows chan<- Row) error {
	for row, err := range Rows(file) {
		if err != nil {
			return err
		}
		refusal := row.Refusal
		if refusal == nil {
			if refusal, err = judge(row); err != nil {
				return err
			}
		}
		if refusal != nil {
			s.note(func(r *Result) { r.Skipped++ })
			continue
		}
		select {
		case rows <- row:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *sending) send(ctx context.Context, row Row) {
	if ctx.Err() != nil {
		return
	}
	_, replayed, err := s.api.Enqueue(ctx, row.Submission, key(row.Submission))
	var refused *client.Error
	switch {
	case err == nil && replayed:
		s.note(func(r *Result) { r.Already++ })
	case err == nil:
		s.note(func(r *Result) { r.Enqueued++ })
	case errors.As(err, &refused) && refused.Same:
		s.note(func(r *Result) { r.Already++ })
	case errors.As(err, &refused) && rowIsBad(refused):
		s.note(func(r *Result) { r.refuse(row, refused) })
	default:
		s.cancel(fmt.Errorf("line %d: %w", row.Line, err))
	}
}

// rowIsBad tells a refusal of the row from one of everything. What is no daemon judges
// no row.
func rowIsBad(e *client.Error) bool {
	if e.Foreign() {
		return false
	}
	switch e.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

func (r *Result) refuse(row Row, e *client.Error) {
	if len(e.Fields) == 0 {
		r.Refused = append(r.Refused, Fault{Line: row.Line, Field: "body", Reason: e.Message, Remedy: "mend the row and send the file again"})
	}
	for _, f := range e.Fields {
		r.Refused = append(r.Refused, Fault{Line: row.Line, Column: row.column(f.Field), Field: f.Field, Reason: f.Problem, Remedy: f.Remedy})
	}
}

func (s *sending) note(change func(*Result)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.result)
	s.done()
}

// key names the content of a row: equal rows have equal keys, and nobody can
// read the row off it.
func key(s intake.Submission) string { return "import-" + s.Fingerprint() }
