package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

func (c *cli) listCommand() *cobra.Command {
	var search client.Search
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List follow-ups, earliest deadline first",
		Long: `Lists follow-ups, earliest deadline first: those that are open, or those of the
states, the ticket or the number that are named.`,
		Example: "  sambung list\n  sambung list --state queued,handed_back\n  sambung list --agent agent-1\n  sambung list --phone 0812-3456-7890 --json",
		Args:    cobra.NoArgs,
		RunE: c.asking(func(ctx context.Context, api *client.Client, _ []string) error {
			if len(search.States) == 0 && search.Ticket == "" && search.Phone == "" {
				search.States = openStatuses() // of all there ever were, the oldest come first
			}
			states, err := api.Find(ctx, search)
			if err != nil {
				return err
			}
			if c.json {
				if states == nil {
					states = []queue.State{}
				}
				return c.printJSON(map[string]any{"follow_ups": states})
			}
			rows := [][]string{{"ID", "TICKET", "STATUS", "DEADLINE", "AGENT", "ATTEMPTS", "OUTCOME", "CLOCK"}}
			for _, s := range states {
				rows = append(rows, c.row(s, time.Now()))
			}
			return c.table(rows)
		}),
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&search.States, "state", nil, "only these states, separated by commas (default: all but closed and cancelled)")
	flags.StringVar(&search.Agent, "agent", "", "only what is designated or assigned to this agent")
	flags.StringVar(&search.Ticket, "ticket", "", "only this ticket")
	flags.StringVar(&search.Phone, "phone", "", "only this telephone number")
	complete(cmd, "state", statuses())
	flags.IntVar(&search.Limit, "limit", 0, "at most so many (default 1000)")
	return cmd
}

// row is one line of the list. It shows no name and no number.
func (c *cli) row(s queue.State, now time.Time) []string {
	agent := s.FollowUp.Agent
	if s.Assignment != nil {
		agent = s.Assignment.Agent
	}
	return []string{
		string(s.FollowUp.ID), clean(s.FollowUp.Ticket), c.status(s.Status), moment(s.FollowUp.Deadline), string(agent),
		itoa(s.Attempt), string(s.Outcome), c.clock(s, now),
	}
}

func (c *cli) status(status queue.Status) string {
	switch status {
	case queue.StatusClosed:
		return c.paint(green, string(status))
	case queue.StatusHandedBack, queue.StatusReconciling:
		return c.paint(yellow, string(status))
	}
	return string(status)
}

// clock says how a follow-up stands to its deadline.
func (c *cli) clock(s queue.State, now time.Time) string {
	switch {
	case s.MetDeadline():
		return c.paint(green, "met")
	case s.Status == queue.StatusCancelled:
		return ""
	case !s.DocumentedAt.IsZero() || s.Missed || now.After(s.FollowUp.Deadline):
		return c.paint(red, "missed")
	case s.Warned:
		return c.paint(yellow, "soon")
	}
	return ""
}
