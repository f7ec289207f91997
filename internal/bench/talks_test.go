package bench_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sambung/internal/bench"
	"sambung/internal/realservers"
	"sambung/queue"
)

// measureTalks has the daemon carry very many conversations at once, over
// simulated switches of a process of their own, and counts what it lost: every
// history must tell the whole conversation, and the daemon must have had nothing
// to complain of. Its memory is what it holds beyond what it held before the
// first call, once the garbage is gone, while all talk.
func measureTalks(tb testing.TB, s size) []bench.Figure {
	heap := bench.Figure{
		Name: "memory per conversation", What: "heap and stacks of the daemon for each of the conversations, while all talk", Unit: "kB",
		Measure: bench.Value, Goal: bench.AtMost(40),
	}
	stacks := bench.Figure{Name: "of it stacks", What: "stacks alone", Unit: "kB", Measure: bench.Value}
	lost := bench.Figure{
		Name: "events lost", What: "conversations at once of which something is missing, of " + fmt.Sprint(s.talks), Unit: "calls",
		Measure: bench.Value, Goal: bench.AtMost(0),
	}
	whole := bench.Figure{Name: "memory, all of it", What: "heap and stacks of the daemon while all talk", Unit: "MB", Measure: bench.Value}
	begun := bench.Figure{Name: "begun", What: "conversations that came about in a second, on the way there", Unit: "/s", Measure: bench.Value}
	for range min(s.rounds, 3) { // it takes minutes
		o := openTalkOffice(tb, s)
		r := o.round(tb, s)
		o.daemon.stop()
		o.sims.stop()
		heap.Ours, stacks.Ours = append(heap.Ours, r.heap+r.stacks), append(stacks.Ours, r.stacks)
		whole.Ours = append(whole.Ours, r.whole)
		lost.Ours, begun.Ours = append(lost.Ours, r.lost), append(begun.Ours, r.begun)
	}
	return []bench.Figure{lost, heap, stacks, whole, begun}
}

// talkOffice is a daemon with many agents at several switches.
type talkOffice struct {
	ledger   *ledger
	sims     *child
	daemon   *child
	watch    *watcher
	switches []switchSpec
}

func openTalkOffice(tb testing.TB, s size) *talkOffice {
	tb.Helper()
	o := &talkOffice{}
	var addresses string
	each := s.talks / s.talkSwitches
	o.sims, addresses = run(tb, "simulators", simSpec{Switches: s.talkSwitches, Agents: each, Sounds: "../../configs/asterisk/sounds"})
	if err := json.Unmarshal([]byte(addresses), &o.switches); err != nil {
		tb.Fatal(err)
	}
	redis, minio := realservers.Redis(tb), realservers.MinIO(tb)
	o.ledger = &ledger{Queue: openQueue(tb, redis.Addr)}
	together(tb, s.workers, func(worker int) error {
		for i := worker; i < s.talks; i += s.workers {
			a := queue.Agent{ID: agentID(i), Endpoint: "PJSIP/" + string(agentID(i)), Switch: o.switches[i/each].Name, Since: time.Now()}
			if err := o.ledger.PutAgent(tb.Context(), a); err != nil {
				return err
			}
		}
		return nil
	})
	o.daemon, _ = startDaemon(tb, redis, minio, o.switches...)
	o.watch = watch(tb, o.ledger.Queue, "")
	return o
}

// talkRound is what came of all conversations.
type talkRound struct{ heap, stacks, whole, lost, begun float64 }

func (o *talkOffice) round(tb testing.TB, s size) talkRound {
	tb.Helper()
	follow := make([]queue.ID, s.talks)
	together(tb, s.workers, func(worker int) error {
		for i := worker; i < s.talks; i += s.workers {
			f, err := o.ledger.enqueue(tb.Context())
			if err != nil {
				return err
			}
			follow[i] = f.ID
		}
		return nil
	})
	heapBefore, stacksBefore := o.daemon.memory()

	began := time.Now()
	talking := o.watch.expect(s.talks, queue.KindOutcomeConfirmed)
	o.presence(tb, s, queue.PresenceReady)
	talking.wait(tb)
	r := talkRound{begun: rate(s.talks, time.Since(began))}
	o.presence(tb, s, queue.PresenceOffline) // nobody is free for another
	o.quiet(tb)
	heap, stacks := o.daemon.memory()
	n := float64(s.talks) * 1000
	r.whole = (heap + stacks) / 1e6
	r.heap, r.stacks = (heap-heapBefore)/n, (stacks-stacksBefore)/n

	settled := o.watch.expect(s.talks, queue.KindAttemptSettled)
	o.sims.ask("hang up")
	settled.wait(tb)
	r.lost = o.lost(tb, s, follow) + o.complaints(tb)
	return r
}

// quiet waits until the connections that the way there needed are given up.
func (o *talkOffice) quiet(tb testing.TB) {
	tb.Helper()
	const idle = 12 * time.Second // longer than an unused connection is kept
	select {
	case <-time.After(idle):
	case <-tb.Context().Done():
		tb.Fatal(tb.Context().Err())
	}
}

func (o *talkOffice) presence(tb testing.TB, s size, p queue.Presence) {
	tb.Helper()
	together(tb, s.workers, func(worker int) error {
		for i := worker; i < s.talks; i += s.workers {
			if _, err := o.ledger.SetPresence(tb.Context(), agentID(i), p, "", time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// whole is what the history of a conversation must hold, in this order.
var whole = []queue.Kind{
	queue.KindReceived, queue.KindAssigned, queue.KindAgentRinging, queue.KindAgentAnswered, queue.KindRecordingStarted,
	queue.KindTaxpayerDialing, queue.KindTaxpayerAnswered, queue.KindCallEnded, queue.KindAttemptSettled,
}

// lost counts the follow-ups whose history does not tell the whole conversation.
func (o *talkOffice) lost(tb testing.TB, s size, follow []queue.ID) float64 {
	tb.Helper()
	missing := make([]int, s.workers)
	together(tb, s.workers, func(worker int) error {
		for i := worker; i < s.talks; i += s.workers {
			history, err := o.ledger.History(tb.Context(), follow[i])
			if err != nil {
				return err
			}
			if !tells(history) {
				missing[worker]++
			}
		}
		return nil
	})
	sum := 0
	for _, n := range missing {
		sum += n
	}
	return float64(sum)
}

// tells reports whether a history has everything: the ordered activities, the
// announcement, the key the agent pressed, the taxpayer's hang-up.
func tells(history []queue.Activity) bool {
	next, announced, keyed, hungUp := 0, false, false, false
	for _, a := range history {
		if next < len(whole) && a.Kind == whole[next] {
			next++
		}
		d, err := a.Decode()
		if err != nil {
			return false
		}
		switch a.Kind {
		case queue.KindAnnouncementPlayed:
			announced = true
		case queue.KindOutcomeConfirmed:
			keyed = keyed || (d.Via == "in_talk" && d.Outcome == queue.OutcomeDelivered)
		case queue.KindCallEnded:
			hungUp = d.Result == queue.ResultAnswered && d.EndedBy == "taxpayer"
		case queue.KindReconciling:
			return false // its fate was unknown for a time
		}
	}
	return next == len(whole) && announced && keyed && hungUp
}

// complaints counts the lines in which the daemon says that events are missing.
func (o *talkOffice) complaints(tb testing.TB) float64 {
	tb.Helper()
	text, err := os.ReadFile(o.daemon.log)
	if err != nil {
		tb.Fatal(err)
	}
	n := 0
	for _, sign := range []string{"event stream was interrupted", "events were not taken in time"} {
		n += strings.Count(string(text), sign)
	}
	return float64(n)
}
