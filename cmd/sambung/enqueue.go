package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

func (c *cli) enqueueCommand() *cobra.Command {
	var s client.Submission
	var key string
	var allowDuplicate, manual bool
	cmd := &cobra.Command{
		Use:   "enqueue",
		Short: "Enqueue a follow-up",
		Example: `  sambung enqueue --ticket ESK-2026-0117 --route answer --taxpayer "Budi Santoso" \
    --phone 0812-3456-7890 --message "Permohonan sudah disetujui."
  sambung enqueue --ticket ESK-2026-0118 --route opinion_requested --directorate pp1 \
    --taxpayer "PT Maju" --phone 021-5250208 --extension 12 --message - < answer.txt`,
		Args: cobra.NoArgs,
		RunE: c.asking(func(ctx context.Context, api *client.Client, _ []string) error {
			if s.Message == "-" {
				text, err := io.ReadAll(io.LimitReader(c.stdin, 1<<20))
				if err != nil {
					return fmt.Errorf("reading the message: %w", err)
				}
				s.Message = string(text)
			}
			if allowDuplicate {
				s.AllowDuplicate = strconv.FormatBool(allowDuplicate)
			}
			if manual {
				s.Manual = strconv.FormatBool(manual)
			}
			state, replayed, err := api.Enqueue(ctx, s, key)
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(state)
			}
			done := "enqueued"
			if replayed {
				done = "was enqueued before under this key"
			}
			return c.printf("%s %s: %s, deadline %s\n", state.FollowUp.ID, done, state.Status, moment(state.FollowUp.Deadline))
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&s.Ticket, "ticket", "", "ticket number of the escalation")
	flags.StringVar(&s.Route, "route", "", "answer, opinion_requested or opinion_unrequested (SOP clause E)")
	flags.StringVar(&s.Taxpayer, "taxpayer", "", "the taxpayer's name")
	flags.StringVar(&s.Phone, "phone", "", "the taxpayer's telephone number")
	flags.StringVar(&s.Message, "message", "", "what the agent is to deliver; - reads it from standard input")
	flags.StringVar(&s.NPWP, "npwp", "", "tax number, 15 or 16 digits")
	flags.StringVar(&s.Extension, "extension", "", "extension to ask for")
	flags.StringVar(&s.Directorate, "directorate", "", "pp1 or pp2, with the routes of opinions")
	flags.StringVar(&s.ReceivedAt, "received", "", "when the office received it, such as 2026-11-23T08:00:00+07:00 (default now)")
	flags.StringVar(&s.Agent, "agent", "", "agent who is to call")
	flags.StringVar(&s.Follows, "follows", "", "id of the follow-up that this one completes")
	flags.BoolVar(&allowDuplicate, "allow-duplicate", false, "accept a second open follow-up of the ticket")
	flags.BoolVar(&manual, "manual", false, "ring nobody: the conversation was held already, and sambung manual documents it")
	complete(cmd, "route", routes())
	complete(cmd, "directorate", []string{string(queue.DirectoratePP1), string(queue.DirectoratePP2)})
	flags.StringVar(&key, "key", "", "idempotency key: the same key enqueues once")
	return cmd
}
