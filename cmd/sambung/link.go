package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) recordingsLinkCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "link ID ATTEMPT --reason TEXT",
		Short: "Print an address at which a recording can be fetched for a minute",
		Long: `Prints an address of the archive itself at which whoever has it can fetch the recording of one
attempt for a minute, without a token. The dossier must be sealed. Who asked for it and why is a
link of its custody, before the address is handed out.`,
		Example: "  sambung recordings link 01KBQ3V0G5QZ8M4T7Y2W9E6R1X 1 --reason \"rapat kalibrasi\"\n" +
			"  curl -o talk.wav \"$(sambung recordings link 01KBQ3V0G5QZ8M4T7Y2W9E6R1X 1 --reason audit)\"",
		Args: cobra.ExactArgs(2),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			attempt, err := strconv.Atoi(args[1])
			if err != nil || attempt < 1 {
				return usage("%q is not the number of an attempt; recordings list shows them", args[1])
			}
			url, expires, err := api.Link(ctx, args[0], attempt, reason)
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]any{"url": url, "expires_at": expires})
			}
			if err := c.printf("%s\n", url); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.stderr, "good until %s\n", moment(expires))
			return err
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "what it is fetched for; the custody chain carries it")
	required(cmd, "reason")
	return cmd
}
