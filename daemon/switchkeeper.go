package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/configs"
	"sambung/daemon/archivist"
	"sambung/daemon/dispatch"
	"sambung/daemon/ownership"
	"sambung/queue"
	"sambung/telephony"
	"sambung/telephony/asterisk"
)

// switchKeeper serves one switch whenever this daemon owns it.
type switchKeeper struct {
	app    *App
	config configs.Switch
	place  int // in the configuration
	log    *slog.Logger

	mu         sync.Mutex
	dispatcher *dispatch.Dispatcher // mu; nil while the switch is not ours
}

// run owns the switch again and again until ctx ends. Those that are not first in
// the configuration are left to another daemon at first, which may have them
// first in its own: so daemons that start together share the switches.
func (k *switchKeeper) run(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(min(k.place, 1)) * k.app.config.Lease.TTL / 3):
	}
	for ctx.Err() == nil {
		err := k.own(ctx)
		if ctx.Err() != nil {
			return
		}
		k.log.Warn("the switch is not served; trying again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(k.app.config.Lease.TTL / 3):
		}
	}
}

// own takes the lease, serves until ctx ends or the switch is lost, and gives
// the lease up when no call of it is under way any more.
func (k *switchKeeper) own(ctx context.Context) error {
	keeper, err := k.acquire(ctx)
	if err != nil {
		return err
	}
	// The lease outlives ctx: calls that are drained are still ours.
	leaseCtx, release := context.WithCancel(context.WithoutCancel(ctx))
	var renewing sync.WaitGroup
	renewing.Go(func() { _ = keeper.Run(leaseCtx) })
	defer renewing.Wait()
	defer release()
	return k.serve(ctx, keeper)
}

// acquire waits for the lease. Who still waits when every earlier lease must have
// run out stands by for a living owner, and tells what it saw itself before.
func (k *switchKeeper) acquire(ctx context.Context) (*ownership.Keeper, error) {
	ttl := k.app.config.Lease.TTL
	waiting, acquired := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() {
		late := dispatch.Late{Queue: k.app.queue, Journal: k.app.journal, Log: k.log}
		for {
			select {
			case <-waiting.Done():
				return
			case <-time.After(2 * ttl):
				late.Tell(waiting, k.config.Name)
			}
		}
	})
	defer telling.Wait()
	defer acquired()
	return ownership.Acquire(ctx, k.app.leases, k.config.Name, k.app.owner, ttl, k.log)
}

// serve connects to the switch and works until ctx ends, the switch is lost,
// or its connection is.
func (k *switchKeeper) serve(ctx context.Context, keeper *ownership.Keeper) error {
	// The connection, too, outlives ctx by the drain.
	linkCtx, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	sw, err := k.app.openSwitch(k.config, keeper, k.log)
	if err != nil {
		hangUp()
		return fmt.Errorf("connecting to switch %s: %w", k.config.Name, err)
	}
	var workers sync.WaitGroup
	defer workers.Wait()
	defer hangUp()
	workers.Go(func() {
		if err := sw.Run(linkCtx); errors.Is(err, telephony.ErrSwitchLost) {
			keeper.GiveUp()
		}
	})

	if err := k.connected(ctx, sw, keeper); err != nil {
		return err
	}

	d := dispatch.New(k.app.dispatchConfig(k.config), dispatch.Deps{
		Queue: k.app.queue, Switch: sw, Owner: keeper, Trust: trust{k.app}, Journal: k.app.journal, MayBegin: k.app.mayBegin,
		Now: k.app.now, Log: k.log, Metrics: k.app.metrics.dispatch, Reconciled: k.app.metrics.reconciled,
	})
	evidence := k.archivist(sw, keeper)
	workers.Go(func() { evidence.Run(linkCtx) })
	recordings := k.app.switchSweeper(k.config, sw)
	workers.Go(func() { recordings.Run(linkCtx, sweepEvery) })

	k.set(d)
	defer k.set(nil)
	if err := d.Run(ctx); err != nil {
		return err
	}
	last, cancel := context.WithTimeout(linkCtx, lastEvidence)
	defer cancel()
	if err := evidence.Finish(last); err != nil {
		k.log.Warn("evidence is not complete in the archive; the next owner goes on with it", "error", err)
	} else if err := k.app.switchSweeper(k.config, sw).Sweep(last); err != nil {
		k.log.Warn("the recordings at the switch were not looked through; the next owner does", "error", err)
	}
	return nil
}

// lastEvidence is how long the evidence of the last calls may take on its way
// to the archive once the daemon is to stop.
const lastEvidence = 20 * time.Second

// connected waits until the event stream is trusted: what is taken over before
// would miss events.
func (k *switchKeeper) connected(ctx context.Context, sw *asterisk.Switch, keeper *ownership.Keeper) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-keeper.Lost():
			cancel()
		case <-ctx.Done():
		}
	}()
	return sw.WaitUp(ctx)
}

func (k *switchKeeper) archivist(sw telephony.Recordings, owner archivist.Owner) *archivist.Archivist {
	return archivist.New(k.app.archivistConfig(), archivist.Deps{
		Queue: k.app.queue, Archive: k.app.archive, Recordings: sw, Spool: k.app.spool, Owner: owner,
		Now: k.app.now, Log: k.log, Metrics: k.app.metrics.archivist, Alarms: k.app.metrics.alarms,
	})
}

func (k *switchKeeper) set(d *dispatch.Dispatcher) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dispatcher = d
}

// serving is the dispatcher at work; nil while the switch is not ours.
func (k *switchKeeper) serving() *dispatch.Dispatcher {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dispatcher
}

// command passes a command on to the call of a follow-up, if it is here.
func (k *switchKeeper) command(ctx context.Context, id queue.ID, c telephony.Command) error {
	d := k.serving()
	if d == nil {
		return fmt.Errorf("follow-up %s: %w", id, dispatch.ErrNoCall)
	}
	return d.Command(ctx, id, c)
}

// calls counts the calls under way; owned tells whether the switch is ours now.
func (k *switchKeeper) calls() (live int, owned bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dispatcher == nil {
		return 0, false
	}
	return k.dispatcher.Live(), true
}

// records is 1 while the switch is ours and records.
func (k *switchKeeper) records() float64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dispatcher == nil || !k.dispatcher.Records() {
		return 0
	}
	return 1
}

// export shows all of it as figures.
func (k *switchKeeper) export(reg prometheus.Registerer) {
	labels := prometheus.Labels{"switch": k.config.Name}
	reg.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sambung_switch_owned", Help: "1 while this daemon owns the switch.", ConstLabels: labels,
		}, func() float64 {
			if _, owned := k.calls(); owned {
				return 1
			}
			return 0
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sambung_switch_records", Help: "1 while this daemon owns the switch and the last recording for trial succeeded.", ConstLabels: labels,
		}, k.records),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sambung_calls_live", Help: "Calls under way.", ConstLabels: labels,
		}, func() float64 { live, _ := k.calls(); return float64(live) }),
	)
}
