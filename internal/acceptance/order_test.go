package acceptance_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/daemon/dispatch"
	"sambung/daemon/journal"
	"sambung/daemon/ownership"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

const (
	orderSize   = 1000
	orderAgents = 6
	// previewTime is what a call takes of the office's time: a day and a half for all.
	previewTime = 45 * time.Second
)

// awayAgent is the last one, who comes to work on the second day only.
const awayAgent queue.AgentID = "agent-6"

// window is a time during which the office is open.
type window struct{ opens, closes time.Time }

// windows are the hours of the Ramadan example on a Thursday and a Friday;
// written down here, so that no calendar judges itself.
func windows(t *testing.T) []window {
	return []window{
		{jakarta(t, "2026-02-19 08:00"), jakarta(t, "2026-02-19 12:00")}, {jakarta(t, "2026-02-19 12:30"), jakarta(t, "2026-02-19 15:00")},
		{jakarta(t, "2026-02-20 08:00"), jakarta(t, "2026-02-20 11:30")}, {jakarta(t, "2026-02-20 12:30"), jakarta(t, "2026-02-20 15:30")},
	}
}

// ordered is an office in which everybody answers at once.
type ordered struct {
	*testing.T
	windows    []window
	clock      *handClock
	calendar   *watchedCalendar
	queue      *watchedQueue
	sw         *promptSwitch
	dispatcher *dispatch.Dispatcher
}

// TestOrder: a thousand follow-ups with shuffled deadlines and assignments are
// served earliest deadline first per agent; an unrequested opinion that nobody
// was assigned to never; and nobody is dialled outside office hours.
func TestOrder(t *testing.T) {
	o := newOrdered(t)
	all := o.followUps()
	o.enqueue(all)
	unassigned := slices.DeleteFunc(slices.Clone(all), func(f queue.FollowUp) bool { return claimable(f) })
	o.queue.wait(slices.DeleteFunc(slices.Clone(all), func(f queue.FollowUp) bool { return !claimable(f) })...)
	for i := range orderAgents {
		o.hire(agentID(i))
	}
	stop := o.run()

	o.clock.set(jakarta(t, "2026-02-19 07:59"))
	o.resting()
	for i, w := range o.windows {
		if i == 1 { // in the break a co-supervisor assigns some of what waited for it
			unassigned = o.designate(unassigned, 20)
		}
		if i == 2 {
			o.presence(awayAgent, queue.PresenceReady)
		}
		o.clock.set(w.opens.Add(-time.Millisecond))
		o.resting()
		o.opening(w)
		if o.working() {
			break
		}
		o.resting()
	}
	stop()
	o.judge(all, unassigned)
}

// claimable reports whether the procedure lets a follow-up be dialled (SOP G.1.c.iii).
func claimable(f queue.FollowUp) bool {
	return f.Route != queue.RouteOpinionUnrequested || f.Agent != ""
}

func newOrdered(t *testing.T) *ordered {
	calendar, err := workhours.LoadDir(ramadanOffice(t))
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{realservers.Redis(t).Addr}, Site: "order"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	o := &ordered{T: t, windows: windows(t), clock: &handClock{}, calendar: &watchedCalendar{WorkingTime: calendar}}
	o.queue = &watchedQueue{
		Queue: ledger, t: t, waiting: make(map[queue.ID]queue.FollowUp),
		given: make(map[queue.ID]queue.FollowUp), back: make(map[queue.ID]queue.FollowUp),
	}
	o.clock.set(jakarta(t, "2026-02-19 07:30"))
	o.sw = &promptSwitch{clock: o.clock, preview: previewTime, refused: func(callID string) {
		id, _, _ := strings.Cut(callID, "-")
		o.queue.giveBack(queue.ID(id))
	}}
	return o
}

// followUps are of all routes, received at any minute of a day and a half, for
// one agent or for any. The last agent's are early ones.
func (o *ordered) followUps() []queue.FollowUp {
	seed := uint64(time.Now().UnixNano())
	o.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	first := jakarta(o.T, "2026-02-18 09:00")
	list := make([]queue.FollowUp, orderSize)
	for i := range list {
		received := first.Add(time.Duration(random.IntN(29*60)) * time.Minute).UTC()
		deadline, _, err := o.calendar.Add(received, time.Hour)
		if err != nil {
			o.Fatal(err)
		}
		f := queue.FollowUp{
			ID: queue.ID(ulid.Make().String()), Ticket: fmt.Sprintf("ORDER-%d", i), Route: queue.RouteAnswer,
			Taxpayer:   queue.Taxpayer{Name: "Budi", Phone: number(i)},
			ReceivedAt: received, EnteredAt: received, Deadline: deadline.UTC(), Calendar: o.calendar.Version(),
		}
		switch i % 10 {
		case 4:
			f.Route, f.Directorate = queue.RouteOpinionRequested, queue.DirectoratePP1
		case 5, 6:
			f.Agent = agentID(random.IntN(orderAgents))
		case 7:
			f.Route, f.Directorate, f.Agent = queue.RouteOpinionUnrequested, queue.DirectoratePP2, agentID(random.IntN(orderAgents))
		case 8:
			f.Route, f.Directorate = queue.RouteOpinionUnrequested, queue.DirectoratePP1
		}
		list[i] = f
	}
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// enqueue enters them from several sides at once.
func (o *ordered) enqueue(all []queue.FollowUp) {
	const sides = 8
	var entering sync.WaitGroup
	for part := range slices.Chunk(all, len(all)/sides) {
		entering.Go(func() {
			for _, f := range part {
				if _, _, err := o.queue.Enqueue(o.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("acceptance")}); err != nil {
					o.Error(err)
				}
			}
		})
	}
	entering.Wait()
}

func (o *ordered) hire(id queue.AgentID) {
	err := o.queue.PutAgent(o.Context(), queue.Agent{ID: id, Endpoint: "PJSIP/" + string(id), Switch: switchName, Since: o.clock.Now()})
	if err != nil {
		o.Fatal(err)
	}
	if id != awayAgent {
		o.presence(id, queue.PresenceReady)
	}
}

func (o *ordered) presence(id queue.AgentID, p queue.Presence) {
	if _, err := o.queue.SetPresence(o.Context(), id, p, "", o.clock.Now()); err != nil {
		o.Fatal(err)
	}
}

// run sets the dispatcher to work until stop is called.
func (o *ordered) run() (stop func()) {
	log := slog.New(slog.DiscardHandler)
	keeper, err := ownership.Acquire(o.Context(), o.queue, switchName, "node-a/order", 10*time.Second, log)
	if err != nil {
		o.Fatal(err)
	}
	seen, _, err := journal.Open(o.TempDir())
	if err != nil {
		o.Fatal(err)
	}
	o.dispatcher = dispatch.New(dispatch.Config{
		Calls: telephony.Request{}, MaxCalls: orderAgents, Policy: queue.DefaultPolicy(), Calendar: o.calendar,
		Poll: 5 * time.Millisecond, TrunkHold: 15 * time.Second, TrunkHoldMax: 5 * time.Minute, Drain: 10 * time.Second,
	}, dispatch.Deps{
		Queue: o.queue, Switch: o.sw, Owner: keeper, Journal: seen, MayBegin: func() error { return nil }, Now: o.clock.Now, Log: log,
	})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = keeper.Run(ctx) })
	running.Go(func() {
		if err := o.dispatcher.Run(ctx); err != nil {
			o.Errorf("the dispatcher ended: %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	o.Cleanup(stop)
	return stop
}
