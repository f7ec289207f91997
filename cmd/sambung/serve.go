package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"sambung/configs"
	"sambung/daemon"
)

func (c *cli) serveCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the daemon",
		Long: `Runs the daemon until SIGTERM or SIGINT. Then it begins no call any more and lets those
under way end, for drain.limit at most; a second signal cuts. Calls that are still alive
then go on at the switch and are taken over.

Without --config the environment says everything: SAMBUNG_<SECTION>_<KEY>.`,
		Example: "  sambung serve --config /etc/sambung/sambung.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.started = true
			config, err := configs.Load(path, c.environ)
			if err != nil {
				return err
			}
			ctx, stop := untilSignalled(cmd.Context())
			defer stop()
			return c.serve(ctx, config)
		},
	}
	cmd.Flags().StringVar(&path, "config", "", "configuration file")
	return cmd
}

// untilSignalled ends with the first SIGTERM or SIGINT. The next one ends the
// process, as it would any other.
func untilSignalled(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

func (c *cli) serve(ctx context.Context, config configs.Config) error {
	log := c.logger(config.Log)
	daemon.LogRedis(log)
	for _, w := range config.Warnings() {
		log.Warn(w.What, "key", w.Key, "remedy", w.Remedy)
	}
	app, err := daemon.New(ctx, config, log)
	if err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	quiet := context.AfterFunc(ctx, func() {
		log.Info("stopping: no call is begun any more; a second signal cuts", "limit", config.Drain.Limit)
	})
	defer quiet()
	return app.Run(ctx)
}

func (c *cli) logger(l configs.Log) *slog.Logger {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(l.Level)) // was validated when it was loaded
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(c.stderr, options))
	}
	return slog.New(slog.NewTextHandler(c.stderr, options))
}
