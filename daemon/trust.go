package daemon

import (
	"context"
	"fmt"
	"time"

	"sambung/daemon/epoch"
	"sambung/daemon/reindex"
	"sambung/queue"
)

// trust is the dispatchers' word on the server that keeps the ledger. Claims
// reach another one only when it is not older than the archive, and when what
// was archived lately and every switch of the configuration were compared with it.
type trust struct{ app *App }

const (
	// lately is how far back the archive is looked at. What was lost before that
	// lacks a mark of the epoch.
	lately = 15 * time.Minute
	// broughtBackLimit bounds it; an archive that is away is noticed before that.
	broughtBackLimit = time.Minute
)

func (t trust) Server(ctx context.Context, switchName string) (string, bool, error) {
	return t.app.queue.Server(ctx, switchName)
}

func (t trust) Compared(ctx context.Context, switchName, server string) error {
	return t.app.queue.Compared(ctx, switchName, server)
}

func (t trust) BringBack(ctx context.Context) (strangers []queue.ID, err error) {
	soon, cancel := context.WithTimeout(ctx, inspectionLimit)
	defer cancel()
	if err := t.app.archiveAnswers(soon); err != nil {
		return nil, err
	}
	ctx, cancel = context.WithTimeout(ctx, broughtBackLimit)
	defer cancel()
	job := reindex.Job{Ledger: t.app.queue, Archive: t.app.archive, Now: t.app.now, Tell: func(f reindex.Finding) {
		switch f.Action {
		case reindex.Unchanged:
		case reindex.Unknown:
			strangers = append(strangers, f.FollowUp)
		case reindex.Broken:
			t.app.log.Error("the archive has something that the ledger has lost, and cannot be given back; run sambung reindex --dry-run",
				"follow_up", f.FollowUp, "found", f.Action, "handed_back", f.HandedBack, "error", f.Err)
		default:
			t.app.log.Warn("the ledger has lost what the archive has; it was brought back",
				"follow_up", f.FollowUp, "activities", f.Activities, "sealed", f.Sealed, "handed_back", f.HandedBack)
		}
	}}
	if _, err := job.Recent(ctx, t.app.now().Add(-lately), t.app.calendar.Zone()); err != nil {
		return nil, fmt.Errorf("comparing the ledger with what was archived lately: %w", err)
	}
	return strangers, nil
}

func (t trust) Trust(ctx context.Context) error {
	if err := epoch.Check(ctx, t.app.queue, t.app.archive); err != nil {
		return err
	}
	return t.app.queue.Trust(ctx, t.app.switchNames())
}
