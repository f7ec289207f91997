package main

import (
	"context"
	"io"

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
	return c.save(ctx, download{output: e.output, fetch: func(ctx context.Context, w io.Writer) error {
		return api.Export(ctx, *from, *to, e.format, w)
	}})
}
