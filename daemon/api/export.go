package api

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sambung/queue"
)

// maxExport bounds the period of an export.
const maxExport = 366 * 24 * time.Hour

// export is the body of POST /v1/export.
type export struct {
	From   *time.Time `json:"from"`
	To     *time.Time `json:"to"`
	Format string     `json:"format"` // csv or jsonl
}

func (b export) check() error {
	var fields []Field
	if b.Format != "csv" && b.Format != "jsonl" {
		fields = append(fields, Field{"format", "is not known", "csv or jsonl"})
	}
	for name, t := range map[string]*time.Time{"from": b.From, "to": b.To} {
		if t == nil {
			fields = append(fields, Field{name, "is missing", "a time such as 2026-11-23T00:00:00+07:00"})
		}
	}
	if b.From != nil && b.To != nil && (!b.To.After(*b.From) || b.To.Sub(*b.From) > maxExport) {
		fields = append(fields, Field{"to", "is not after from, or more than a year after it", "export a year at a time"})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}

// exportDossiers streams what was sealed in a period, the last first. It holds no name and
// no number; notes and messages are in the dossiers.
func (s *server) exportDossiers(w http.ResponseWriter, r *http.Request, _ Token) error {
	var body export
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	rows := rowWriter(&jsonRows{json.NewEncoder(w)})
	media := "application/x-ndjson"
	if body.Format == "csv" {
		media, rows = "text/csv; charset=utf-8", newCSVRows(w, s.Zone)
	}
	filter := queue.SealedFilter{From: *body.From, To: *body.To}
	for first := true; ; first = false {
		states, next, err := s.Queue.Sealed(r.Context(), filter)
		if err != nil {
			return err
		}
		views, err := s.views(r.Context(), states)
		if err != nil {
			return err
		}
		if first { // from here on only a cut connection tells that something failed
			w.Header().Set("Content-Type", media)
			w.Header().Set("Content-Disposition", `attachment; filename="sambung.`+body.Format+`"`)
		}
		if err := rows.write(views, first); err != nil {
			return fmt.Errorf("sending the export: %w", err)
		}
		if filter.Cursor = next; next == "" {
			return nil
		}
	}
}

type rowWriter interface {
	write(views []dossierView, first bool) error
}

type jsonRows struct{ *json.Encoder }

func (j *jsonRows) write(views []dossierView, _ bool) error {
	var errs []error
	for _, v := range views {
		errs = append(errs, j.Encode(v))
	}
	return errors.Join(errs...)
}

// csvRows writes CSV as spreadsheets of this country open it by a double click: a
// byte order mark, so that it is read as UTF-8, and semicolons, because the comma
// belongs to numbers. Times are those of the office.
type csvRows struct {
	out  io.Writer
	csv  *csv.Writer
	zone *time.Location
}

func newCSVRows(out io.Writer, zone *time.Location) *csvRows {
	c := &csvRows{out: out, csv: csv.NewWriter(out), zone: zone}
	c.csv.Comma, c.csv.UseCRLF = ';', true
	return c
}

var exportColumns = []string{
	"id", "ticket", "route", "status", "agent", "outcome", "received_at", "deadline", "contacted_at", "sealed_at",
	"met_deadline", "missed_cause", "seconds", "attempts", "review",
}

func (c *csvRows) write(views []dossierView, first bool) error {
	if first {
		if _, err := io.WriteString(c.out, "\ufeff"); err != nil {
			return err
		}
		if err := c.csv.Write(exportColumns); err != nil {
			return err
		}
	}
	for _, v := range views {
		cells := []string{
			string(v.ID), v.Ticket, string(v.Route), string(v.Status), string(v.Agent), string(v.Outcome),
			c.time(v.ReceivedAt), c.time(v.Deadline), c.time(v.ContactedAt), c.time(v.SealedAt),
			strconv.FormatBool(v.MetDeadline), v.MissedCause, strconv.Itoa(v.Seconds), strconv.Itoa(v.Attempts), v.Review,
		}
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		if err := c.csv.Write(cells); err != nil {
			return err
		}
	}
	c.csv.Flush()
	return c.csv.Error()
}

func (c *csvRows) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.zone).Format("2006-01-02 15:04:05")
}

// harmless keeps a spreadsheet from taking a cell for a formula (OWASP, CSV
// Injection): text that begins like one gets an apostrophe in front.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
