package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) recordingsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "recordings",
		Short:   "Find, fetch and verify recordings",
		Example: "  sambung recordings list 01KBQ3V0G5QZ8M4T7Y2W9E6R1X\n  sambung recordings get 01KBQ3V0G5QZ8M4T7Y2W9E6R1X",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.recordingsListCommand(), c.recordingsSearchCommand(), c.recordingsGetCommand(),
		c.recordingsVerifyCommand(), c.recordingsCustodyCommand(), c.recordingsReviewCommand())
	return cmd
}

func (c *cli) recordingsListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list ID",
		Short:   "List the recordings of a follow-up",
		Example: "  sambung recordings list 01KBQ3V0G5QZ8M4T7Y2W9E6R1X",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			recordings, err := api.Recordings(ctx, args[0])
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]any{"recordings": recordings})
			}
			rows := [][]string{{"ATTEMPT", "STATUS", "ANSWERED", "LENGTH", "BYTES", "SHA-256", "ALARM"}}
			for _, r := range recordings {
				length := time.Duration(r.DurationMS) * time.Millisecond
				rows = append(rows, []string{
					itoa(r.Attempt), r.Status, moment(r.AnsweredAt), length.Round(time.Second).String(), fmt.Sprint(r.Bytes), r.SHA256, clean(r.Alarm),
				})
			}
			return c.table(rows)
		}),
	}
}

func (c *cli) recordingsGetCommand() *cobra.Command {
	var attempt int
	var output string
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Fetch a recording and verify its SHA-256",
		Long: `Fetches the recording of one attempt, the latest if none is named, and verifies it
against the hash of the archive. The agent is on the left channel, the taxpayer on the right.`,
		Example: `  sambung recordings get 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --attempt 2 -o talk.wav
  sambung recordings get 01KBQ3V0G5QZ8M4T7Y2W9E6R1X -o - | aplay`,
		Args: cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			if attempt == 0 {
				latest, err := latestRecording(ctx, api, args[0])
				if err != nil {
					return err
				}
				attempt = latest
			}
			if output == "" {
				output = fmt.Sprintf("%s-%d.wav", filepath.Base(args[0]), attempt)
			}
			return c.fetch(ctx, api, args[0], attempt, output)
		}),
	}
	cmd.Flags().IntVar(&attempt, "attempt", 0, "number of the attempt (default the latest that is archived)")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write, - for standard output (default ID-ATTEMPT.wav)")
	return cmd
}

func latestRecording(ctx context.Context, api *client.Client, id string) (int, error) {
	recordings, err := api.Recordings(ctx, id)
	if err != nil {
		return 0, err
	}
	for i := len(recordings) - 1; i >= 0; i-- {
		if recordings[i].SHA256 != "" {
			return recordings[i].Attempt, nil
		}
	}
	return 0, &client.Error{Status: 404, Code: "not_found", Message: "the follow-up has no archived recording"}
}

// fetch writes a recording under its name only when it is whole and verified.
func (c *cli) fetch(ctx context.Context, api *client.Client, id string, attempt int, output string) (err error) {
	if output == "-" {
		_, err := api.Recording(ctx, id, attempt, c.stdout)
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(output), ".recording-*")
	if err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	n, err := api.Recording(ctx, id, attempt, c.watched(f))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), output); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	if c.json {
		return c.printJSON(map[string]any{"file": output, "bytes": n, "attempt": attempt})
	}
	return c.printf("%s: %d bytes, verified\n", output, n)
}

// watched shows on a terminal how much has come.
func (c *cli) watched(w io.Writer) io.Writer {
	if !c.terminal || c.json {
		return w
	}
	const unknown = -1
	return io.MultiWriter(w, progressbar.NewOptions64(unknown, progressbar.OptionSetWriter(c.stderr), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish()))
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
