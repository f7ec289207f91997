package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

// dossierExport is what recordings export is told.
type dossierExport struct {
	days
	format, output string
}

func (c *cli) recordingsExportCommand() *cobra.Command {
	var e dossierExport
	cmd := &cobra.Command{
		Use:   "export --from DAY --to DAY",
		Short: "Export what was sealed in a period, as CSV or JSON lines",
		Long: `Writes one row for each dossier that was sealed in the period, the last first: ticket, route, agent,
outcome, times, deadline, talk and review; no name, no number, no message. CSV opens in a
spreadsheet by a double click: UTF-8 with its mark, semicolons, times of the office.`,
		Example: `  sambung recordings export --from 2026-11-01 --to 2026-11-30 -o november.csv
  sambung recordings export --from 2026-11-23 --to 2026-11-23 --format jsonl`,
		Args: cobra.NoArgs,
		RunE: c.connected(func(ctx context.Context, api *client.Client, _ []string) error { return c.export(ctx, api, e) }),
	}
	e.flags(cmd, "of the period")
	cmd.Flags().StringVar(&e.format, "format", formats()[0], "csv or jsonl")
	cmd.Flags().StringVarP(&e.output, "output", "o", "-", "file to write, - for standard output")
	required(cmd, "from", "to")
	complete(cmd, "format", formats())
	return cmd
}

func (c *cli) export(ctx context.Context, api *client.Client, e dossierExport) error {
	from, to, err := e.bounds()
	if err != nil {
		return err
	}
	if from == nil || to == nil {
		return usage("--from or --to is empty; write it as 2026-11-23")
	}
	write := func(w io.Writer) error {
		ctx, w, stop := patience(ctx, c.timeout, w)
		defer stop()
		return api.Export(ctx, *from, *to, e.format, w)
	}
	if e.output == "-" {
		return write(c.stdout)
	}
	bytes, err := writeWhole(e.output, write)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]any{"file": e.output, "bytes": bytes})
	}
	return c.printf("%s: %d bytes\n", e.output, bytes)
}

// writeWhole has a file written under its name only when it is whole.
func writeWhole(output string, write func(w io.Writer) error) (bytes int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(output), ".sambung-*")
	if err != nil {
		return 0, fmt.Errorf("writing %s: %w", output, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	err = write(f)
	if bytes, _ = f.Seek(0, io.SeekEnd); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(f.Name(), output); err != nil {
		return 0, fmt.Errorf("writing %s: %w", output, err)
	}
	return bytes, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
