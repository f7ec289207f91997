package daemon

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/api"
	"sambung/storage"
)

// around is what was last seen of the archive and the spool before it.
type around struct {
	mu       sync.Mutex
	archive  error // mu; why it was not reached
	half     bool  // mu; the spool was more than half full
	examined bool  // mu
}

const (
	// spoolReserve is what must be free for a new call to begin, as a part of the
	// spool's limit: the calls under way need room, too.
	spoolReserve = 10
	// archiveEvery is how often the archive is looked for, and archiveLimit how
	// long one look may take.
	archiveEvery = 10 * time.Second
	archiveLimit = 5 * time.Second
)

// spoolHasRoom says why no new call may begin for want of room, or nil. The
// recordings of the calls under way go on all the same: they are made at the
// switch, and wait there.
func (a *App) spoolHasRoom() error {
	room, err := a.spool.Room()
	if err != nil {
		return err
	}
	d := a.spool.Depth()
	if d.Starved {
		return fmt.Errorf("the spool is full: a recording found no room, %d of %d bytes are used by %d that wait for the archive; see whether it is reachable, make room on the disk, or raise spool.max_bytes", d.Bytes, d.Limit, d.Files)
	}
	if room < d.Limit/spoolReserve {
		return fmt.Errorf("the spool has room for %d bytes, %d of %d are used and the rest is what its disk has free; below a tenth of spool.max_bytes no call is begun: see whether the archive is reachable, make room on the disk, or change spool.max_bytes", room, d.Bytes, d.Limit)
	}
	return nil
}

// watchArchive looks at the archive and the spool until ctx ends, and says once
// when either changes for the worse or the better.
func (a *App) watchArchive(ctx context.Context) {
	tick := time.NewTicker(archiveEvery)
	defer tick.Stop()
	for {
		a.lookAround(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (a *App) lookAround(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, archiveLimit)
	defer cancel()
	_, err := a.archive.Stat(limited, storage.ProbePrefix+"reach")
	if errors.Is(err, storage.ErrNotFound) {
		err = nil // it answered
	}
	d := a.spool.Depth()
	half := d.Bytes > d.Limit/2
	a.around.mu.Lock()
	defer a.around.mu.Unlock()
	switch was := a.around.archive; {
	case ctx.Err() != nil:
		return
	case err != nil && was == nil:
		a.log.Warn("the archive is not reached: calls go on, recordings wait at the switch and in the spool", "error", err)
	case err == nil && was != nil:
		a.log.Info("the archive is reached again")
	}
	if half && !a.around.half {
		a.log.Warn("the spool is more than half full: when nine tenths are, no call is begun any more", "bytes", d.Bytes, "limit", d.Limit, "files", d.Files)
	}
	a.around.archive, a.around.half, a.around.examined = err, half, true
}

// surroundings tells what a daemon needs for its work, but not in this moment.
func (a *App) surroundings() api.Surroundings {
	s := api.Surroundings{Archive: "reached", Switches: make(map[string]string)}
	a.around.mu.Lock()
	switch {
	case !a.around.examined:
		s.Archive = "not examined yet"
	case a.around.archive != nil:
		s.Archive = "not reached; recordings wait at the switch and in the spool, and the log says why"
	}
	a.around.mu.Unlock()
	for _, k := range a.keepers {
		s.Switches[k.config.Name] = "not served by this daemon"
		if _, owned := k.calls(); owned {
			s.Switches[k.config.Name] = "served"
		}
	}
	return s
}

// exportArchive shows the same as figures.
func (a *App) exportArchive() {
	gauge := func(name, help string, read func() float64) {
		a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("sambung_archive_reached", "1 while the archive answers.", func() float64 {
		a.around.mu.Lock()
		defer a.around.mu.Unlock()
		if a.around.examined && a.around.archive == nil {
			return 1
		}
		return 0
	})
	gauge("sambung_spool_bytes", "Bytes in the spool, on their way to the archive.", func() float64 { return float64(a.spool.Depth().Bytes) })
	gauge("sambung_spool_limit_bytes", "What the spool may hold.", func() float64 { return float64(a.spool.Depth().Limit) })
	gauge("sambung_spool_room_bytes", "What can be written to the spool still, by its limit and by its disk.", func() float64 {
		room, err := a.spool.Room()
		if err != nil {
			return 0
		}
		return float64(room)
	})
	gauge("sambung_epoch_behind", "1 while nothing is dialled because the ledger was set back.", func() float64 {
		if a.epoch.MayDial() != nil {
			return 1
		}
		return 0
	})
}
