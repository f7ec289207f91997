package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sambung/daemon/demo"
	"sambung/queue"
)

// demoScreen shows how the demonstration goes.
type demoScreen interface {
	begin(*demo.Demo, demoOptions) error
	show(demo.Moment) error
	settled()
}

// demoIntroduction says what is real and what is not.
func demoIntroduction(d *demo.Demo, o demoOptions) string {
	ledger := d.Ledger
	if d.Volatile {
		ledger += " (in memory: it is gone when this ends)"
	}
	return fmt.Sprintf(`Sambung, a demonstration: %d follow-ups. Everybody and everything said is made up.
The calendar is always open, and retries take seconds; all else is as in an office.
  API         SAMBUNG_API=%s SAMBUNG_TOKEN=%s
  ledger      %s
  recordings  %s
`, o.count, d.API, d.Token, ledger, d.Recordings)
}

// demoLines prints a line for every activity.
type demoLines struct {
	*cli
	out io.Writer
}

func (s *demoLines) begin(d *demo.Demo, o demoOptions) error {
	_, err := io.WriteString(s.out, demoIntroduction(d, o)+"\n")
	return err
}

func (s *demoLines) show(now demo.Moment) error {
	for _, n := range now.News {
		if _, err := fmt.Fprintln(s.out, demoLine(n)); err != nil {
			return err
		}
	}
	return nil
}

func (s *demoLines) settled() {
	fmt.Fprintln(s.out, "All are settled. The API listens on; Ctrl-C ends.")
}

// demoLine tells one activity.
func demoLine(n demo.News) string {
	d := n.Details
	var about []string
	for _, word := range []string{string(d.Agent), string(d.Result), string(d.Outcome), string(d.Next), d.Reason} {
		if word != "" {
			about = append(about, word)
		}
	}
	if d.SIPCode != 0 {
		about = append(about, fmt.Sprintf("SIP %d", d.SIPCode))
	}
	line := fmt.Sprintf("%s  %s  %-22s %s", n.At.Local().Format("15:04:05.0"), n.Ticket, n.Kind, strings.Join(about, ", "))
	return strings.TrimRight(line, " ")
}

// demoTable draws everything anew, on a terminal.
type demoTable struct {
	*cli
	header string
	began  time.Time
	latest []string // lines, the newest last
	drawn  int      // lines on the screen
}

// latestLines is how many activities stay on the screen.
const latestLines = 8

func (s *demoTable) begin(d *demo.Demo, o demoOptions) error {
	s.header, s.began = demoIntroduction(d, o), time.Now()
	return s.printf("%s\n", s.header)
}

func (s *demoTable) show(now demo.Moment) error {
	for _, n := range now.News {
		s.latest = append(s.latest, demoLine(n))
	}
	s.latest = s.latest[max(0, len(s.latest)-latestLines):]
	var b strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", s.drawn) // up, and clear what is below
	}
	body := s.body(now)
	b.WriteString(body)
	s.drawn = strings.Count(body, "\n")
	_, err := io.WriteString(s.stdout, b.String())
	return err
}

func (s *demoTable) body(now demo.Moment) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %d of %d settled\n", time.Since(s.began).Round(time.Second), now.Done(), len(now.FollowUps))
	for _, a := range now.Agents {
		fmt.Fprintf(&b, "  %-8s %s\n", a.ID, s.doing(a, now))
	}
	fmt.Fprintf(&b, "%-9s %-20s %-14s %3s  %-14s %-21s %s\n", "TICKET", "ROUTE", "STATE", "TRY", "RESULT", "OUTCOME", "DOSSIER")
	for _, f := range now.FollowUps {
		fmt.Fprintf(&b, "%-9s %-20s %s %3d  %-14s %-21s %s\n", f.FollowUp.Ticket, f.FollowUp.Route,
			pad(s.status(f.Status), 14), f.Attempt, f.Call.Result, f.Outcome, f.Dossier)
	}
	b.WriteString("\n")
	for _, line := range s.latest {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// doing is what an agent does at the moment.
func (s *demoTable) doing(a queue.Agent, now demo.Moment) string {
	if a.Reserved != "" {
		for _, f := range now.FollowUps {
			if f.FollowUp.ID == a.Reserved {
				return s.status(f.Status) + " " + f.FollowUp.Ticket
			}
		}
	}
	if a.PauseReason != "" {
		return string(a.Presence) + ": " + a.PauseReason
	}
	return string(a.Presence)
}

func (s *demoTable) settled() { _ = s.printf("All are settled. The API listens on; Ctrl-C ends.\n") }

// pad fills a text, painted or not, up to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len(plain(text))))
}
