package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

// dossierSearch says which sealed dossiers are looked for; empty fields select all.
type dossierSearch struct {
	client.DossierSearch
	days
	day         string
	least, most time.Duration
	limit       int // 0: all
}

func (c *cli) recordingsSearchCommand() *cobra.Command {
	var s dossierSearch
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Find sealed dossiers with their recordings, the last sealed first",
		Long: `Finds sealed dossiers by all that is given. Their recordings are listed by recordings list and
fetched by recordings get. What is not sealed yet is found by sambung list, if it
has ended with --state closed,cancelled.

The telephone number is asked of the daemon in the body of a request: it stands in no log and no
address. Who shares this machine sees the arguments of commands: --phone - reads it from standard input.`,
		Example: `  sambung recordings search --day 2026-11-23 --outcome refused
  sambung recordings search --from 2026-11-01 --to 2026-11-30 --agent agent-1 --review none
  sambung recordings search --min-duration 10m --route answer --json
  sambung recordings search --phone - < number.txt`,
		Args: cobra.NoArgs,
		RunE: c.connected(func(ctx context.Context, api *client.Client, _ []string) error {
			if err := s.complete(c.stdin); err != nil {
				return err
			}
			found, more, err := c.search(ctx, api, s)
			if err != nil {
				return err
			}
			return c.tellDossiers(found, more)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&s.Ticket, "ticket", "", "ticket number")
	flags.StringVar(&s.Agent, "agent", "", "agent of the last attempt")
	flags.StringVar(&s.Phone, "phone", "", "the taxpayer's telephone number; - reads it from standard input")
	s.flags(cmd, "of the seal")
	flags.StringVar(&s.day, "day", "", "both in one: the day of the seal")
	flags.StringVar(&s.Route, "route", "", "route of the follow-up")
	flags.StringVar(&s.Outcome, "outcome", "", "outcome of the follow-up")
	flags.DurationVar(&s.least, "min-duration", 0, "at least so much talk, such as 90s or 10m")
	flags.DurationVar(&s.most, "max-duration", 0, "at most so much talk")
	flags.StringVar(&s.Review, "review", "", "what quality assurance said: none, accepted or returned")
	flags.IntVar(&s.limit, "limit", 1000, "at most so many; 0: all")
	cmd.MarkFlagsMutuallyExclusive("day", "from")
	cmd.MarkFlagsMutuallyExclusive("day", "to")
	complete(cmd, "route", routes())
	complete(cmd, "outcome", outcomes())
	complete(cmd, "review", reviews())
	return cmd
}

// complete turns what people write into what the API takes.
func (s *dossierSearch) complete(stdin io.Reader) (err error) {
	if s.day != "" {
		if _, err := day("day", s.day); err != nil {
			return err
		}
		s.from, s.to = s.day, s.day
	}
	if s.From, s.To, err = s.bounds(); err != nil {
		return err
	}
	if s.MinSeconds, err = seconds("min-duration", s.least); err != nil {
		return err
	}
	if s.MaxSeconds, err = seconds("max-duration", s.most); err != nil {
		return err
	}
	if s.limit < 0 {
		return usage("--limit %d is negative; 0 is for all", s.limit)
	}
	if s.Phone == "-" {
		text, err := io.ReadAll(io.LimitReader(stdin, 1<<10))
		if err != nil {
			return fmt.Errorf("reading the telephone number: %w", err)
		}
		s.Phone = strings.TrimSpace(string(text))
	}
	return nil
}

func seconds(flag string, d time.Duration) (int, error) {
	if d < 0 || d%time.Second != 0 {
		return 0, usage("--%s %s is not in whole seconds; write it as 90s or 10m", flag, d)
	}
	return int(d / time.Second), nil
}

// search asks for one page after the other, each within --timeout; for one dossier
// above the limit, to know whether there are more.
func (c *cli) search(ctx context.Context, api *client.Client, s dossierSearch) (found []client.Dossier, more bool, err error) {
	const page = 200 // the most that the API gives at once
	for {
		s.Limit = page
		if s.limit > 0 {
			s.Limit = min(page, s.limit+1-len(found))
		}
		asking, cancel := context.WithTimeout(ctx, c.timeout)
		list, next, err := api.Dossiers(asking, s.DossierSearch)
		cancel()
		if err != nil {
			return nil, false, err
		}
		found = append(found, list...)
		if s.limit > 0 && len(found) > s.limit {
			return found[:s.limit], true, nil
		}
		if next == "" {
			return found, false, nil
		}
		s.Cursor = next
	}
}

func (c *cli) tellDossiers(found []client.Dossier, more bool) error {
	if c.json {
		return c.printJSON(map[string]any{"dossiers": append([]client.Dossier{}, found...), "more": more})
	}
	rows := [][]string{{"ID", "TICKET", "ROUTE", "AGENT", "OUTCOME", "SEALED", "SECONDS", "ATTEMPTS", "CLOCK", "REVIEW"}}
	for _, d := range found {
		rows = append(rows, []string{
			d.ID, clean(d.Ticket), d.Route, d.Agent, d.Outcome, moment(d.SealedAt), itoa(d.Seconds), itoa(d.Attempts), c.met(d), c.verdict(d.Review),
		})
	}
	if err := c.table(rows); err != nil || !more {
		return err
	}
	_, err := fmt.Fprintf(c.stderr, "These are the last %d. There are more: --limit N, or --limit 0 for all.\n", len(found))
	return err
}

// met says how a dossier stands to its deadline; a withdrawn one has none.
func (c *cli) met(d client.Dossier) string {
	switch {
	case d.MetDeadline:
		return c.paint(green, "met")
	case d.Status == "cancelled":
		return ""
	}
	return c.paint(red, "missed")
}

func (c *cli) verdict(review string) string {
	switch review {
	case "accepted":
		return c.paint(green, review)
	case "returned":
		return c.paint(yellow, review)
	}
	return clean(review)
}
