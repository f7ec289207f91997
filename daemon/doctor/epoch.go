package doctor

import (
	"context"
	"errors"
	"fmt"

	"sambung/daemon"
	"sambung/daemon/epoch"
	"sambung/queue/redisqueue"
	"sambung/storage/s3"
)

// examineEpoch looks whether the ledger is as new as the archive. Where either
// cannot be reached its own findings say why.
func (x *examination) examineEpoch(ctx context.Context) []Finding {
	ctx, cancel := x.within(ctx)
	defer cancel()
	s := &sheet{subject: "epoch"}
	options, err := daemon.QueueOptions(x.config)
	if err != nil {
		s.skipped("whether the ledger was set back", "redis")
		return s.findings
	}
	q, err := redisqueue.Open(ctx, options)
	if err != nil {
		s.skipped("whether the ledger was set back", "redis")
		return s.findings
	}
	defer q.Close()
	config := daemon.ArchiveConfig(x.config.S3)
	config.CreateBucket = false
	archive, err := s3.New(config)
	if err != nil {
		s.skipped("whether the ledger was set back", "s3")
		return s.findings
	}
	defer archive.Close()
	err = epoch.Check(ctx, q, archive)
	n, asked := q.Epoch(ctx)
	switch {
	case errors.Is(err, epoch.ErrSetBack):
		s.fault("the ledger is older than the archive: the daemon does not start, and dials nothing",
			"restore the latest append-only file of Redis if there is one; then, or without one, stop every daemon and run: sambung reindex", err)
	case err != nil || asked != nil:
		s.skipped("whether the ledger was set back", "s3")
	default:
		s.ok(fmt.Sprintf("the ledger is as new as the archive (epoch %d)", n))
	}
	return s.findings
}
