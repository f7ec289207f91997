package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) requeueCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     "requeue ID",
		Short:   "Put a follow-up that was handed back into the queue again",
		Example: `  sambung requeue 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --reason "Nomor sudah diperbaiki"`,
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			state, err := api.Requeue(ctx, args[0], reason)
			if err != nil {
				return err
			}
			return c.printState(state)
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why; the history carries it")
	return cmd
}
