package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

func (c *cli) historyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "history ID",
		Short: "Show the activity history and verify its hash chain",
		Long: `Shows every activity of a follow-up, in the words of the SOP, and verifies that each
carries the hash of the one before. A broken chain is an error.`,
		Example: "  sambung history 01KBQ3V0G5QZ8M4T7Y2W9E6R1X",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			activities, err := api.History(ctx, args[0])
			if err != nil {
				return err
			}
			if err := c.printHistory(activities); err != nil {
				return err
			}
			return queue.VerifyChain(activities)
		}),
	}
}

func (c *cli) printHistory(activities []queue.Activity) error {
	if c.json {
		return c.printJSON(map[string]any{"activities": activities})
	}
	rows := [][]string{{"NO", "WAKTU", "PELAKU", "AKTIVITAS", "KETERANGAN"}}
	for _, a := range activities {
		label := string(a.Kind)
		if info, known := a.Kind.Info(); known {
			label = info.Label
		}
		d, err := a.Decode()
		if err != nil {
			return err
		}
		rows = append(rows, []string{itoa(a.Seq), moment(a.At), string(a.Actor), label, clean(remark(d))})
	}
	return c.table(rows)
}

// remark is what the details of an activity add for people.
func remark(d queue.Details) string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(string(d.Agent))
	add(string(d.Result))
	if d.SIPCode != 0 {
		add(fmt.Sprintf("SIP %d", d.SIPCode))
	}
	add(string(d.Outcome))
	add(string(d.Next))
	if d.RetryAt != nil {
		add("→ " + moment(*d.RetryAt))
	}
	if d.CallbackAt != nil {
		add("→ " + moment(*d.CallbackAt))
	}
	add(d.Via)
	add(string(d.Mode))
	add(d.Reason)
	add(strings.ReplaceAll(d.Note, "\n", " "))
	return strings.Join(parts, ", ")
}
