package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/reindex"
)

func (c *cli) reindexCommand() *cobra.Command {
	var path string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Bring back into the ledger what the archive knows and the ledger has lost",
		Long: `For after a Redis that came up empty, or with an old backup: reads every history, seal and
recording in the archive, proves that they hold together, and imports what the ledger lacks.
Sealed dossiers are sealed follow-ups again; one that was shipped after an attempt stands
where that attempt was settled; an attempt of which only a recording is left counts as made
and goes to people. What was entered, or done, after the last shipping the archive cannot
know. Agents it does not know at all.

Stop every daemon first. It may be repeated, and goes on where it was cut off. The last thing
it does is to raise the ledger's epoch: only then does a daemon dial again, once it has
compared the ledger with its switch.

Exit code 0 done, 1 failed (run it again), 4 refused: daemons are at work, or something does
not hold together; it is named, not imported, and does not hinder the rest.`,
		Example: "  sambung reindex --config /etc/sambung/sambung.yaml --dry-run\n  sambung reindex --config /etc/sambung/sambung.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.started = true
			config, err := configs.Load(path, c.environ)
			if err != nil {
				return err
			}
			return c.reindex(cmd.Context(), config, dryRun)
		},
	}
	cmd.Flags().StringVar(&path, "config", "", "configuration file that names the ledger and the archive")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only look, and say what would be brought back")
	return cmd
}

func (c *cli) reindex(ctx context.Context, config configs.Config, dryRun bool) error {
	ctx, stop := untilSignalled(ctx)
	defer stop()
	out, done, told := json.NewEncoder(c.stdout), 0, time.Time{}
	sum, err := daemon.Reindex(ctx, config, dryRun, func(f reindex.Finding) {
		done++
		c.tellFinding(out, f)
		if c.terminal && !c.json && time.Since(told) > 200*time.Millisecond {
			told = time.Now()
			_ = c.printf("%d follow-ups\r", done)
		}
	})
	if owned := (*reindex.OwnedError)(nil); errors.As(err, &owned) {
		return refusedError{err}
	}
	if err != nil {
		return fmt.Errorf("not finished: %w; run it again, what was brought back stays", err)
	}
	if err := c.tellSummary(out, sum, dryRun); err != nil {
		return err
	}
	if sum.Broken > 0 {
		return refusedError{fmt.Errorf("%s not imported: the evidence does not hold together, see above", plural(sum.Broken, "follow-up"))}
	}
	return nil
}

// tellFinding prints an object for programs, and for people what is not as it
// should be.
func (c *cli) tellFinding(out *json.Encoder, f reindex.Finding) {
	id := string(f.FollowUp)
	switch {
	case c.json:
		line := struct {
			reindex.Finding
			Error string `json:"error,omitempty"`
		}{Finding: f}
		if f.Err != nil {
			line.Error = f.Err.Error()
		}
		_ = out.Encode(line)
	case f.Action == reindex.Broken:
		_ = c.printf("%s %s: %v\n", c.paint(red, "BROKEN"), id, f.Err)
		if f.HandedBack {
			_ = c.printf("       %s is handed back: look at it before it is requeued\n", id)
		}
	case f.Action == reindex.Unknown:
		_ = c.printf("UNKNOWN %s: the archive has a recording of it, and neither archive nor ledger its history\n", id)
	case len(f.Presumed) > 0:
		_ = c.printf("PRESUMED %s: attempts %v left a recording and no history; it is handed back: listen before it is requeued\n", id, f.Presumed)
	}
}

func (c *cli) tellSummary(out *json.Encoder, s reindex.Summary, dryRun bool) error {
	if c.json {
		return out.Encode(map[string]any{"summary": s, "dry_run": dryRun})
	}
	would := ""
	if dryRun {
		would = " (nothing was written: --dry-run)"
	}
	err := c.printf("%s: %d added, %d extended, %d unchanged, %d broken, %d unknown%s\n",
		plural(s.FollowUps, "follow-up"), s.Added, s.Extended, s.Unchanged, s.Broken, s.Unknown, would)
	if err != nil || dryRun {
		return err
	}
	if s.Agents == 0 {
		if err := c.printf("The ledger knows no agents: add them (sambung agent add).\n"); err != nil {
			return err
		}
	}
	return c.printf("%s of the archive open. What was entered or done after the last shipping is not in the archive: compare with the tickets.\nThe epoch is %d: daemons can be started.\n",
		plural(s.Open, "follow-up"), s.Epoch)
}
