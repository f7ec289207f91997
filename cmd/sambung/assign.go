package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) assignCommand() *cobra.Command {
	var agent string
	cmd := &cobra.Command{
		Use:     "assign ID --agent AGENT",
		Short:   "Designate the agent who calls (SOP G.1.c.iii)",
		Example: "  sambung assign 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --agent agent-1",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			state, err := api.Assign(ctx, args[0], agent)
			if err != nil {
				return err
			}
			return c.printState(state)
		}),
	}
	cmd.Flags().StringVar(&agent, "agent", "", "the agent")
	required(cmd, "agent")
	return cmd
}

// required marks flags without which a command makes no sense.
func required(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is not defined: every run of the command would say so
		}
	}
}
