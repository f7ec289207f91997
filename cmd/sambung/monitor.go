package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) monitorCommand() *cobra.Command {
	var mode, endpoint string
	var stop bool
	cmd := &cobra.Command{
		Use:   "monitor ID",
		Short: "Listen to a talk under way, or whisper to its agent",
		Long: `Rings your own telephone and joins it to the talk. The taxpayer hears nothing of it; the
agent hears you with --mode whisper. It ends with the talk, when you hang up, or with --stop.
The history says who listened.`,
		Example: `  sambung monitor 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --mode whisper
  sambung monitor 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --stop`,
		Args: cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			ask, state, done := func() error { return api.Monitor(ctx, args[0], mode, endpoint) }, "joined", "you are in the talk"
			if stop {
				ask, state, done = func() error { return api.StopMonitor(ctx, args[0]) }, "left", "you are out of the talk"
			}
			if err := ask(); err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]string{"follow_up": args[0], "monitor": state})
			}
			return c.printf("%s\n", done)
		}),
	}
	cmd.Flags().StringVar(&mode, "mode", "listen", "listen, or whisper to the agent")
	cmd.Flags().StringVar(&endpoint, "endpoint", "", "the telephone, such as PJSIP/supervisor-1, if you have none of your own")
	cmd.Flags().BoolVar(&stop, "stop", false, "leave the talk")
	cmd.MarkFlagsMutuallyExclusive("stop", "mode")
	cmd.MarkFlagsMutuallyExclusive("stop", "endpoint")
	return cmd
}
