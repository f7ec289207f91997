package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

// recordingSearch says which recordings are looked for; empty fields select all.
type recordingSearch struct {
	client.Search
	day, route, outcome string
}

// found is one recording with its follow-up. It shows no name and no number.
type found struct {
	FollowUp   queue.ID              `json:"follow_up"`
	Ticket     string                `json:"ticket"`
	Route      queue.Route           `json:"route"`
	Outcome    queue.Outcome         `json:"outcome,omitempty"`
	Attempt    int                   `json:"attempt"`
	Status     queue.RecordingStatus `json:"status"`
	AnsweredAt time.Time             `json:"answered_at,omitzero"`
	Seconds    float64               `json:"seconds"`
	Key        string                `json:"key,omitempty"`
	SHA256     string                `json:"sha256,omitempty"`
}

func (c *cli) recordingsSearchCommand() *cobra.Command {
	var s recordingSearch
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Find recordings by ticket, agent, day, route, outcome or phone",
		Example: "  sambung recordings search --day 2026-11-23 --outcome refused\n" +
			"  sambung recordings search --ticket ESK-2026-0117 --json",
		Args: cobra.NoArgs,
		RunE: c.asking(func(ctx context.Context, api *client.Client, _ []string) error {
			if _, err := time.Parse(time.DateOnly, s.day); s.day != "" && err != nil {
				return usage("--day %s: want a date such as 2026-11-23", s.day)
			}
			states, err := api.Find(ctx, s.Search)
			if err != nil {
				return err
			}
			return c.tellFound(s.among(states))
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&s.Ticket, "ticket", "", "ticket number")
	flags.StringVar(&s.Agent, "agent", "", "agent designated, or busy with it")
	flags.StringVar(&s.Phone, "phone", "", "the taxpayer's telephone number")
	flags.StringVar(&s.day, "day", "", "day of the talk in the local zone, such as 2026-11-23")
	flags.StringVar(&s.route, "route", "", "route of the follow-up")
	flags.StringVar(&s.outcome, "outcome", "", "outcome of the follow-up")
	complete(cmd, "route", routes())
	complete(cmd, "outcome", outcomes())
	return cmd
}

// among picks the recordings of talks that are looked for.
func (s recordingSearch) among(states []queue.State) []found {
	all := []found{}
	for _, state := range states {
		f := state.FollowUp
		if s.route != "" && string(f.Route) != s.route || s.outcome != "" && string(state.Outcome) != s.outcome {
			continue
		}
		for _, r := range state.Recordings {
			if r.AnsweredAt.IsZero() || s.day != "" && r.AnsweredAt.Local().Format(time.DateOnly) != s.day {
				continue
			}
			all = append(all, found{
				FollowUp: f.ID, Ticket: f.Ticket, Route: f.Route, Outcome: state.Outcome, Attempt: r.Attempt, Status: r.Status,
				AnsweredAt: r.AnsweredAt, Seconds: (time.Duration(r.DurationMS) * time.Millisecond).Seconds(), Key: r.Key, SHA256: r.SHA256,
			})
		}
	}
	return all
}

func (c *cli) tellFound(all []found) error {
	if c.json {
		return c.printJSON(map[string]any{"recordings": all})
	}
	rows := [][]string{{"ID", "ATTEMPT", "TICKET", "ROUTE", "OUTCOME", "ANSWERED", "SECONDS", "STATUS"}}
	for _, r := range all {
		rows = append(rows, []string{
			string(r.FollowUp), itoa(r.Attempt), clean(r.Ticket), string(r.Route), string(r.Outcome), moment(r.AnsweredAt), fmt.Sprintf("%.0f", r.Seconds), string(r.Status),
		})
	}
	return c.table(rows)
}
