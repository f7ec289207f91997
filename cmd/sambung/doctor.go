package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sambung/configs"
	"sambung/daemon/doctor"
)

func (c *cli) doctorCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is wrong with an installation, and how to mend it",
		Long: `Examines everything the configuration names: Redis, S3, each switch with its trunk, the
agents' telephones, those in browsers, the pages, the calendar, the clocks and the spool. It may run beside a daemon at
work: it rings nobody and removes what it makes at a switch. Run it as the daemon's user.

Exit code 0 when nothing is a fault, 1 otherwise.`,
		Example: "  sambung doctor --config /etc/sambung/sambung.yaml\n  sambung doctor --config /etc/sambung/sambung.yaml --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.started = true
			return c.examine(cmd.Context(), path)
		},
	}
	cmd.Flags().StringVar(&path, "config", "", "configuration file; without it the environment says everything")
	return cmd
}

func (c *cli) examine(ctx context.Context, path string) error {
	ctx, stop := untilSignalled(ctx)
	defer stop()
	config, err := configs.Load(path, c.environ)
	if err != nil {
		return c.tell(doctor.Refused(err))
	}
	if err := c.tell(doctor.Examine(ctx, config, doctor.Options{})); err != nil {
		return err
	}
	return ctx.Err() // what was interrupted is no clean bill of health
}

// tell prints findings, and returns an error if one of them is a fault.
func (c *cli) tell(findings []doctor.Finding) error {
	faults, warnings := doctor.Count(findings, doctor.Fault), doctor.Count(findings, doctor.Warning)
	var err error
	if c.json {
		err = c.printJSON(map[string]any{"faults": faults, "warnings": warnings, "findings": findings})
	} else {
		err = c.printFindings(findings)
	}
	if err == nil && faults > 0 {
		err = fmt.Errorf("%s to mend, %s", plural(faults, "fault"), plural(warnings, "warning"))
	}
	return err
}

// printFindings prints a line for each finding, and below it what to do.
func (c *cli) printFindings(findings []doctor.Finding) error {
	width := 0
	for _, f := range findings {
		width = max(width, len(f.Subject))
	}
	margin := strings.Repeat(" ", len(doctor.Warning)+2+width+2)
	var text strings.Builder
	for _, f := range findings {
		mark := fmt.Sprintf("%-*s", len(doctor.Warning), f.Severity)
		fmt.Fprintf(&text, "%s  %-*s  %s\n", c.paint(colourOf(f.Severity), mark), width, f.Subject, indent(f.What, margin))
		if f.Severity != doctor.OK && f.Detail != "" {
			fmt.Fprintf(&text, "%s%s\n", margin, indent(f.Detail, margin))
		}
		if f.Remedy != "" {
			fmt.Fprintf(&text, "%s-> %s\n", margin, indent(f.Remedy, margin+"   "))
		}
	}
	return c.printf("%s", text.String())
}

func colourOf(s doctor.Severity) string {
	switch s {
	case doctor.Fault:
		return red
	case doctor.Warning:
		return yellow
	default:
		return green
	}
}

func indent(text, margin string) string {
	return strings.ReplaceAll(clean(text), "\n", "\n"+margin)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
