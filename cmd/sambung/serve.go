package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	systemd "github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"sambung/configs"
	"sambung/daemon"
)

func (c *cli) serveCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the daemon",
		Long: `Runs the daemon until SIGTERM, SIGINT or SIGHUP. Then it begins no call any more and lets those
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

// untilSignalled ends with the first SIGTERM, SIGINT or, but under nohup, SIGHUP.
// The next one ends the process, as it would any other.
func untilSignalled(ctx context.Context) (context.Context, context.CancelFunc) {
	ends := []os.Signal{syscall.SIGTERM, os.Interrupt}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(ctx, ends...)
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
	manager := serviceManager{log}
	manager.tell(systemd.SdNotifyReady) // the API's address is listened on
	told := make(chan struct{})
	quiet := context.AfterFunc(ctx, func() {
		defer close(told)
		manager.tell(systemd.SdNotifyStopping)
		log.Info("stopping: no call is begun any more; a second signal cuts", "limit", config.Drain.Limit)
	})
	defer func() {
		if !quiet() { // it is under way: a drain can be over sooner
			<-told
		}
	}()
	return app.Run(ctx)
}

// serviceManager is told how far the daemon is, where one started it: sd_notify(3).
type serviceManager struct{ log *slog.Logger }

func (m serviceManager) tell(state string) {
	if _, err := systemd.SdNotify(false, state); err != nil {
		m.log.Warn("the service manager was not told", "state", state, "error", err)
	}
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
