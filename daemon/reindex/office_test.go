package reindex_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/daemon/archivist"
	"sambung/daemon/reindex"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/storage/spool"
	"sambung/storage/storagetest"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// office is a ledger whose evidence is shipped by an archivist.
type office struct {
	*testing.T
	q       *redisqueue.Queue
	lease   queue.Lease
	memory  *storagetest.Memory
	archive *storagetest.Faulty
	now     time.Time
	entered int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	o.memory = storagetest.NewMemory(func() time.Time { return o.now })
	o.archive = storagetest.NewFaulty(o.memory)
	o.newLedger()
	return o
}

// newLedger gives the office an empty ledger in place of the one it had.
func (o *office) newLedger() (old *redisqueue.Queue) {
	o.Helper()
	old = o.q
	var err error
	o.q, err = redisqueue.Open(o.Context(), redisqueue.Options{Addrs: []string{miniredis.RunT(o).Addr()}, Site: "t"})
	o.must(err)
	q := o.q
	o.Cleanup(func() { _ = q.Close() })
	return old
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// open brings an agent and the switch's lease.
func (o *office) open() {
	o.Helper()
	var err error
	o.lease, err = o.q.Acquire(o.Context(), "pbx1", "test", time.Hour)
	o.must(err)
	o.must(o.q.PutAgent(o.Context(), queue.Agent{ID: "a1", Endpoint: "PJSIP/a1", Switch: "pbx1", Since: o.now}))
	_, err = o.q.SetPresence(o.Context(), "a1", queue.PresenceReady, "", o.now)
	o.must(err)
}

// stopped gives the lease up.
func (o *office) stopped() { o.must(o.q.Surrender(o.Context(), o.lease)) }

func (o *office) enter() queue.ID {
	o.Helper()
	o.entered++
	id := queue.ID(fmt.Sprintf("01JREINDEX00000000000000%02d", o.entered))
	f := queue.FollowUp{
		ID: id, Ticket: fmt.Sprintf("T-%d", o.entered), Route: queue.RouteAnswer, Agent: "a1",
		Taxpayer: queue.Taxpayer{Name: "Rekaan", Phone: fmt.Sprintf("+62811%07d", o.entered)}, Message: "pesan",
		ReceivedAt: o.now, EnteredAt: o.now, Deadline: o.now.Add(time.Hour), Calendar: "test",
	}
	_, _, err := o.q.Enqueue(o.Context(), queue.Enqueue{FollowUp: f, Actor: queue.ActorUser("test")})
	o.must(err)
	return id
}

func (o *office) state(id queue.ID) queue.State {
	o.Helper()
	s, err := o.q.State(o.Context(), id)
	o.must(err)
	return s
}

func (o *office) append(id queue.ID, k queue.Kind, d queue.Details) {
	o.Helper()
	o.now = o.now.Add(time.Second)
	d.Attempt = o.state(id).Attempt
	_, err := o.q.Append(o.Context(), queue.Change{ID: id, Lease: &o.lease, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: o.now, Actor: queue.ActorSystem, Kind: k, Details: d}}, nil
	}})
	o.must(err)
}

// begin claims a follow-up, which must be the only one to claim, and dials.
func (o *office) begin(id queue.ID) {
	o.Helper()
	o.now = o.now.Add(20 * time.Minute) // past any retry
	s, err := o.q.Claim(o.Context(), queue.Claim{Agent: "a1", Lease: o.lease, Now: o.now})
	o.must(err)
	if s.FollowUp.ID != id {
		o.Fatalf("claimed %s, want %s", s.FollowUp.ID, id)
	}
	call := fmt.Sprintf("%s-%d", id, s.Attempt)
	o.append(id, queue.KindAgentRinging, queue.Details{})
	o.append(id, queue.KindRecordingStarted, queue.Details{Tracks: &queue.Tracks{
		Agent: call + "-agent", Taxpayer: call + "-taxpayer", AgentStartedAt: o.now, TaxpayerStartedAt: o.now,
	}})
	o.append(id, queue.KindTaxpayerDialing, queue.Details{})
}

// busy is an attempt at a busy line, to be tried again.
func (o *office) busy(id queue.ID) {
	o.Helper()
	o.begin(id)
	o.append(id, queue.KindCallEnded, queue.Details{Result: queue.ResultBusy})
	retry := o.now.Add(10 * time.Minute)
	o.append(id, queue.KindAttemptSettled, queue.Details{Next: queue.NextRetry, Counted: true, RetryAt: &retry})
}

// delivered is an attempt at which the taxpayer was told.
func (o *office) delivered(id queue.ID) {
	o.Helper()
	o.begin(id)
	o.append(id, queue.KindTaxpayerAnswered, queue.Details{})
	o.append(id, queue.KindCallEnded, queue.Details{Result: queue.ResultAnswered, TalkMS: 1000})
	o.append(id, queue.KindOutcomeConfirmed, queue.Details{Outcome: queue.OutcomeDelivered, Via: "keypad"})
	o.append(id, queue.KindAttemptSettled, queue.Details{Next: queue.NextClose, Counted: true})
}

// tapes is a switch that recorded every track.
type tapes struct{ sound []byte }

func (t tapes) Fetch(_ context.Context, _ string, w io.Writer) (int64, error) {
	n, err := w.Write(t.sound)
	return int64(n), err
}

func (tapes) Remove(context.Context, string) error       { return nil }
func (tapes) Recorded(context.Context) ([]string, error) { return nil, nil }

type owner struct{ lease queue.Lease }

func (o owner) Lease() (queue.Lease, error) { return o.lease, nil }

// ship lets an archivist work until nothing is due any more.
func (o *office) ship() {
	o.Helper()
	var sound bytes.Buffer
	o.must(wav.Write(&sound, wav.Mono(tone.Record(tone.Sine(440, -12), 4*time.Second))))
	sp, err := spool.Open(o.TempDir(), 1<<30)
	o.must(err)
	a := archivist.New(archivist.Config{Zone: workhours.AlwaysOpen().Zone(), Poll: 10 * time.Millisecond, Parallel: 2}, archivist.Deps{
		Queue: o.q, Archive: o.archive, Recordings: tapes{sound.Bytes()}, Spool: sp, Owner: owner{o.lease},
		Now: func() time.Time { return o.now }, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithTimeout(o.Context(), 30*time.Second)
	defer cancel()
	var working sync.WaitGroup
	working.Go(func() { a.Run(ctx) })
	err = a.Finish(ctx)
	cancel()
	working.Wait()
	o.must(errors.Join(err, sp.Close()))
}

// job is a run over what the office has now.
func (o *office) job(tell func(reindex.Finding)) *reindex.Job {
	return &reindex.Job{Ledger: o.q, Archive: o.archive, Switches: []string{"pbx1"}, Now: func() time.Time { return o.now }, Tell: tell}
}

// reindex runs, and returns what was found by follow-up.
func (o *office) reindex() (map[queue.ID]reindex.Finding, reindex.Summary) {
	o.Helper()
	found := make(map[queue.ID]reindex.Finding)
	sum, err := o.job(func(f reindex.Finding) { found[f.FollowUp] = f }).Run(o.Context())
	o.must(err)
	return found, sum
}
