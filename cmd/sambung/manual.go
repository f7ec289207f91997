package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) manualCommand() *cobra.Command {
	var held client.Conversation
	var answered, ended, callbackAt, file string
	cmd := &cobra.Command{
		Use:   "manual ID --agent AGENT --answered TIME --outcome CODE --reason TEXT --recording FILE",
		Short: "Document a conversation that was held without the system",
		Long: `Files a conversation that an agent held while the system was down (SOP LIP20-0020,
G.3): its recording, its times, its outcome, and why it was held without the system.
The recording is verified and archived like any other, and the dossier says that it
was handed in. It is a WAV file of one or two channels with 16-bit samples.

A follow-up that is not in the system yet is entered first, with enqueue --manual, so
that nobody is rung for it. Where there is no recording, --alarm says why.`,
		Example: `  sambung manual 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --agent agent-1 --recording talk.wav \
    --answered 2026-11-23T09:05:00+07:00 --outcome delivered --reason "power failure"
  sambung manual 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --agent agent-1 --answered 2026-11-23T09:05:00+07:00 \
    --ended 2026-11-23T09:11:00+07:00 --outcome delivered --reason "power failure" \
    --alarm "the telephone had no recorder"`,
		Args: cobra.ExactArgs(1),
		RunE: c.connected(func(ctx context.Context, api *client.Client, args []string) error {
			at, err := flagTime("answered", answered)
			if err != nil {
				return err
			}
			if at == nil {
				return usage("--answered is empty; give the time at which the taxpayer answered, such as 2026-11-24T09:00:00+07:00")
			}
			held.AnsweredAt = *at
			if held.EndedAt, err = flagTime("ended", ended); err != nil {
				return err
			}
			if held.CallbackAt, err = flagTime("callback-at", callbackAt); err != nil {
				return err
			}
			return c.document(ctx, api, args[0], held, file)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&held.Agent, "agent", "", "the agent who held it")
	flags.StringVar(&answered, "answered", "", "when the taxpayer answered, such as 2026-11-23T09:05:00+07:00")
	flags.StringVar(&ended, "ended", "", "when it ended (default: as long as the recording)")
	flags.StringVar(&held.Outcome, "outcome", "", "what came of it, as for sambung outcome")
	complete(cmd, "outcome", outcomes())
	flags.StringVar(&callbackAt, "callback-at", "", "when the taxpayer asked to be rung, with outcome callback")
	flags.StringVar(&held.Reason, "reason", "", "why it was held without the system")
	flags.StringVar(&held.Note, "note", "", "a note for the history")
	flags.StringVar(&file, "recording", "", "the WAV file")
	flags.StringVar(&held.Alarm, "alarm", "", "why there is no recording, or none that can be relied on")
	required(cmd, "agent", "answered", "outcome", "reason")
	cmd.MarkFlagsOneRequired("recording", "alarm")
	return cmd
}

// document files the conversation with its recording, if there is one, which may take
// as long to send as it takes.
func (c *cli) document(ctx context.Context, api *client.Client, id string, held client.Conversation, file string) error {
	ctx, sent, stop := patience(ctx, c.timeout, io.Discard)
	defer stop()
	var audio io.Reader
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return fmt.Errorf("reading the recording: %w", err)
		}
		defer f.Close()
		audio = io.TeeReader(f, sent)
	}
	state, err := api.Manual(ctx, id, held, audio)
	if err != nil {
		return err
	}
	return c.printState(state)
}

// flagTime reads the value of a flag that may be left out.
func flagTime(flag, value string) (*time.Time, error) {
	if value == "" {
		return nil, nil
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return nil, usage("--%s is not a time; write it as 2026-11-24T09:00:00+07:00", flag)
	}
	return &at, nil
}
