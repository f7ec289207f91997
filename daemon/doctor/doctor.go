package doctor

import (
	"cmp"
	"context"
	"crypto/x509"
	"log/slog"
	"slices"
	"sync"
	"time"

	"sambung/configs"
	"sambung/queue"
)

// Options say how an examination is made. The zero value is for production.
type Options struct {
	Now func() time.Time // this machine's clock; time.Now if nil
	Log *slog.Logger     // nothing is logged if nil
	// Timeout bounds each check; 10 s if 0.
	Timeout time.Duration
	// Authorities are those whom browsers trust; the system's if nil.
	Authorities *x509.CertPool
}

// examination is one run.
type examination struct {
	config configs.Config
	now    func() time.Time
	log    *slog.Logger
	limit  time.Duration
	clocks clocks

	authorities *x509.CertPool
	// agents come from the ledger; lines to the switches have the order of the
	// configuration.
	agents outcome[[]queue.Agent]
	lines  []*line
}

// Examine looks at everything a configuration names. It returns when every
// check has ended, at the latest when ctx has.
func Examine(ctx context.Context, config configs.Config, o Options) []Finding {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	x := &examination{config: config, now: o.Now, log: o.Log, limit: cmp.Or(o.Timeout, 10*time.Second), agents: newOutcome[[]queue.Agent](), authorities: o.Authorities}
	for _, s := range config.Switches {
		x.lines = append(x.lines, newLine(s))
	}
	r := &round{}
	r.run(x.examineConfiguration)
	r.run(func() []Finding { return x.examineRedis(ctx) })
	r.run(func() []Finding { return x.examineS3(ctx) })
	r.run(func() []Finding { return x.examineEpoch(ctx) })
	for _, l := range x.lines {
		r.run(func() []Finding { return x.examineSwitch(ctx, l) })
		r.run(func() []Finding { return x.examineTrunk(ctx, l) })
		r.run(func() []Finding { return x.examineBrowser(ctx, l) })
	}
	r.run(func() []Finding { return x.examineAgents(ctx) })
	r.run(x.examinePages)
	r.run(x.examineCalendar)
	r.run(func() []Finding { return x.examineSpool(ctx) })
	findings := append(r.wait(), x.clocks.findings()...)
	for _, l := range x.lines {
		if client := l.client.wait(); client != nil {
			client.Close()
		}
	}
	hide(config, findings)
	return findings
}

// within bounds one check.
func (x *examination) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, x.limit)
}

func (x *examination) examineConfiguration() []Finding {
	s := &sheet{subject: "configuration"}
	for _, p := range x.config.Warnings() {
		s.warn(p.Key+": "+p.What, p.Remedy)
	}
	if len(s.findings) == 0 {
		s.ok("it is complete")
	}
	return s.findings
}

// round runs checks side by side and keeps their findings in order.
type round struct {
	running sync.WaitGroup
	parts   []*[]Finding
}

func (r *round) run(check func() []Finding) {
	part := new([]Finding)
	r.parts = append(r.parts, part)
	r.running.Go(func() { *part = check() })
}

func (r *round) wait() []Finding {
	r.running.Wait()
	var all []Finding
	for _, p := range r.parts {
		all = append(all, *p...)
	}
	return slices.Clip(all)
}

// outcome is what one check finds out for others. It is settled once, by its
// owner, in any case.
type outcome[T any] struct {
	settled chan struct{}
	value   *T // nil: it could not be found out
}

func newOutcome[T any]() outcome[T] { return outcome[T]{settled: make(chan struct{})} }

// settle tells those who wait; v is nil where it could not be found out.
func (o *outcome[T]) settle(v *T) {
	o.value = v
	close(o.settled)
}

// wait returns nil when it could not be found out.
func (o *outcome[T]) wait() *T {
	<-o.settled
	return o.value
}
