package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) cancelCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     "cancel ID --reason REASON",
		Short:   "Cancel a follow-up that waits",
		Example: `  sambung cancel 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --reason "Tiket ditarik oleh seksi"`,
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			state, err := api.Cancel(ctx, args[0], reason)
			if err != nil {
				return err
			}
			return c.printState(state)
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why; the history carries it")
	required(cmd, "reason")
	return cmd
}
