package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
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
		c.recordingsExportCommand(), c.recordingsLinkCommand(), c.recordingsVerifyCommand(), c.recordingsCustodyCommand(), c.recordingsReviewCommand(), c.recordingsHoldCommand())
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
		RunE: c.connected(func(ctx context.Context, api *client.Client, args []string) error {
			recording, err := c.chosenRecording(ctx, api, args[0], attempt)
			if err != nil {
				return err
			}
			if output == "" {
				output = fmt.Sprintf("%s-%d.wav", filepath.Base(args[0]), recording.Attempt)
			}
			return c.save(ctx, download{output: output, attempt: recording.Attempt, note: ", verified", fetch: func(ctx context.Context, w io.Writer) error {
				if output != "-" {
					w = c.watched(w, recording.Bytes)
				}
				_, err := api.Recording(ctx, args[0], recording.Attempt, w)
				return err
			}})
		}),
	}
	cmd.Flags().IntVar(&attempt, "attempt", 0, "number of the attempt (default the latest that is archived)")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write, - for standard output (default ID-ATTEMPT.wav)")
	return cmd
}

// chosenRecording is that of an attempt, or of the latest one that is archived
// if attempt is 0.
func (c *cli) chosenRecording(ctx context.Context, api *client.Client, id string, attempt int) (client.Recording, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	recordings, err := api.Recordings(ctx, id)
	if err != nil {
		return client.Recording{}, err
	}
	for _, r := range slices.Backward(recordings) {
		if r.SHA256 != "" && (attempt == 0 || r.Attempt == attempt) {
			return r, nil
		}
	}
	message := "the follow-up has no archived recording"
	if attempt != 0 {
		message = fmt.Sprintf("%s of attempt %d", message, attempt)
	}
	return client.Recording{}, &client.Error{Status: http.StatusNotFound, Code: "not_found", Message: message}
}

// watched shows on a terminal how much of it has come.
func (c *cli) watched(w io.Writer, bytes int64) io.Writer {
	if !c.terminal || c.json {
		return w
	}
	return io.MultiWriter(w, progressbar.NewOptions64(bytes, progressbar.OptionSetWriter(c.stderr), progressbar.OptionShowBytes(true),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish()))
}
