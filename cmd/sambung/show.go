package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

func itoa(n int) string { return strconv.Itoa(n) }

func (c *cli) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "Show a follow-up as it stands",
		Example: "  sambung show 01KBQ3V0G5QZ8M4T7Y2W9E6R1X",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			state, err := api.Show(ctx, args[0])
			if err != nil {
				return err
			}
			return c.printState(state)
		}),
	}
}

// printState prints one follow-up, as the commands that change one do too.
func (c *cli) printState(s queue.State) error {
	if c.json {
		return c.printJSON(s)
	}
	f := s.FollowUp
	rows := [][]string{}
	line := func(name, value string) {
		if value != "" {
			rows = append(rows, []string{name, clean(value)})
		}
	}
	line("id", string(f.ID))
	line("ticket", f.Ticket)
	line("route", string(f.Route))
	line("directorate", string(f.Directorate))
	line("taxpayer", f.Taxpayer.Name)
	line("npwp", f.Taxpayer.NPWP)
	line("phone", f.Taxpayer.Phone)
	line("extension", f.Taxpayer.Extension)
	line("message", f.Message)
	line("follows", string(f.Follows))
	line("designated", string(f.Agent))
	line("received", moment(f.ReceivedAt))
	line("deadline", moment(f.Deadline)+provisional(f))
	rows = append(rows, []string{"status", c.status(s.Status)})
	line("reason", s.Reason)
	line("outcome", string(s.Outcome))
	line("attempts", itoa(s.Attempt))
	line("retry at", moment(s.RetryAt))
	if a := s.Assignment; a != nil {
		line("assigned", string(a.Agent)+" at "+a.Switch)
	}
	line("last call", lastCall(s.Call))
	line("contacted", moment(s.ContactedAt))
	line("confirmed", moment(s.ConfirmedAt))
	line("documented", moment(s.DocumentedAt))
	line("dossier", string(s.Dossier))
	if clock := c.clock(s, time.Now()); clock != "" {
		rows = append(rows, []string{"deadline is", clock})
	}
	line("missed by", s.MissedCause)
	return c.table(rows)
}

func provisional(f queue.FollowUp) string {
	if f.Provisional {
		return " (provisional: the holidays are not final)"
	}
	return ""
}

func lastCall(call queue.Call) string {
	var parts []string
	if call.Result != "" {
		parts = append(parts, string(call.Result))
	}
	if call.SIPCode != 0 {
		parts = append(parts, "SIP "+itoa(call.SIPCode))
	}
	if call.TalkMS != 0 {
		parts = append(parts, "talked "+(time.Duration(call.TalkMS)*time.Millisecond).Round(time.Second).String())
	}
	if call.Outcome != "" {
		parts = append(parts, string(call.Outcome))
	}
	return strings.Join(parts, ", ")
}
