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
  pages       %s/ (open it in a browser: be the agent, the supervisor, Quality Assurance)
  API         SAMBUNG_API=%s SAMBUNG_TOKEN=%s
  ledger      %s
  recordings  %s
`, o.count, d.API, d.API, d.Token, ledger, d.Recordings)
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
	fmt.Fprintln(s.out, "All are settled. The pages and the API are there until Ctrl-C.")
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
	clear := ""
	if s.drawn > 0 {
		clear = fmt.Sprintf("\x1b[%dA\x1b[J", s.drawn) // up, and everything below
	}
	columns, rows := s.extent()
	lines := s.body(now, rows)
	s.drawn = len(lines)
	for i, line := range lines {
		lines[i] = cut(line, columns) // one that is wrapped would be two
	}
	return s.printf("%s%s\n", clear, strings.Join(lines, "\n"))
}

// extent is the size of the terminal; of an unknown one, what most have.
func (s *demoTable) extent() (columns, rows int) {
	columns, rows = 100, 50
	if s.size != nil {
		if c, r := s.size(); c > 0 && r > 0 {
			columns, rows = c, r
		}
	}
	return columns, rows
}

// cut takes off what does not fit into a line; colours take no room.
func cut(line string, columns int) string {
	if len(plain(line)) <= columns {
		return line
	}
	return plain(line)[:columns]
}

// body are the lines that are drawn anew, fewer than there are rows: of the
// follow-ups, those that are not settled go first.
func (s *demoTable) body(now demo.Moment, rows int) []string {
	lines := []string{fmt.Sprintf("%s  %d of %d settled", time.Since(s.began).Round(time.Second), now.Done(), len(now.FollowUps))}
	for _, a := range now.Agents {
		lines = append(lines, fmt.Sprintf("  %-8s %s", a.ID, s.doing(a, now)))
	}
	lines = append(lines, fmt.Sprintf("%-9s %-20s %-14s %3s  %-14s %-21s %s", "TICKET", "ROUTE", "STATE", "TRY", "RESULT", "OUTCOME", "DOSSIER"))
	room := max(1, rows-len(lines)-len(s.latest)-3)
	shown, hidden := now.FollowUps, 0
	if len(shown) > room {
		shown = now.Unsettled()
		shown = shown[:min(room-1, len(shown))]
		hidden = len(now.FollowUps) - len(shown)
	}
	for _, f := range shown {
		lines = append(lines, fmt.Sprintf("%-9s %-20s %s %3d  %-14s %-21s %s", f.FollowUp.Ticket, f.FollowUp.Route,
			pad(s.status(f.Status), 14), f.Attempt, f.Call.Result, f.Outcome, f.Dossier))
	}
	if hidden > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", hidden))
	}
	return append(append(lines, ""), s.latest...)
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

func (s *demoTable) settled() {
	_ = s.printf("All are settled. The pages and the API are there until Ctrl-C.\n")
}

// pad fills a text, painted or not, up to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len(plain(text))))
}
