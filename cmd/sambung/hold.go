package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) recordingsHoldCommand() *cobra.Command {
	var on, off bool
	var reason string
	cmd := &cobra.Command{
		Use:   "hold ID --on|--off --reason TEXT",
		Short: "Put a sealed dossier under legal hold, or release it",
		Long: `Under legal hold no object of the dossier can be deleted or replaced by anybody, whatever its
retention, until it is released. Who held or released it, and why, is a link of its custody.
The archive's bucket must lock objects.`,
		Example: "  sambung recordings hold 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --on --reason \"surat S-17/PJ.12/2026\"\n" +
			"  sambung recordings hold 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --off --reason \"putusan berkekuatan hukum tetap\"",
		Args: cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			link, objects, err := api.Hold(ctx, args[0], on, reason)
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]any{"link": link, "objects": objects})
			}
			return c.printf("%s: %s, %d objects, link %d of its custody\n", args[0], link.Act, objects, link.Seq)
		}),
	}
	flags := cmd.Flags()
	flags.BoolVar(&on, "on", false, "put it under legal hold")
	flags.BoolVar(&off, "off", false, "release it")
	flags.StringVar(&reason, "reason", "", "by whose order, and why")
	cmd.MarkFlagsOneRequired("on", "off")
	cmd.MarkFlagsMutuallyExclusive("on", "off")
	_ = cmd.MarkFlagRequired("reason") // it is there
	return cmd
}
