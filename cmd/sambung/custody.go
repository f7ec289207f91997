package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) recordingsCustodyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "custody ID",
		Short: "Show what happened to a sealed dossier since",
		Long: `Lists who heard a recording of a sealed dossier, what quality assurance decided, and legal holds.
Every link carries the hash of the one before it; a broken one is named.`,
		Example: "  sambung recordings custody 01KBQ3V0G5QZ8M4T7Y2W9E6R1X",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			chain, err := api.Custody(ctx, args[0])
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]any{"custody": chain})
			}
			rows := [][]string{{"LINK", "AT", "ACTOR", "ACT", "OBJECT", "REMARKS"}}
			for _, link := range chain {
				rows = append(rows, []string{itoa(link.Seq), moment(link.At), link.Actor, string(link.Act), link.Object, clean(link.Remarks)})
			}
			return c.table(rows)
		}),
	}
}

func (c *cli) recordingsReviewCommand() *cobra.Command {
	var accept, giveBack bool
	var remarks string
	cmd := &cobra.Command{
		Use:   "review ID --accept | --return --remarks TEXT",
		Short: "Accept a sealed dossier, or return it with remarks",
		Example: "  sambung recordings review 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --accept\n" +
			"  sambung recordings review 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --return --remarks \"identity was not confirmed\"",
		Args: cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			judge := api.Accept
			if giveBack {
				judge = api.Return
			}
			link, err := judge(ctx, args[0], remarks)
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(link)
			}
			return c.printf("%s: %s, link %d of its custody\n", args[0], link.Act, link.Seq)
		}),
	}
	flags := cmd.Flags()
	flags.BoolVar(&accept, "accept", false, "it is as it should be")
	flags.BoolVar(&giveBack, "return", false, "it is to be mended; --remarks says what")
	flags.StringVar(&remarks, "remarks", "", "what was found")
	cmd.MarkFlagsOneRequired("accept", "return")
	cmd.MarkFlagsMutuallyExclusive("accept", "return")
	return cmd
}
