package soak_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/internal/checker"
	"sambung/internal/daemonchild"
	"sambung/queue"
	"sambung/queue/workhours"
)

// What a soak is given; scripts/soak gives more than the tests do.
var (
	seedFlag  = flag.Uint64("soak.seed", 0, "what the soak draws from; 0 draws a seed")
	killsFlag = flag.Int("soak.kills", 8, "kills of a daemon at least")
	callsFlag = flag.Int("soak.calls", 15, "calls that reach the carrier at least")
	limitFlag = flag.Duration("soak.limit", 3*time.Minute, "how long that may take")
)

func TestMain(m *testing.M) {
	daemonchild.Main()
	os.Exit(m.Run())
}

// TestSoak lets the office work under harm, and looks at all of it afterwards.
func TestSoak(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again: scripts/soak --slices 1 --seed %d --kills %d --calls %d", seed, *killsFlag, *callsFlag)
	s := newSite(t, newPeople(seed))
	s.smallDisks()
	c := newChaos(s, seed)
	w := &work{site: s}
	began := time.Now()
	atWork := w.begin()
	for c.done[kills] < *killsFlag || len(c.done) < len(harms) || len(s.carrier.Calls()) < *callsFlag {
		if time.Since(began) > *limitFlag {
			t.Errorf("within %s there were %d kills, %d of %d harms and %d calls", *limitFlag, c.done[kills], len(c.done), len(harms), len(s.carrier.Calls()))
			break
		}
		c.tick()
		time.Sleep(20 * time.Millisecond) // the chaos goes by the clock
	}
	atWork()
	c.end()
	healed := time.Now()
	s.settle(c, w)
	t.Logf("harm %s; settled %s after its end", healed.Sub(began).Round(time.Second), time.Since(healed).Round(time.Second))
	s.stop()
	s.check()
	s.nothingLeft()
	s.figures(c, w)
}

// work keeps the agents supplied.
type work struct {
	site *site
	ids  []queue.ID
	done map[queue.ID]bool
}

// backlog is how many follow-ups are open at a time.
const backlog = switches * agentsPerSite

// begin keeps at it on a goroutine of its own, for the ledger can keep it waiting,
// until end is called.
func (w *work) begin() (end func()) {
	ctx, cancel := context.WithCancel(w.site.t.Context())
	var working sync.WaitGroup
	working.Go(func() {
		for ctx.Err() == nil {
			if open := w.open(); open >= 0 {
				for range backlog - open {
					w.enqueue()
				}
			}
			select {
			case <-ctx.Done():
			case <-time.After(250 * time.Millisecond):
			}
		}
	})
	return func() { cancel(); working.Wait() }
}

// open counts the follow-ups that are not done with; -1 while the ledger is
// away. Agents that were paused for not answering come back.
func (w *work) open() int {
	ctx := w.site.t.Context()
	for i := range switches * agentsPerSite {
		a, err := w.site.queue.Agent(ctx, agentID(i))
		if err != nil {
			return -1
		}
		if a.Presence == queue.PresencePaused {
			if _, err := w.site.queue.SetPresence(ctx, a.ID, queue.PresenceReady, "", time.Now()); err != nil {
				return -1
			}
		}
	}
	if w.done == nil {
		w.done = make(map[queue.ID]bool)
	}
	open := 0
	for _, id := range w.ids {
		if w.done[id] {
			continue
		}
		st, err := w.site.queue.State(ctx, id)
		if err != nil {
			return -1
		}
		_, due := st.EvidenceDue()
		w.done[id] = !due && (st.Dossier == queue.DossierSealed || st.Status == queue.StatusHandedBack)
		if !w.done[id] {
			open++
		}
	}
	return open
}

func (w *work) enqueue() { w.enqueueFor("") }

// enqueueFor enters a follow-up, designated for an agent unless it is "".
func (w *work) enqueueFor(agent queue.AgentID) queue.ID {
	n, now := len(w.ids), time.Now()
	f := queue.FollowUp{
		ID: queue.ID(ulid.Make().String()), Ticket: fmt.Sprintf("SOAK-%d", n), Route: queue.RouteAnswer, Agent: agent,
		Taxpayer: queue.Taxpayer{Name: "Budi", Phone: fmt.Sprintf("+62812%08d", 10_000_000+n)}, Message: "Pesan",
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour), Calendar: "always",
	}
	w.ids = append(w.ids, f.ID)
	if _, _, err := w.site.queue.Enqueue(w.site.t.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("soak")}); err != nil {
		// One whose reply was lost may have been carried out.
		if _, err := w.site.queue.State(w.site.t.Context(), f.ID); err != nil {
			w.ids = slices.DeleteFunc(w.ids, func(id queue.ID) bool { return id == f.ID })
		}
	}
	return f.ID
}

// settleLimit is how long it may take until no follow-up is open any more, once
// everything is well.
const settleLimit = 2 * time.Minute

// settle waits until every follow-up is sealed or handed back.
func (s *site) settle(c *chaos, w *work) {
	s.t.Helper()
	deadline := time.Now().Add(settleLimit)
	w.done = nil // a failover may have forgotten
	for w.open() != 0 {
		if time.Now().After(deadline) {
			for _, id := range w.ids {
				if !w.done[id] {
					s.t.Errorf("follow-up %s is stuck", id)
					s.tell(id)
				}
			}
			return
		}
		c.supervise()
		time.Sleep(200 * time.Millisecond) // polling the ledger
	}
}

// stop ends the daemons as an operator does.
func (s *site) stop() {
	s.t.Helper()
	for _, n := range s.daemons {
		n.Stop()
		if code := n.ExitCode(); code != 0 {
			s.t.Errorf("%s ended with code %d", n.name, code)
		}
	}
}

// check holds ledger, carrier and archive against each other.
func (s *site) check() {
	s.t.Helper()
	w := checker.World{Queue: s.queue, Archive: s.archive, Calendar: workhours.AlwaysOpen(), Settled: true}
	for i := range switches {
		w.Switches = append(w.Switches, switchName(i))
	}
	for _, r := range s.carrier.Calls() {
		w.Invites = append(w.Invites, checker.Invite{Number: r.Called, CallID: r.CallID, At: r.InvitedAt})
		if r.Invites > 1 {
			s.t.Errorf("dialog %s carried %d INVITE transactions", r.CallID, r.Invites)
		}
	}
	violations, err := checker.Check(s.t.Context(), w)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, v := range violations {
		s.t.Errorf("violation: %s", v)
		s.tell(v.FollowUp)
	}
}

// followUp finds the ids in what is left.
var followUp = regexp.MustCompile(`\b[0-9A-Z]{26}\b`)

// nothingLeft looks for what no run may leave.
func (s *site) nothingLeft() {
	s.t.Helper()
	var places []checker.Place
	for i, pbx := range s.asterisk {
		places = append(places, checker.Place{Switch: switchName(i), Asterisk: pbx})
	}
	var spools []string
	for _, n := range s.daemons {
		spools = append(spools, filepath.Join(n.disk, "spool"))
	}
	for _, what := range checker.Left(s.t.Context(), s.queue, places, spools) {
		s.t.Errorf("left: %s", what)
		for _, id := range followUp.FindAllString(what, -1) {
			s.tell(queue.ID(id))
		}
	}
}

// figures tells what the soak was.
func (s *site) figures(c *chaos, w *work) {
	results, alarms, verified := make(map[queue.Result]int), 0, 0
	for _, id := range w.ids {
		history, err := s.queue.History(s.t.Context(), id)
		if err != nil {
			continue
		}
		for _, a := range history {
			d, _ := a.Decode()
			switch a.Kind {
			case queue.KindCallEnded:
				results[d.Result]++
			case queue.KindRecordingAlarm:
				alarms++
			case queue.KindRecordingArchived:
				verified++
			}
		}
	}
	s.t.Logf("harms: %v; reindexed %d times", c.done, c.reindexed)
	s.t.Logf("%d follow-ups, %d calls at the carrier, results %v, %d recordings verified, %d with an alarm", len(w.ids), len(s.carrier.Calls()), results, verified, alarms)
}

// tell logs a history, without personal data.
func (s *site) tell(id queue.ID) {
	history, err := s.queue.History(s.t.Context(), id)
	if err != nil {
		return
	}
	for i, a := range history {
		details := string(a.Details)
		if i == 0 {
			details = ""
		}
		s.t.Logf("  %3d %s %-22s %-14s %s", a.Seq, a.At.Format("15:04:05.000"), a.Kind, a.Actor, details)
	}
}
