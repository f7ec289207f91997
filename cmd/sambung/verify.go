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
archive. Dossiers that are sound are added to it.

With --json every dossier is one line, and the last line a summary. Exit codes: 0 all are sound,
1 one is broken or could not be read, 2 usage, 3 there is no sealed dossier of that ID.`,
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

// tally is how many dossiers were found how.
type tally struct {
	Dossiers int `json:"dossiers"`
	Sound    int `json:"sound"`
	Broken   int `json:"broken"`
	Unread   int `json:"unread"` // the archive could not be asked, which proves nothing
}

func (t *tally) count(err error) {
	t.Dossiers++
	_, broken := evidence.BrokenLink(err)
	switch {
	case err == nil:
		t.Sound++
	case broken:
		t.Broken++
	default:
		t.Unread++
	}
}

// verdict is why the command fails, or nil.
func (t tally) verdict() error {
	switch {
	case t.Broken > 0:
		return fmt.Errorf("%d of %d dossiers are broken", t.Broken, t.Dossiers)
	case t.Unread > 0:
		return fmt.Errorf("%d of %d dossiers could not be read, which proves nothing; see whether the archive answers, and verify them again", t.Unread, t.Dossiers)
	}
	return nil
}

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
	var found tally
	noted, out := make(evidence.Checkpoint), json.NewEncoder(c.stdout)
	err = evidence.Verify(ctx, archive, s, known, func(done, total int, v evidence.Verdict) {
		if found.count(v.Err); v.Err == nil {
			noted.Note(v)
		}
		c.tellVerdict(out, done, total, v)
	})
	if err != nil && (s.FollowUp != "" || !errors.Is(err, evidence.ErrNothing)) {
		return err
	}
	if checkpoint != "" && found.Sound > 0 {
		maps.Copy(known, noted)
		if err := known.Save(checkpoint); err != nil {
			return err
		}
	}
	if c.json {
		return errors.Join(out.Encode(map[string]tally{"summary": found}), found.verdict())
	}
	if found.Dossiers == 0 {
		return c.printf("There is no sealed dossier of that selection.\n")
	}
	return found.verdict()
}

// tellVerdict prints a verdict: an object for programs; for people a line, on a
// terminal over the one before while all is well.
func (c *cli) tellVerdict(out *json.Encoder, done, total int, v evidence.Verdict) {
	link, broken := evidence.BrokenLink(v.Err)
	switch {
	case c.json:
		line := struct {
			evidence.Verdict
			Sound bool   `json:"sound"`
			Error string `json:"error,omitempty"`
			// Broken is the key of the first broken link.
			Broken string `json:"broken,omitempty"`
		}{Verdict: v, Sound: v.Err == nil, Broken: link}
		if v.Err != nil {
			line.Error = v.Err.Error()
		}
		_ = out.Encode(line)
	case broken:
		_ = c.printf("%s %s: %v\n", c.paint(red, "BROKEN"), v.FollowUp, v.Err)
	case v.Err != nil:
		_ = c.printf("%s %s: %v\n", c.paint(red, "UNREAD"), v.FollowUp, v.Err)
	case c.terminal && done < total:
		_ = c.printf("%d of %d dossiers\r", done, total)
	case c.terminal:
		_ = c.printf("%s %d of %d dossiers\n", c.paint(green, "verified"), done, total)
	default:
		_ = c.printf("sound %s (%d objects), %d of %d\n", v.FollowUp, v.Objects, done, total)
	}
}
