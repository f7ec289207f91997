package daemon

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"sambung/configs"
	"sambung/daemon/archivist"
	"sambung/daemon/deadline"
	"sambung/daemon/dispatch"
	"sambung/daemon/epoch"
	"sambung/daemon/journal"
	"sambung/daemon/ownership"
	"sambung/daemon/reconcile"
	"sambung/daemon/reindex"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/storage/spool"
	"sambung/telephony"
	"sambung/telephony/asterisk"
)

// store is the queue with what a real one adds.
type store interface {
	queue.Queue
	reindex.Ledger
	epoch.Ledger
	Version(ctx context.Context) (string, error)
	Counts(ctx context.Context) (map[queue.Status]int, error)
	Owner(ctx context.Context, switchName string) (string, error)
	Server(ctx context.Context, switchName string) (name string, compared bool, err error)
	Compared(ctx context.Context, switchName, server string) error
	Trust(ctx context.Context, switches []string) error
	Intake(ctx context.Context, consumer string, handle redisqueue.IntakeHandler) error
	io.Closer
}

// Archive is a storage.Archive that is connected.
type Archive interface {
	storage.Archive
	storage.Locker
	storage.Linker
	io.Closer
}

// metrics are the figures of all parts.
type metrics struct {
	dispatch   *dispatch.Metrics
	archivist  *archivist.Metrics
	reconciled *reconcile.Metrics
	alarms     *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) metrics {
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return metrics{dispatch: dispatch.NewMetrics(reg), archivist: archivist.NewMetrics(reg), reconciled: reconcile.NewMetrics(reg), alarms: deadline.NewAlarms(reg)}
}

// ownerName is unique to this run: a daemon that restarts waits until the lease
// of its earlier run has been given up or has run out, so that no two ever share one.
func ownerName(node string) string {
	if node == "" {
		node, _ = os.Hostname()
	}
	return node + "/" + rand.Text()[:8]
}

func (a *App) openCalendar(context.Context) error {
	if a.config.Calendar.AlwaysOpen {
		a.calendar = workhours.AlwaysOpen()
		a.log.Warn("the calendar is always open: for demonstrations only")
		return nil
	}
	calendar, err := workhours.LoadDir(a.config.Calendar.Dir)
	if err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	if err := calendar.Covers(a.now()); err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	a.calendar = calendar
	return nil
}

func (a *App) openQueue(ctx context.Context) error {
	options, err := QueueOptions(a.config)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	options.Log, options.Volatile, options.Guarded = a.log, a.volatile, true
	q, err := redisqueue.Open(ctx, options)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	a.queue, a.leases = q, &leases{Leases: q}
	a.onClose(q.Close)
	if err := q.Check(ctx); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// OpenArchive connects to the archive that is configured; nothing is sent yet.
// The caller closes it.
func OpenArchive(c configs.S3) (Archive, error) {
	archive, err := s3.New(ArchiveConfig(c))
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	return archive, nil
}

func (a *App) openArchive(ctx context.Context) error {
	archive, err := OpenArchive(a.config.S3)
	if err != nil {
		return err
	}
	a.archive, a.links = archive, archive
	a.onClose(archive.Close)
	can, err := archive.Check(ctx)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	switch {
	case !can.ObjectLock:
		a.log.Warn("the archive's bucket does not lock objects: a sealed dossier is protected by its hashes alone")
	case !can.LegalHold:
		a.log.Warn("the archive's access key may not set legal holds and see them (s3:PutObjectLegalHold, s3:GetObjectLegalHold): no dossier can be put under one")
	default:
		a.locker = archive
	}
	a.log.Info("the archive's server was tried", "conditional_put", can.ConditionalPut, "object_lock", can.ObjectLock,
		"legal_hold", can.LegalHold, "retention_days", a.config.S3.RetentionDays)
	return nil
}

func (a *App) openEpoch(ctx context.Context) error {
	keeper, err := epoch.Open(ctx, a.queue, a.archive, a.log)
	a.epoch = keeper
	return err
}

func (a *App) openSpool(context.Context) error {
	s, err := spool.Open(a.config.Spool.Dir, int64(a.config.Spool.MaxBytes))
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	a.spool = s
	a.onClose(s.Close)
	return nil
}

// openJournal opens the journal of observations, in the spool's directory: both
// need a local disk that outlives the process, and one owner.
func (a *App) openJournal(context.Context) error {
	j, damaged, err := journal.Open(filepath.Join(a.config.Spool.Dir, "journal"))
	if err != nil {
		return err
	}
	a.journal = j
	a.onClose(j.Close)
	if damaged > 0 {
		a.log.Error("the journal has damaged lines: what they told of calls is lost", "lines", damaged)
	}
	if n := j.Depth(); n > 0 {
		a.log.Warn("an earlier run saw what the ledger does not have yet; it is told now", "records", n)
	}
	a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sambung_journal_records", Help: "Observations on this machine's disk that the ledger does not have yet.",
	}, func() float64 { return float64(j.Depth()) }))
	return nil
}

func (a *App) listen(ctx context.Context) error {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", a.config.API.Listen)
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	if c := a.config.API; c.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return errors.Join(fmt.Errorf("api: certificate: %w", err), listener.Close())
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	}
	a.listener = listener
	a.onClose(func() error {
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil // the server closed it
	})
	return nil
}

// openSwitch makes the switch that a keeper owns; nothing is connected yet.
func (a *App) openSwitch(c configs.Switch, keeper *ownership.Keeper, log *slog.Logger) (*asterisk.Switch, error) {
	owned := func(ctx context.Context) error {
		if err := keeper.Confirm(ctx); errors.Is(err, queue.ErrFenced) {
			return fmt.Errorf("%w: %w", telephony.ErrSwitchLost, err)
		} else if err != nil {
			return err
		}
		return nil
	}
	calls := a.config.Calls
	return asterisk.New(asterisk.Config{
		Trunk: c.Trunk, DialFormat: c.DialFormat, CallerID: c.CallerID,
		AutoAnswerHeader: calls.AutoAnswerHeader, MaxDuration: calls.MaxDuration,
	}, SwitchAddress(c), owned, a.now, log)
}

func (a *App) policy() queue.Policy { return queue.Policy(a.config.Policy) }

func (a *App) dispatchConfig(c configs.Switch) dispatch.Config {
	calls := a.config.Calls
	return dispatch.Config{
		Calls: telephony.Request{
			AgentRing: calls.AgentRing, TaxpayerRing: calls.TaxpayerRing, WrapUp: calls.WrapUp,
			RingbackAfter: calls.RingbackAfter, MuteLimit: calls.MuteLimit,
		},
		MaxCalls: c.MaxCalls, Policy: a.policy(), Calendar: a.calendar, Poll: time.Second,
		TrunkHold: calls.TrunkHold, TrunkHoldMax: calls.TrunkHoldMax, Drain: a.config.Drain.Limit,
	}
}

func (a *App) archivistConfig() archivist.Config {
	return archivist.Config{Zone: a.calendar.Zone(), Poll: 2 * time.Second, Parallel: 4, Patience: 30 * time.Second}
}
