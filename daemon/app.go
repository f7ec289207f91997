package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/configs"
	"sambung/daemon/dispatch"
	"sambung/daemon/epoch"
	"sambung/daemon/journal"
	"sambung/daemon/stranded"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/storage"
	"sambung/storage/spool"
	"sambung/telephony"
)

// App is one daemon. Make it with New, run it once with Run.
type App struct {
	config        configs.Config
	owner         string // of leases: unique to this run
	log           *slog.Logger
	now           func() time.Time
	volatile      bool         // the ledger may be
	demonstration http.Handler // nil but in a demonstration
	registry      *prometheus.Registry
	metrics       metrics

	queue    store
	leases   *leases
	archive  storage.Archive
	links    storage.Linker
	locker   storage.Locker // nil where no object can be put under legal hold
	calendar *workhours.Calendar
	spool    *spool.Spool
	journal  *journal.Journal
	epoch    *epoch.Keeper
	keepers  []*switchKeeper
	listener net.Listener
	around   around
	stranded *stranded.Watch

	// closers undo what New acquired, in reverse.
	closers []func() error
}

// Option changes how an App is made; the defaults are for production.
type Option func(*App)

// WithClock replaces time.Now.
func WithClock(now func() time.Time) Option { return func(a *App) { a.now = now } }

// WithVolatileLedger accepts a store that forgets everything with its process:
// for demonstrations, and for nothing else.
func WithVolatileLedger() Option { return func(a *App) { a.volatile = true } }

// WithDemonstration answers what is asked below /v1/demo by h, and tells the pages that
// they are a demonstration's. Nothing that is configured does so: it is for package demo.
func WithDemonstration(h http.Handler) Option { return func(a *App) { a.demonstration = h } }

// New acquires what the daemon needs and checks it. On error nothing is left open.
func New(ctx context.Context, config configs.Config, log *slog.Logger, options ...Option) (*App, error) {
	a := &App{config: config, owner: ownerName(config.Site.Node), log: log, now: time.Now, registry: prometheus.NewRegistry()}
	for _, o := range options {
		o(a)
	}
	a.metrics = newMetrics(a.registry)
	a.exportArchive()
	for _, step := range []func(context.Context) error{a.openCalendar, a.openQueue, a.openArchive, a.openEpoch, a.openSpool, a.openJournal, a.listen} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.close())
		}
	}
	a.stranded = stranded.NewWatch(a.queue, a.switchNames(), a.now, log, a.registry)
	for i, s := range config.Switches {
		k := &switchKeeper{app: a, config: s, place: i, log: log.With("switch", s.Name)}
		k.export(a.registry)
		a.keepers = append(a.keepers, k)
	}
	return a, nil
}

// Addr is where the API listens, host:port.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Run serves until ctx ends, then drains, and closes what New acquired.
func (a *App) Run(ctx context.Context) error {
	// The API serves while calls are drained, so that agents can confirm.
	apiCtx, stopAPI := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAPI()
	handler, err := a.handler(apiCtx)
	if err != nil {
		return errors.Join(err, a.close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn)}
	var api, work sync.WaitGroup
	spooled := a.spoolSweeper()
	api.Go(func() { a.serveAPI(apiCtx, server) })
	work.Go(func() { a.watchDeadlines(ctx) })
	work.Go(func() { a.takeIn(ctx) })
	work.Go(func() { a.epoch.Run(ctx) })
	work.Go(func() { spooled.Run(ctx, sweepEvery) })
	work.Go(func() { a.watchArchive(ctx) })
	work.Go(func() { a.stranded.Run(ctx, 2*a.config.Lease.TTL) })
	for _, k := range a.keepers {
		work.Go(func() { k.run(ctx) })
	}
	a.log.Info("serving", "api", a.Addr(), "owner", a.owner, "calendar", a.calendar.Version())
	work.Wait()
	a.lastSweep(spooled)
	stopAPI()
	api.Wait()
	a.log.Info("stopped")
	return a.close()
}

// Command passes something asked of a live call on to the switch that carries it.
func (a *App) Command(ctx context.Context, id queue.ID, c telephony.Command) error {
	var err error
	for _, k := range a.keepers {
		if err = k.command(ctx, id, c); err == nil {
			return nil
		}
	}
	return err
}

// Monitor lets a supervisor into a talk over the switch that carries it, see
// dispatch.Dispatcher.
func (a *App) Monitor(ctx context.Context, id queue.ID, actor queue.Actor, endpoint string, mode telephony.MonitorMode) error {
	return a.atCall(id, func(d *dispatch.Dispatcher) error { return d.Monitor(ctx, id, actor, endpoint, mode) })
}

// StopMonitor takes one out again.
func (a *App) StopMonitor(ctx context.Context, id queue.ID, by queue.Actor) error {
	return a.atCall(id, func(d *dispatch.Dispatcher) error { return d.StopMonitor(ctx, id, by) })
}

// atCall asks the switches owned here in turn, until one carries the call.
func (a *App) atCall(id queue.ID, ask func(*dispatch.Dispatcher) error) error {
	for _, k := range a.keepers {
		d := k.serving()
		if d == nil {
			continue
		}
		if err := ask(d); !errors.Is(err, dispatch.ErrNoCall) {
			return err
		}
	}
	return fmt.Errorf("follow-up %s: %w", id, dispatch.ErrNoCall)
}

// switchNames are those of the configuration.
func (a *App) switchNames() []string {
	names := make([]string, len(a.config.Switches))
	for i, s := range a.config.Switches {
		names[i] = s.Name
	}
	return names
}

// mayBegin says why no new call may begin, or nil.
func (a *App) mayBegin() error {
	if err := a.epoch.MayDial(); err != nil {
		return err
	}
	return a.spoolHasRoom()
}

// ready says why the daemon cannot do its work now, or nil.
func (a *App) ready(ctx context.Context) error {
	if err := cmp.Or(a.queue.Check(ctx), a.leases.refused()); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return a.mayBegin()
}

func (a *App) close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

func (a *App) onClose(f func() error) { a.closers = append(a.closers, f) }
