package capacity

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
)

// many is how many follow-ups a figure is the mean of.
const many = 100

// office is a ledger on a real Redis, and an agent at a switch.
type office struct {
	*testing.T
	*redisqueue.Queue
	raw   *redis.Client
	lease queue.Lease
	now   time.Time
	made  int
}

func open(t *testing.T) *office {
	addr := realservers.Redis(t).Addr
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{addr}, Site: "capacity"})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, Queue: q, raw: redis.NewClient(&redis.Options{Addr: addr}), now: time.Now()}
	t.Cleanup(func() { _, _ = q.Close(), o.raw.Close() })
	o.lease, err = q.Acquire(t.Context(), "asterisk-1", "sambung-a/ABCDEFGH", time.Hour)
	o.must(err)
	o.must(q.PutAgent(t.Context(), queue.Agent{ID: "agent-1", Endpoint: "PJSIP/agent-1", Switch: "asterisk-1"}))
	_, err = q.SetPresence(t.Context(), "agent-1", queue.PresenceReady, "", o.now)
	o.must(err)
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// enter enters a follow-up as an office does, with a message of some lines.
func (o *office) enter() {
	o.Helper()
	o.made++
	_, _, err := o.Enqueue(o.Context(), queue.Enqueue{
		Key: fmt.Sprintf("import-%012d", o.made), Fingerprint: strings.Repeat("0f", 32), Actor: queue.ActorUser("spv-1"),
		FollowUp: queue.FollowUp{
			ID: queue.ID(fmt.Sprintf("01JCAPACITY%015d", o.made)), Ticket: fmt.Sprintf("ESK-2026-%06d", o.made), Route: queue.RouteAnswer,
			Taxpayer:   queue.Taxpayer{Name: "Budi Santoso Wijaya", NPWP: "0912345678910000", Phone: fmt.Sprintf("+62812%08d", o.made)},
			Message:    strings.Repeat("Permohonan Saudara sudah disetujui. ", 8),
			ReceivedAt: o.now, EnteredAt: o.now, Deadline: o.now.Add(time.Hour), Calendar: "office 2026-11, final",
		},
	})
	o.must(err)
}

// attempt carries one follow-up through an attempt, write by write as the daemon does.
func (o *office) attempt(result queue.Result, outcome queue.Outcome, next queue.Next) (id queue.ID, n int) {
	o.Helper()
	s, err := o.Claim(o.Context(), queue.Claim{Agent: "agent-1", Lease: o.lease, Now: o.now})
	o.must(err)
	id, n = s.FollowUp.ID, s.Attempt
	channel := func(leg string) string { return fmt.Sprintf("%s-%d-%s", id, n, leg) }
	tracks := &queue.Tracks{Agent: channel("agent"), Taxpayer: channel("taxpayer"), AgentStartedAt: o.now, TaxpayerStartedAt: o.now}
	write := func(k queue.Kind, d queue.Details) { o.write(id, n, entry{k, d}) }
	write(queue.KindAgentRinging, queue.Details{Channel: channel("agent")})
	write(queue.KindAgentAnswered, queue.Details{})
	write(queue.KindRecordingStarted, queue.Details{Tracks: tracks})
	write(queue.KindTaxpayerDialing, queue.Details{Channel: channel("taxpayer")})
	if result == queue.ResultAnswered {
		write(queue.KindTaxpayerRinging, queue.Details{})
		write(queue.KindTaxpayerAnswered, queue.Details{})
		write(queue.KindAnnouncementPlayed, queue.Details{File: "sambung/id/recorded"})
		write(queue.KindIdentityConfirmed, queue.Details{})
	}
	o.now = o.now.Add(time.Minute)
	write(queue.KindCallEnded, queue.Details{Result: result, EndedBy: "taxpayer", TalkMS: 60_000, Cause: 16})
	if outcome != "" {
		write(queue.KindOutcomeConfirmed, queue.Details{Outcome: outcome, Via: "keypad"})
	}
	settled := queue.Details{Result: result, Outcome: outcome, Next: next, Counted: true}
	if next == queue.NextRetry {
		at := o.now
		settled.Pace, settled.RetryAt = queue.PaceSoon, &at
	}
	write(queue.KindAttemptSettled, settled)
	write(queue.KindRecordingArchived, queue.Details{
		File: fmt.Sprintf("recordings/2026/11/23/%s/%d.wav", id, n), SHA256: strings.Repeat("0f", 32), Bytes: 1_920_044, DurationMS: 60_000, ConversationMS: 59_000,
	})
	write(queue.KindRecordingRemoved, queue.Details{})
	return id, n
}

type entry struct {
	kind    queue.Kind
	details queue.Details
}

func (o *office) write(id queue.ID, n int, e entry) {
	o.Helper()
	e.details.Attempt = n
	_, err := o.Append(o.Context(), queue.Change{ID: id, Lease: &o.lease, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: o.now, Actor: queue.ActorSystem, Kind: e.kind, Details: e.details}}, nil
	}})
	o.must(err)
}

// ship writes that the history is in the archive, and seal that the dossier is.
func (o *office) ship(id queue.ID, n int) {
	o.write(id, n, entry{queue.KindHistoryShipped, queue.Details{File: fmt.Sprintf("history/2026/11/23/%s/%d.jsonl", id, n), SHA256: strings.Repeat("0f", 32), UpTo: 12}})
}

func (o *office) seal(id queue.ID) {
	o.write(id, 0, entry{queue.KindSealed, queue.Details{File: fmt.Sprintf("manifests/2026/11/23/%s.json", id), SHA256: strings.Repeat("0f", 32), UpTo: 20}})
}

// cost is what the ledger keeps, in bytes, beside what it forgets by itself: the bounded
// stream of events, and replies that are kept for an hour.
type cost struct{ memory, aof float64 }

func (o *office) cost() cost {
	o.Helper()
	ctx := o.Context()
	info, err := o.raw.Info(ctx, "memory", "persistence").Result()
	o.must(err)
	c := cost{memory: o.field(info, "used_memory"), aof: o.field(info, "aof_current_size")}
	passing := []string{"{sambung:capacity}:events"}
	replies, err := o.raw.Keys(ctx, "{sambung:capacity}:op:*").Result()
	o.must(err)
	for _, key := range append(passing, replies...) {
		n, err := o.raw.MemoryUsage(ctx, key, 0).Result()
		if err == redis.Nil {
			continue
		}
		o.must(err)
		c.memory -= float64(n)
	}
	return c
}

func (o *office) field(info, name string) float64 {
	o.Helper()
	found := regexp.MustCompile(`(?m)^` + name + `:(\d+)`).FindStringSubmatch(info)
	if found == nil {
		o.Fatalf("INFO has no %s", name)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	o.must(err)
	return n
}

// each is what each of many costs.
func (o *office) each(do func()) cost {
	o.Helper()
	before := o.cost()
	for range many {
		do()
	}
	after := o.cost()
	return cost{(after.memory - before.memory) / many, (after.aof - before.aof) / many}
}

// slack is how far a figure may be from what the guide says: versions of Redis and
// lengths of messages differ by as much.
const slack = 0.25

// TestTheGuidesFigures: what the operator's guide says that a follow-up costs.
func TestTheGuidesFigures(t *testing.T) {
	guide := figures(t)
	o := open(t)
	life := func(attempts int) {
		o.enter()
		for range attempts - 1 {
			id, n := o.attempt(queue.ResultBusy, "", queue.NextRetry)
			o.ship(id, n)
		}
		id, _ := o.attempt(queue.ResultAnswered, queue.OutcomeDelivered, queue.NextClose)
		o.seal(id)
	}
	life(2) // what is there once for all, such as the scripts, is there now
	measured := map[string]cost{
		"sealed after one attempt":  o.each(func() { life(1) }),
		"sealed after two attempts": o.each(func() { life(2) }),
		"waiting":                   o.each(o.enter),
	}
	for name, is := range measured {
		says, ok := guide[name]
		t.Logf("%s: memory %.1f KB, append-only file %.1f KB", name, is.memory/1e3, is.aof/1e3)
		if !ok || math.Abs(is.memory/says.memory-1) > slack || math.Abs(is.aof/says.aof-1) > slack {
			t.Errorf("%s: measured %+v, the guide says %+v", name, is, says)
		}
	}
	if len(guide) != len(measured) {
		t.Errorf("the guide has %d figures, want %d", len(guide), len(measured))
	}
}

// figures are those of the guide.
func figures(t *testing.T) map[string]cost {
	t.Helper()
	text, err := os.ReadFile("../../docs/operator.md")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]cost)
	for _, row := range regexp.MustCompile(`(?m)^\| ([a-z ]+) \| (\d+) KB \| (\d+) KB \|`).FindAllStringSubmatch(string(text), -1) {
		memory, _ := strconv.ParseFloat(row[2], 64)
		aof, _ := strconv.ParseFloat(row[3], 64)
		all[row[1]] = cost{memory * 1e3, aof * 1e3}
	}
	return all
}
