package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/daemon/importing"
	"sambung/queue"
)

// importOptions are the flags of import.
type importOptions struct {
	dryRun, skipBad bool
	report          string
}

func (c *cli) importCommand() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import FILE.csv|FILE.jsonl|-",
		Short: "Enqueue the follow-ups of a file",
		Long: `Enqueues every row of a file: CSV with commas or semicolons, whose first row names the columns,
or JSON lines. Columns and keys are those of enqueue: ticket, route, directorate, taxpayer, npwp,
phone, extension, message, received_at, agent, follows, manual, allow_duplicate.

All rows are checked before any is sent, and one that is bad refuses the file unless --skip-bad is
given. A file that is sent again, whole or after an interruption, adds nothing twice.`,
		Example: "  sambung import tindak-lanjut.csv --dry-run\n  sambung import tindak-lanjut.csv --skip-bad --report faults.json\n  sambung import - < tindak-lanjut.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.started = true
			file, err := c.openImport(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			return c.importFile(cmd.Context(), file, o)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.dryRun, "dry-run", false, "check the file and show its first rows; send nothing")
	flags.BoolVar(&o.skipBad, "skip-bad", false, "send the good rows of a file that has bad ones")
	flags.StringVar(&o.report, "report", "", "write all faults into this file, as JSON")
	return cmd
}

// openImport opens a file that can be read twice; standard input is copied to
// one that has no name.
func (c *cli) openImport(name string) (*os.File, error) {
	if name != "-" {
		return os.Open(name)
	}
	file, err := os.CreateTemp("", "sambung-import-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := io.Copy(file, c.stdin); err != nil {
		return nil, errors.Join(fmt.Errorf("reading standard input: %w", err), file.Close())
	}
	_, err = file.Seek(0, io.SeekStart)
	return file, err
}

// errBadRows is exit code 4: the file was refused, in whole or in part.
var errBadRows = errors.New("rows are bad")

// importOutcome is what --json prints.
type importOutcome struct {
	importing.Report
	importing.Result
}

func (c *cli) importFile(ctx context.Context, file *os.File, o importOptions) error {
	now := time.Now()
	preview := [][]string{{"LINE", "TICKET", "ROUTE", "DIRECTORATE", "AGENT", "RECEIVED"}}
	const shown = 10
	checked, err := importing.Check(file, now, func(r importing.Row) {
		if s := r.Submission; len(preview) <= shown {
			preview = append(preview, []string{strconv.Itoa(r.Line), clean(s.Ticket), clean(s.Route), clean(s.Directorate), clean(s.Agent), clean(s.ReceivedAt)})
		}
	})
	var bad *importing.FileError
	if errors.As(err, &bad) {
		return refusedError{err}
	}
	if err != nil {
		return err
	}
	if err := c.tellFaults(checked, o.report); err != nil {
		return err
	}
	outcome := importOutcome{Report: checked}
	if o.dryRun && !c.json {
		if err := c.table(preview); err != nil {
			return err
		}
	}
	refused := checked.Bad > 0 && !o.skipBad
	if !o.dryRun && !refused {
		if _, err = file.Seek(0, io.SeekStart); err == nil {
			outcome.Result, err = c.sendImport(ctx, file, now, checked.Rows)
		}
	}
	concluded := c.concludeImport(outcome, o, refused)
	if err != nil {
		return err // rows that were refused are told; there are others that were not sent
	}
	return concluded
}

// tellFaults prints what is wrong, and writes it to the report.
func (c *cli) tellFaults(r importing.Report, path string) error {
	if !c.json {
		for _, f := range r.Faults {
			fmt.Fprintln(c.stderr, c.paint(red, f.String()))
		}
		if r.Omitted > 0 {
			fmt.Fprintf(c.stderr, "and %d more\n", r.Omitted)
		}
	}
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}

// sendImport sends the good rows, with a bar on a terminal.
func (c *cli) sendImport(ctx context.Context, file *os.File, now time.Time, rows int) (importing.Result, error) {
	token, err := c.token()
	if err != nil {
		return importing.Result{}, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	api, err := client.New(c.apiURL, token, transport)
	if err != nil {
		return importing.Result{}, err
	}
	done := func() {}
	if c.terminal && !c.json {
		bar := progressbar.NewOptions(rows, progressbar.OptionSetWriter(c.stderr), progressbar.OptionShowCount(),
			progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish())
		defer func() { _ = bar.Finish() }()
		done = func() { _ = bar.Add(1) } // a bar that cannot be drawn is no reason to stop
	}
	return importing.Send(ctx, file, now, patient{api, c.timeout}, done)
}

// patient gives every row the time-out of a request.
type patient struct {
	*client.Client
	timeout time.Duration
}

// Enqueue implements importing.API.
func (p patient) Enqueue(ctx context.Context, s client.Submission, key string) (queue.State, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	return p.Client.Enqueue(ctx, s, key)
}

// concludeImport prints what came of it.
func (c *cli) concludeImport(o importOutcome, options importOptions, refused bool) error {
	if c.json {
		if err := c.printJSON(o); err != nil {
			return err
		}
	} else {
		for _, f := range o.Refused {
			fmt.Fprintln(c.stderr, c.paint(red, f.String()))
		}
		if err := c.printf("%d rows: %s\n", o.Rows, o.summary(options, refused)); err != nil {
			return err
		}
	}
	if bad := o.Bad + len(o.Refused); bad > 0 && (refused || len(o.Refused) > 0) {
		return refusedError{fmt.Errorf("%d %w", bad, errBadRows)}
	}
	return nil
}

func (o importOutcome) summary(options importOptions, refused bool) string {
	switch {
	case options.dryRun && refused:
		return fmt.Sprintf("%d bad; the file would be refused (--skip-bad sends the others)", o.Bad)
	case options.dryRun:
		return fmt.Sprintf("%d good; nothing was sent", o.Rows-o.Bad)
	case refused:
		return fmt.Sprintf("%d bad; nothing was sent (--skip-bad sends the others)", o.Bad)
	}
	return fmt.Sprintf("%d enqueued, %d there already, %d bad and skipped, %d refused", o.Enqueued, o.Already, o.Skipped, len(o.Refused))
}

// refusedError is an error of exit code 4.
type refusedError struct{ error }

func (r refusedError) Unwrap() error { return r.error }
