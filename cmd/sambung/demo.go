package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/demo"
)

// demoOptions are the flags of the demonstration.
type demoOptions struct {
	count       int
	exit        bool
	listen, dir string
	limit       time.Duration
}

func (c *cli) demoCommand() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the main job on this machine, with nothing installed",
		Long: `Runs the daemon over an embedded ledger, an embedded archive and a simulated switch, and lets
made-up agents and taxpayers talk: every route, result and outcome. Its calendar is always
open and its retries take seconds; all else is as in an office. The API listens meanwhile.

With --json the follow-ups are printed, one object each, once all are settled.`,
		Example: "  sambung demo\n  sambung demo --exit --json --count 20",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.count < 1 || o.count > 1000 {
				return usage("--count %d: want 1 to 1000", o.count)
			}
			c.started = true
			ctx, stop := untilSignalled(cmd.Context())
			defer stop()
			return c.demo(ctx, o)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.count, "count", 20, "how many follow-ups are entered")
	flags.BoolVar(&o.exit, "exit", false, "end when all are settled, with a summary")
	flags.StringVar(&o.listen, "listen", "", "address of the API (a free port of 127.0.0.1)")
	flags.StringVar(&o.dir, "dir", "", "folder for its data (a new one in the data folder of the user)")
	flags.DurationVar(&o.limit, "limit", 10*time.Minute, "with --exit: how long it may take at most")
	return cmd
}

// demo runs the demonstration to its end.
func (c *cli) demo(ctx context.Context, o demoOptions) error {
	if o.dir == "" {
		data, err := configs.DataDir(c.getenv)
		if err != nil {
			return err
		}
		o.dir = filepath.Join(data, "demo", time.Now().Format("2006-01-02T150405.000"))
	}
	dir, err := filepath.Abs(o.dir) // the archive changes the working directory
	if err != nil {
		return err
	}
	o.dir = dir
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	logFile, err := os.OpenFile(filepath.Join(o.dir, "daemon.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer logFile.Close()
	log := slog.New(slog.NewTextHandler(logFile, nil))
	daemon.LogRedis(log)
	d, err := demo.Start(ctx, demo.Options{Dir: o.dir, Listen: o.listen, Count: o.count, Log: log})
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // it was ended before it stood
	}
	if err != nil {
		return err
	}
	err = c.watchDemo(ctx, d, o)
	return errors.Join(err, d.Close())
}

// watchDemo shows how it goes until it is over.
func (c *cli) watchDemo(ctx context.Context, d *demo.Demo, o demoOptions) error {
	if o.exit {
		limited, cancel := context.WithTimeout(ctx, o.limit)
		defer cancel()
		ctx = limited
	}
	var screen demoScreen = &demoLines{cli: c, out: c.demoOut()}
	if c.terminal && !c.json && c.getenv("TERM") != "dumb" {
		screen = &demoTable{cli: c}
	}
	if err := screen.begin(d, o); err != nil {
		return err
	}
	err := c.followDemo(ctx, d, screen)
	switch {
	case err == nil && !o.exit && !c.json:
		screen.settled()
		<-ctx.Done()
		return nil
	case errors.Is(err, context.Canceled):
		return nil // somebody has seen enough
	case err != nil:
		return fmt.Errorf("not all follow-ups were settled: %w; see daemon.log in %s", err, o.dir)
	}
	return c.concludeDemo(ctx, d)
}

// demoOut is where lines go: beside the objects, if those are asked for.
func (c *cli) demoOut() io.Writer {
	if c.json {
		return c.stderr
	}
	return c.stdout
}

// followDemo shows every change until all are settled.
func (c *cli) followDemo(ctx context.Context, d *demo.Demo, screen demoScreen) error {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		now, err := d.Look(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := screen.show(now); err != nil {
			return err
		}
		if now.Settled() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
