package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/api/client"
	"sambung/queue"
	queuestore "sambung/queue/embedded"
	archivestore "sambung/storage/embedded"
	"sambung/telephony/asterisk"
	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
)

// Options say how the demonstration runs.
type Options struct {
	// Dir is where its data goes; it is made, and must not hold another's.
	Dir string
	// Listen is the address of the API; "" is a free port of 127.0.0.1.
	Listen string
	// Count is how many follow-ups are entered.
	Count int
	Log   *slog.Logger
}

// Demo is a running demonstration. Make it with Start.
type Demo struct {
	// API is the address of the daemon's API, Token what it asks for.
	API, Token string
	// Recordings is the folder that holds the recordings, by day.
	Recordings string
	// Ledger says which Redis holds the ledger, and whether it outlives the process.
	Ledger   string
	Volatile bool

	options Options
	client  *client.Client
	http    *http.Transport
	people  *people
	phones  []*simulator.Telephone
	carrier *simulator.Telephone
	config  configs.Config
	seen    map[queue.ID]int // activities that Look has told of
	ended   chan error       // what the daemon's Run returned
	stopApp context.CancelFunc
	crew    sync.WaitGroup // enters, assigns, calls agents back
	stop    context.CancelFunc
	closers []func() error

	newcomer *newcomer
}

// Start brings everything up and enters the follow-ups. Close it.
func Start(ctx context.Context, o Options) (*Demo, error) {
	d := &Demo{options: o, seen: make(map[queue.ID]int), Token: rand.Text() + rand.Text(), ended: make(chan error, 1), newcomer: newNewcomer()}
	for _, step := range []func(context.Context) error{d.openServers, d.meet} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("demonstration: %w", err), d.Close())
		}
	}
	return d, nil
}

// openServers starts the servers, the switch with its people, and the daemon.
func (d *Demo) openServers(ctx context.Context) error {
	config := office(d.options.Dir, d.Token)
	config.API.Listen = d.options.Listen
	if config.API.Listen == "" {
		config.API.Listen = "127.0.0.1:0"
	}
	if err := os.MkdirAll(d.options.Dir, 0o700); err != nil {
		return err
	}
	ledger, err := queuestore.Start(ctx, queuestore.Options{Dir: filepath.Join(d.options.Dir, "ledger"), Log: d.options.Log})
	if err != nil {
		return err
	}
	d.onClose(ledger.Close)
	d.Ledger, d.Volatile = ledger.Kind(), ledger.Volatile()
	config.Redis.Addrs, config.Redis.Password = []string{ledger.Addr()}, configs.NewSecret(ledger.Password())

	archive, err := archivestore.Start(ctx, archivestore.Options{Dir: filepath.Join(d.options.Dir, "archive")})
	if err != nil {
		return err
	}
	d.onClose(archive.Close)
	d.Recordings = filepath.Join(archive.Objects(), config.S3.Bucket, "recordings")
	config.S3 = configs.S3{
		Endpoint: archive.Endpoint(), Bucket: config.S3.Bucket, CreateBucket: true,
		AccessKey: configs.NewSecret(archive.AccessKey()), SecretKey: configs.NewSecret(archive.SecretKey()),
	}

	sim, err := d.openSwitch()
	if err != nil {
		return err
	}
	config.Switches = []configs.Switch{{
		Name: switchName, URL: sim.URL(), Application: "sambung", User: sim.User(), Password: configs.NewSecret(sim.Password()),
		Trunk: trunkName, DialFormat: configs.DialE164Plus, CallerID: callerID, MaxCalls: 30,
	}}
	return d.run(ctx, config, ledger.Volatile())
}

// openSwitch starts the switch, and lets everybody sit down at the telephones.
func (d *Demo) openSwitch() (*simulator.Simulator, error) {
	voices, err := loadVoices()
	if err != nil {
		return nil, err
	}
	sim, err := simulator.Start(simulator.Options{Sounds: configs.Sounds(), Ended: 1000, Log: d.options.Log})
	if err != nil {
		return nil, err
	}
	d.onClose(func() error { sim.Close(); return nil })
	media := asterisk.DefaultMedia()
	d.people, err = newPeople(voices, media)
	if err != nil {
		return nil, err
	}
	for i := range agents {
		name := agentName(i)
		d.phones = append(d.phones, sim.AddAgent(name, simulator.Person{Behave: d.people.pickUp(name), Hear: d.people.hears}))
	}
	d.newcomer.phone = sim.AddAgent(newcomerAgent, simulator.Person{Behave: d.people.pickUp(newcomerAgent), Hear: d.people.speaksFor})
	d.newcomer.desk = sim.AddAgent(newcomerSupervisor, simulator.Person{Behave: d.people.pickUp(newcomerSupervisor)})
	d.carrier = sim.AddTrunk(trunkName, simulator.Person{Behave: d.people.taxpayer})
	return sim, nil
}

// run starts the daemon and the client that everything else is done with.
func (d *Demo) run(ctx context.Context, config configs.Config, volatile bool) error {
	options := []daemon.Option{daemon.WithDemonstration(d.newcomer.handler())}
	if volatile {
		options = append(options, daemon.WithVolatileLedger())
	}
	d.config = config
	app, err := daemon.New(ctx, config, d.options.Log, options...)
	if err != nil {
		return err
	}
	// What was asked to end is ended by Close, in its order.
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stopApp = stop
	go func() { d.ended <- app.Run(running) }()
	d.onClose(func() error { stop(); return <-d.ended })
	d.API = "http://" + app.Addr()
	d.http = &http.Transport{DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext}
	d.onClose(func() error { d.http.CloseIdleConnections(); return nil })
	d.client, err = client.New(d.API, d.Token, d.http)
	return err
}

// Client asks the demonstration's daemon.
func (d *Demo) Client() *client.Client { return d.client }

// Config is the configuration under which the daemon runs.
func (d *Demo) Config() configs.Config { return d.config }

// TaxpayerCalls are the calls that the taxpayers' telephones saw, the oldest first.
func (d *Demo) TaxpayerCalls() []softphone.CallRecord { return d.carrier.Calls() }

// Close drains the daemon and ends everything. The data stays.
func (d *Demo) Close() error {
	if d.stop != nil {
		d.stop()
	}
	d.crew.Wait()
	var errs []error
	for i := len(d.closers) - 1; i >= 0; i-- {
		errs = append(errs, d.closers[i]())
	}
	d.closers = nil
	return errors.Join(errs...)
}

func (d *Demo) onClose(f func() error) { d.closers = append(d.closers, f) }
