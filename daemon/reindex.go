package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sambung/configs"
	"sambung/daemon/reindex"
	"sambung/queue/redisqueue"
)

// Reindex brings the ledger of a configuration up to date with its archive, see
// package reindex. No daemon may be at work.
func Reindex(ctx context.Context, config configs.Config, dryRun bool, tell func(reindex.Finding)) (sum reindex.Summary, err error) {
	options, err := QueueOptions(config)
	if err != nil {
		return sum, fmt.Errorf("queue: %w", err)
	}
	options.Log = slog.New(slog.DiscardHandler)
	ledger, err := redisqueue.Open(ctx, options)
	if err != nil {
		return sum, fmt.Errorf("queue: %w", err)
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	if err := ledger.Check(ctx); err != nil {
		return sum, fmt.Errorf("queue: %w", err)
	}
	archive, err := OpenArchive(config.S3)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	job := reindex.Job{Ledger: ledger, Archive: archive, DryRun: dryRun, Now: time.Now, Tell: tell}
	for _, s := range config.Switches {
		job.Switches = append(job.Switches, s.Name)
	}
	return job.Run(ctx)
}
