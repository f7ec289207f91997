package main

import (
	"time"

	"github.com/spf13/cobra"
)

// days is a period that people name by its first and its last day.
type days struct{ from, to string }

// flags adds --from and --to to a command.
func (d *days) flags(cmd *cobra.Command, what string) {
	cmd.Flags().StringVar(&d.from, "from", "", "first day "+what+", such as 2026-11-01, in this machine's zone")
	cmd.Flags().StringVar(&d.to, "to", "", "last day "+what)
}

// bounds are the first moment of the first day and the first one after the last;
// nil where there is none.
func (d days) bounds() (from, to *time.Time, err error) {
	if from, err = day("from", d.from); err != nil {
		return nil, nil, err
	}
	if to, err = day("to", d.to); err != nil || to == nil {
		return from, nil, err
	}
	if from != nil && to.Before(*from) {
		return nil, nil, usage("--to %s is before --from %s; name the first and the last day", d.to, d.from)
	}
	after := to.AddDate(0, 0, 1)
	return from, &after, nil
}

// day reads the value of a flag that may be left out.
func day(flag, value string) (*time.Time, error) {
	if value == "" {
		return nil, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, value, time.Local)
	if err != nil {
		return nil, usage("--%s is not a day; write it as 2026-11-23", flag)
	}
	return &at, nil
}
