package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) outcomeCommand() *cobra.Command {
	var outcome client.Outcome
	var callbackAt string
	cmd := &cobra.Command{
		Use:   "outcome ID --code CODE",
		Short: "Confirm the outcome of a talk, or correct one left unconfirmed",
		Long: `Confirms what came of the latest talk: delivered, callback, wrong_person, refused,
needs_escalation, cut_off, voicemail or identity_unconfirmed.`,
		Example: `  sambung outcome 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --code delivered
  sambung outcome 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --code callback --callback-at 2026-11-24T09:00:00+07:00`,
		Args: cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			at, err := flagTime("callback-at", callbackAt)
			if err != nil {
				return err
			}
			outcome.CallbackAt = at
			state, err := api.Outcome(ctx, args[0], outcome)
			if err != nil {
				return err
			}
			return c.printState(state)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&outcome.Code, "code", "", "the outcome")
	complete(cmd, "code", outcomes())
	flags.IntVar(&outcome.Attempt, "attempt", 0, "whose outcome it is, refused when another attempt has begun; the latest's if not given")
	flags.StringVar(&outcome.Note, "note", "", "a note for the history")
	flags.StringVar(&callbackAt, "callback-at", "", "when the taxpayer asked to be rung, with code callback")
	required(cmd, "code")
	return cmd
}
