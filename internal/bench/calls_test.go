package bench_test

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"sambung/internal/bench"
	"sambung/internal/realservers"
	"sambung/queue"
)

// measureCalls compares whole calls through the daemon, all of it durable, with
// a bare loop that makes the same calls on the same Asterisk and writes nothing
// down. Ours are complete when they are sealed in the archive, the peer's when
// its files were fetched.
func measureCalls(tb testing.TB, s size) []bench.Figure {
	o := openCallOffice(tb, s)
	perSecond := bench.Figure{
		Name: "calls", What: "complete calls through the daemon, sealed in the archive, against a bare ARI loop", Unit: "/s",
		Measure: bench.Ratio, Goal: bench.AtLeast(0.9),
	}
	settled := bench.Figure{Name: "calls, settled", What: "the same until the outcome is durable and the agent free; the archive follows", Unit: "/s", Measure: bench.Ratio}
	cpu := bench.Figure{Name: "CPU per call", What: "processor time of the daemon, against the bare loop's", Unit: "ms", Measure: bench.Difference}
	others := newShares()
	for range s.rounds {
		before, began := o.daemon.cpu(), usageNow(tb)
		run := o.daemonRound(tb, s.calls, s.atOnce)
		perSecond.Ours, settled.Ours = append(perSecond.Ours, rate(s.calls, run.sealed)), append(settled.Ours, rate(s.calls, run.settled))
		cpu.Ours = append(cpu.Ours, perCall(o.daemon.cpu()-before, s.calls))
		others.ours(began, usageNow(tb), s.calls)

		before, began = o.bare.cpu(), usageNow(tb)
		report := o.bareRound(tb, s.calls, s.atOnce)
		perSecond.Peer, settled.Peer = append(perSecond.Peer, rate(s.calls, report.Took)), append(settled.Peer, rate(s.calls, report.Took))
		cpu.Peer = append(cpu.Peer, perCall(o.bare.cpu()-before, s.calls))
		others.peer(began, usageNow(tb), s.calls)
	}
	figures := append([]bench.Figure{perSecond, settled, o.unhurried(tb, s), cpu}, others.list()...)
	return append(figures, o.setUp(tb, s)...)
}

// unhurried is the same with a quarter of the calls at once: whether the
// daemon is slow by itself, or for want of processors.
func (o *callOffice) unhurried(tb testing.TB, s size) bench.Figure {
	tb.Helper()
	calls, atOnce := (s.calls+3)/4, (s.atOnce+3)/4
	f := bench.Figure{
		Name: "calls, " + strconv.Itoa(atOnce) + " at once", What: "complete calls with a quarter at once", Unit: "/s", Measure: bench.Ratio,
	}
	for range s.rounds {
		f.Ours = append(f.Ours, rate(calls, o.daemonRound(tb, calls, atOnce).sealed))
		f.Peer = append(f.Peer, rate(calls, o.bareRound(tb, calls, atOnce).Took))
	}
	return f
}

func perCall(used time.Duration, calls int) float64 {
	return float64(used) / float64(time.Millisecond) / float64(calls)
}

// setUp measures one call at a time. The daemon's begins when its follow-up is
// durable, the peer's when its loop turns to it; both end when the taxpayer's
// INVITE is at the carrier. What lies between the agent's INVITE and the
// taxpayer's is told beside it.
func (o *callOffice) setUp(tb testing.TB, s size) []bench.Figure {
	tb.Helper()
	whole := bench.Figure{
		Name: "set-up", What: "p50 from a durable follow-up to the taxpayer's INVITE, one call at a time, against the bare loop", Unit: "ms",
		Measure: bench.Difference, Goal: bench.AtMost(3),
	}
	legs := bench.Figure{Name: "set-up, between the legs", What: "p50 from the agent's INVITE to the taxpayer's", Unit: "ms", Measure: bench.Difference}
	for range s.rounds {
		var ours, peer lags
		for range s.alone {
			ours.add(o.oneByDaemon(tb))
			peer.add(o.oneByLoop(tb))
		}
		whole.Ours, whole.Peer = append(whole.Ours, bench.Median(ours.whole)), append(whole.Peer, bench.Median(peer.whole))
		legs.Ours, legs.Peer = append(legs.Ours, bench.Median(ours.legs)), append(legs.Peer, bench.Median(peer.legs))
	}
	return []bench.Figure{whole, legs}
}

// lags are set-up times in milliseconds.
type lags struct{ whole, legs []float64 }

func (l *lags) add(whole, legs time.Duration) {
	l.whole = append(l.whole, float64(whole)/float64(time.Millisecond))
	l.legs = append(l.legs, float64(legs)/float64(time.Millisecond))
}

// breath lets what the last call left behind come to its end, on both sides.
const breath = 30 * time.Millisecond

func (o *callOffice) oneByDaemon(tb testing.TB) (whole, legs time.Duration) {
	tb.Helper()
	sealed := o.watch.expect(1, queue.KindSealed)
	o.setAgents(tb, 1, queue.PresenceReady)
	time.Sleep(breath) // the dispatcher has looked for work, and waits
	f, err := o.ledger.enqueue(tb.Context())
	began := time.Now()
	if err != nil {
		tb.Fatal(err)
	}
	sealed.wait(tb)
	o.setAgents(tb, 1, queue.PresenceOffline)
	return o.lag(tb, f.Taxpayer.Phone, began)
}

func (o *callOffice) oneByLoop(tb testing.TB) (whole, legs time.Duration) {
	tb.Helper()
	time.Sleep(breath)
	report := o.bareRound(tb, 1, 1)
	for number, began := range report.Began {
		return o.lag(tb, number, began)
	}
	tb.Fatal("no call was made")
	return 0, 0
}

// lag is how long after that moment the number was rung, and how long after the
// agent, who is the first.
func (o *callOffice) lag(tb testing.TB, number string, began time.Time) (whole, legs time.Duration) {
	tb.Helper()
	taxpayer, ok := o.invited.Load(number)
	if !ok {
		tb.Fatal("the number was not rung")
	}
	agent, _ := o.invited.Load(string(agentID(0)))
	at := taxpayer.(time.Time)
	return at.Sub(began), at.Sub(agent.(time.Time))
}

// daemonRun is how long a round took.
type daemonRun struct{ settled, sealed time.Duration }

// daemonRound lets the daemon carry calls over so many agents.
func (o *callOffice) daemonRound(tb testing.TB, calls, atOnce int) daemonRun {
	tb.Helper()
	settled, sealed := o.watch.expect(calls, queue.KindAttemptSettled), o.watch.expect(calls, queue.KindSealed)
	o.ledger.fill(tb, calls, 8)
	began := time.Now()
	o.setAgents(tb, atOnce, queue.PresenceReady)
	r := daemonRun{settled.wait(tb).Sub(began), sealed.wait(tb).Sub(began)}
	o.setAgents(tb, atOnce, queue.PresenceOffline)
	return r
}

func (o *callOffice) bareRound(tb testing.TB, calls, atOnce int) bareReport {
	tb.Helper()
	first := o.ledger.next.Add(int64(calls)) - int64(calls) + 1
	order, err := json.Marshal(bareOrder{First: int(first), Calls: calls, AtOnce: atOnce})
	if err != nil {
		tb.Fatal(err)
	}
	var report bareReport
	if err := json.Unmarshal([]byte(o.bare.ask(string(order))), &report); err != nil {
		tb.Fatal(err)
	}
	if report.Error != "" {
		tb.Fatalf("the bare loop: %s", report.Error)
	}
	return report
}

// startDaemon runs the daemon over these servers.
func startDaemon(tb testing.TB, redis *realservers.RedisServer, minio *realservers.MinIOServer, switches ...switchSpec) (c *child, api string) {
	tb.Helper()
	return run(tb, "daemon", daemonSpec{
		Site: "bench", Redis: redis.Addr, S3: minio.Endpoint, AccessKey: minio.AccessKey, SecretKey: minio.SecretKey,
		Dir: filepath.Join(tb.TempDir(), "spool"), Switches: switches,
	})
}
