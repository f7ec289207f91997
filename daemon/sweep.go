package daemon

import (
	"context"
	"time"

	"sambung/configs"
	"sambung/daemon/reconcile"
	"sambung/telephony"
)

// sweepEvery is how often recordings that nobody has in hand are looked for, at
// a switch and in the spool.
const sweepEvery = time.Minute

// lastSweepLimit is how long the last look may take once the daemon is to stop.
const lastSweepLimit = 5 * time.Second

// spoolSweeper settles the files in this daemon's spool.
func (a *App) spoolSweeper() *reconcile.Sweeper {
	list := func(context.Context) ([]string, error) {
		entries, err := a.spool.List()
		names := make([]string, len(entries))
		for i, e := range entries {
			names[i] = e.Name
		}
		return names, err
	}
	remove := func(_ context.Context, name string) error { return a.spool.Remove(name) }
	return a.sweeper(reconcile.Place{Name: "spool", Found: reconcile.SpoolFile, List: list, Remove: remove})
}

// switchSweeper settles the recordings at one switch.
func (a *App) switchSweeper(c configs.Switch, sw telephony.Recordings) *reconcile.Sweeper {
	return a.sweeper(reconcile.Place{Name: c.Name, Found: reconcile.Recording, List: sw.Recorded, Remove: sw.Remove})
}

func (a *App) sweeper(p reconcile.Place) *reconcile.Sweeper {
	return &reconcile.Sweeper{Place: p, Ledger: a.queue, Log: a.log, Metrics: a.metrics.reconciled}
}

// lastSweep looks once more, when the work is done.
func (a *App) lastSweep(s *reconcile.Sweeper) {
	ctx, cancel := context.WithTimeout(context.Background(), lastSweepLimit)
	defer cancel()
	if err := s.Sweep(ctx); err != nil {
		a.log.Warn("what lies in the spool was not looked at; the next start does", "error", err)
	}
}
