package main

import (
	"github.com/spf13/cobra"

	"sambung/daemon"
)

func (c *cli) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  sambung version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c.started = true
			v := daemon.ReadBuild()
			if c.json {
				return c.printJSON(v)
			}
			return c.printf("sambung %s (%s, %s)\n", v.Version, v.Revision, v.Go)
		},
	}
}
