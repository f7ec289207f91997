package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (c *cli) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  sambung version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c.started = true
			v := readVersion()
			if c.json {
				return c.printJSON(v)
			}
			return c.printf("sambung %s (%s, %s)\n", v.Version, v.Revision, v.Go)
		},
	}
}

// version is what the binary knows of its making.
type version struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the repository; "+" when it was changed
	Go       string `json:"go"`
}

func readVersion() version {
	v := version{Version: "(devel)", Revision: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	modified := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	if modified {
		v.Revision += "+"
	}
	return v
}
