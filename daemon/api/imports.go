package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"time"

	"sambung/daemon/api/client"
	"sambung/daemon/importing"
	"sambung/queue"
	"sambung/queue/intake"
)

const (
	// maxImport bounds a file of follow-ups, in bytes.
	maxImport = 32 << 20
	// importTime bounds the work on one.
	importTime = 10 * time.Minute
	// previewed is how many good rows are shown.
	previewed = 50
)

// imported is the answer to POST /v1/imports.
type imported struct {
	importing.Report
	importing.Result
	Preview []previewRow `json:"preview,omitempty"` // of a dry run
	DryRun  bool         `json:"dry_run,omitempty"`
}

// previewRow is a good row. Name, number and message stay out of it.
type previewRow struct {
	Line        int    `json:"line"`
	Ticket      string `json:"ticket"`
	Route       string `json:"route"`
	Directorate string `json:"directorate,omitempty"`
	Agent       string `json:"agent,omitempty"`
	ReceivedAt  string `json:"received_at,omitempty"`
	// Already says that the ticket has an open follow-up that tells the same: the row
	// would be passed over.
	Already bool `json:"already,omitempty"`
	// TicketOpen says that it has one with another content: the row would be refused.
	TicketOpen bool `json:"ticket_open,omitempty"`
}

// imports takes a file of follow-ups, CSV or JSON lines, and enqueues its rows.
// All are judged before any is enqueued, and a bad one refuses the file unless
// skip_bad is set. A file that is sent again adds nothing twice.
func (s *server) imports(w http.ResponseWriter, r *http.Request, t Token) error {
	values := r.URL.Query()
	dry, errDry := flag(values, "dry_run")
	skip, errSkip := flag(values, "skip_bad")
	if err := errors.Join(errDry, errSkip); err != nil {
		return err
	}
	file, err := spooled(w, r)
	if err != nil {
		return err
	}
	defer file.Close()
	ctx, cancel := context.WithTimeout(r.Context(), importTime)
	defer cancel()
	result := imported{DryRun: dry}
	now := s.Now()
	result.Report, err = s.examine(ctx, file, now, dry, &result)
	if err != nil {
		return err
	}
	switch {
	case dry:
		return respond(w, http.StatusOK, result)
	case result.Bad > 0 && !skip:
		f := failure(http.StatusUnprocessableEntity, "bad_rows", "rows of the file are bad; nothing was enqueued. Mend them, or send skip_bad=true")
		f.Import = &result
		return f
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	result.Result, err = importing.SendBy(ctx, file, s.judge(ctx, now), desk{s, t}, func() {})
	if err != nil {
		return err // what was enqueued stays; the same file goes on from there
	}
	return respond(w, http.StatusOK, result)
}

// spooled copies a body to a file without a name, which can be read twice.
func spooled(w http.ResponseWriter, r *http.Request) (*os.File, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if known := []string{"text/csv", "application/x-ndjson", "application/jsonl"}; err != nil || !slices.Contains(known, media) {
		return nil, failure(http.StatusUnsupportedMediaType, "media_type", "the body is not declared as a file of follow-ups; send Content-Type: text/csv or application/x-ndjson")
	}
	file, err := os.CreateTemp("", "sambung-import-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	body := &patientReader{http.MaxBytesReader(w, r.Body, maxImport), http.NewResponseController(w), exchangeOf(r).limits.body}
	_, err = io.Copy(file, body)
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return nil, errors.Join(err, file.Close())
	}
	if err != nil {
		_ = file.Close()
		return nil, failure(http.StatusBadRequest, "body", "the file did not arrive whole; send it again")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// examine judges every row. A dry run also looks for open tickets.
func (s *server) examine(ctx context.Context, file io.Reader, now time.Time, dry bool, result *imported) (importing.Report, error) {
	var failed error
	report, err := importing.CheckBy(file, s.judge(ctx, now), func(row importing.Row) {
		if !dry || len(result.Preview) == previewed || failed != nil {
			return
		}
		u := row.Submission
		shown := previewRow{Line: row.Line, Ticket: u.Ticket, Route: u.Route, Directorate: u.Directorate, Agent: u.Agent, ReceivedAt: u.ReceivedAt}
		shown.Already, shown.TicketOpen, failed = s.foresee(ctx, u, now)
		result.Preview = append(result.Preview, shown)
	})
	return report, errors.Join(err, failed)
}

// foresee says whether a good row would be passed over, or refused, for the ticket's
// open follow-up.
func (s *server) foresee(ctx context.Context, u client.Submission, now time.Time) (already, refused bool, err error) {
	e, err := s.Intake.Validate(u, now)
	if err != nil || e.AllowDuplicate {
		return false, false, err
	}
	open, err := s.openOf(ctx, e.FollowUp)
	if err != nil || open == nil {
		return false, false, err
	}
	return open.Same, !open.Same, nil
}

// judge says what is wrong with a row as enqueuing it would.
func (s *server) judge(ctx context.Context, now time.Time) importing.Judge {
	return func(row importing.Row) (*intake.Refusal, error) {
		e, err := s.Intake.Validate(row.Submission, now)
		if err == nil {
			err = intake.CheckReferences(ctx, s.Queue, e.FollowUp)
		}
		var refused *intake.Refusal
		if errors.As(err, &refused) {
			return refused, nil
		}
		return nil, err
	}
}

// desk enqueues the rows of a file under a token, as if they came one by one.
type desk struct {
	*server
	token Token
}

// Enqueue implements importing.API.
func (d desk) Enqueue(ctx context.Context, u client.Submission, key string) (queue.State, bool, error) {
	e, err := d.Intake.Validate(u, d.Now())
	var state queue.State
	replayed := false
	if err == nil {
		state, replayed, err = d.submit(ctx, d.token, e, key)
	}
	if err == nil {
		return state, replayed, nil
	}
	f := failureOf(err)
	if f.Status >= http.StatusInternalServerError {
		return state, false, err
	}
	refused := &client.Error{Status: f.Status, Code: f.Code, Message: f.Message, Existing: string(f.Existing), Same: f.Same}
	for _, field := range f.Fields {
		refused.Fields = append(refused.Fields, client.Field(field))
	}
	return state, false, refused
}
