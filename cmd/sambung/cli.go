package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

// surroundings is all that a run of the command touches of its process.
type surroundings struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string                   // "NAME=value"
	terminal       bool                       // stdout is one
	size           func() (columns, rows int) // of that terminal; may be nil
}

func (s surroundings) getenv(name string) string {
	for _, variable := range s.environ {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value
		}
	}
	return ""
}

// cli is one run of the command.
type cli struct {
	surroundings
	started bool // the command itself ran: errors before that are the usage's

	apiURL    string
	tokenFile string
	json      bool
	timeout   time.Duration
}

// run runs the command with args and returns its exit code.
func run(ctx context.Context, args []string, s surroundings) int {
	c := &cli{surroundings: s}
	root := c.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	return c.report(cmd, err)
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "sambung",
		Short: "Tell taxpayers the follow-ups of escalated questions, by telephone",
		Long: `Sambung carries out SOP LIP20-0020: a follow-up is enqueued, an agent and the taxpayer
are rung and joined, the talk is recorded, and the activity history writes itself.

Commands ask a daemon over its API: its address is --api or SAMBUNG_API, the token
SAMBUNG_TOKEN or --token-file.

Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused or conflict.`,
		Example:       "  sambung serve --config /etc/sambung/sambung.yaml\n  sambung list --state queued",
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	address := c.getenv("SAMBUNG_API")
	if address == "" {
		address = "http://127.0.0.1:8717"
	}
	flags := root.PersistentFlags()
	flags.StringVar(&c.apiURL, "api", address, "address of the daemon's API")
	flags.StringVar(&c.tokenFile, "token-file", "", "file that holds the token, in place of SAMBUNG_TOKEN")
	flags.BoolVar(&c.json, "json", false, "print JSON")
	flags.DurationVar(&c.timeout, "timeout", 30*time.Second, "how long the daemon may take to answer")
	root.AddCommand(
		c.serveCommand(), c.enqueueCommand(), c.listCommand(), c.showCommand(), c.historyCommand(), c.assignCommand(),
		c.cancelCommand(), c.requeueCommand(), c.editCommand(), c.outcomeCommand(), c.manualCommand(), c.monitorCommand(), c.agentCommand(), c.userCommand(), c.recordingsCommand(),
		c.importCommand(), c.phoneCommand(), c.demoCommand(), c.doctorCommand(), c.reindexCommand(), c.versionCommand(),
	)
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	showByExample(root)
	return root
}

// asking makes the body of a command that asks the daemon, within --timeout.
func (c *cli) asking(do func(ctx context.Context, api *client.Client, args []string) error) func(*cobra.Command, []string) error {
	return c.connected(func(ctx context.Context, api *client.Client, args []string) error {
		ctx, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		return do(ctx, api, args)
	})
}

// connected makes the body of a command that asks more than once, or much, and bounds
// each answer itself.
func (c *cli) connected(do func(ctx context.Context, api *client.Client, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c.started = true
		token, err := c.token()
		if err != nil {
			return err
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		defer transport.CloseIdleConnections()
		api, err := client.New(c.apiURL, token, transport)
		if err != nil {
			return err
		}
		return do(cmd.Context(), api, args)
	}
}

func (c *cli) token() (string, error) {
	if c.tokenFile == "" {
		return c.getenv("SAMBUNG_TOKEN"), nil
	}
	data, err := os.ReadFile(c.tokenFile)
	if err != nil {
		return "", fmt.Errorf("reading the token: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if token == "" {
		return "", errors.New("the token file is empty; write the token into it")
	}
	return token, nil
}
