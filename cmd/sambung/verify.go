package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/spf13/cobra"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/evidence"
)

// verifyOptions are the flags of recordings verify.
type verifyOptions struct {
	config, day, checkpoint string
	all                     bool
}

func (c *cli) recordingsVerifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [ID]",
		Short: "Prove from the archive alone that sealed dossiers are what was sealed",
		Long: `Reads every object of sealed dossiers from the archive, without the daemon and without its
ledger, and compares them with what was sealed: recordings, activity history, manifest, and
what happened to the dossier since. The first broken link of each dossier is named.

With --checkpoint, hashes that were noted in a file at an earlier run are compared as well, so
that a whole dossier that was replaced or removed is found; keep that file elsewhere than the
archive. Dossiers that are sound are added to it.`,
		Example: "  sambung recordings verify 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --config /etc/sambung/sambung.yaml\n" +
			"  sambung recordings verify --day 2026-11-23\n  sambung recordings verify --all --checkpoint /var/lib/sambung/checkpoint",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			selection, err := o.selection(args)
			if err != nil {
				return err
			}
			c.started = true
			config, err := configs.Load(o.config, c.environ)
			if err != nil {
				return err
			}
			return c.verify(cmd.Context(), config.S3, selection, o.checkpoint)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.config, "config", "", "configuration file that names the archive")
	flags.StringVar(&o.day, "day", "", "verify the dossiers of this office day, such as 2026-11-23")
	flags.BoolVar(&o.all, "all", false, "verify every dossier")
	flags.StringVar(&o.checkpoint, "checkpoint", "", "file with the hashes of earlier runs")
	return cmd
}

// selection is what the arguments select: exactly one of the three.
func (o verifyOptions) selection(args []string) (evidence.Selection, error) {
	var s evidence.Selection
	given := len(args)
	if o.day != "" {
		given++
		day, err := time.Parse(time.DateOnly, o.day)
		if err != nil {
			return s, usage("--day %s: want a date such as 2026-11-23", o.day)
		}
		s.Day = day
	}
	if o.all {
		given++
	}
	if given != 1 {
		return s, usage("want one of ID, --day and --all")
	}
	if len(args) == 1 {
		s.FollowUp = args[0]
	}
	return s, nil
}

var errBrokenDossiers = errors.New("dossiers are broken")

func (c *cli) verify(ctx context.Context, s3 configs.S3, s evidence.Selection, checkpoint string) error {
	archive, err := daemon.OpenArchive(s3)
	if err != nil {
		return err
	}
	defer archive.Close()
	known := make(evidence.Checkpoint)
	if checkpoint != "" {
		if known, err = evidence.LoadCheckpoint(checkpoint); err != nil {
			return err
		}
	}
	broken, sound, noted, out := 0, 0, make(evidence.Checkpoint), json.NewEncoder(c.stdout)
	err = evidence.Verify(ctx, archive, s, known, func(done, total int, v evidence.Verdict) {
		if v.Err != nil {
			broken++
		} else {
			sound++
			noted.Note(v)
		}
		c.tellVerdict(out, done, total, v)
	})
	if errors.Is(err, evidence.ErrNothing) && s.FollowUp == "" {
		return c.printf("There is no sealed dossier yet.\n")
	}
	if err != nil {
		return err
	}
	if checkpoint != "" {
		maps.Copy(known, noted)
		if err := known.Save(checkpoint); err != nil {
			return err
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d %w", broken, broken+sound, errBrokenDossiers)
	}
	return nil
}

// tellVerdict prints a verdict: an object for programs; for people a line, on a
// terminal over the one before while all is well.
func (c *cli) tellVerdict(out *json.Encoder, done, total int, v evidence.Verdict) {
	switch {
	case c.json:
		line := struct {
			evidence.Verdict
			Sound bool   `json:"sound"`
			Error string `json:"error,omitempty"`
		}{Verdict: v, Sound: v.Err == nil}
		if v.Err != nil {
			line.Error = v.Err.Error()
		}
		_ = out.Encode(line)
	case v.Err != nil:
		_ = c.printf("%s %s: %v\n", c.paint(red, "BROKEN"), v.FollowUp, v.Err)
	case c.terminal && done < total:
		_ = c.printf("%d of %d dossiers\r", done, total)
	case c.terminal:
		_ = c.printf("%s %d of %d dossiers\n", c.paint(green, "verified"), done, total)
	default:
		_ = c.printf("sound %s (%d objects)\n", v.FollowUp, v.Objects)
	}
}
