package archivist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/daemon/archivist"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/spool"
	"sambung/storage/storagetest"
	"sambung/telephony"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// shelf is a switch's recordings. It says when one leaves it.
type shelf struct {
	mu      sync.Mutex
	files   map[string][]byte // mu
	removed []string          // mu
	watch   func(name string) // before one is removed
}

func (s *shelf) Fetch(_ context.Context, name string, w io.Writer) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.files[name]
	if !ok {
		return 0, fmt.Errorf("%w: %s", telephony.ErrNoRecording, name)
	}
	n, err := w.Write(file)
	return int64(n), err
}

func (s *shelf) Remove(_ context.Context, name string) error {
	if s.watch != nil {
		s.watch(name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removed = append(s.removed, name)
	delete(s.files, name)
	return nil
}

func (s *shelf) Recorded(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.files)), nil
}

type owner struct{ lease queue.Lease }

func (o owner) Lease() (queue.Lease, error) { return o.lease, nil }

// desk is an archivist with everything around it.
type desk struct {
	t       *testing.T
	q       *redisqueue.Queue
	lease   queue.Lease
	archive *storagetest.Faulty
	shelf   *shelf
	now     time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), shelf: &shelf{files: make(map[string][]byte)}}
	d.newLedger()
	d.archive = storagetest.NewFaulty(storagetest.NewMemory(func() time.Time { return d.now }))
	return d
}

// newLedger gives the desk an empty ledger.
func (d *desk) newLedger() {
	d.t.Helper()
	q, err := redisqueue.Open(d.t.Context(), redisqueue.Options{
		Addrs: []string{miniredis.RunT(d.t).Addr()}, Site: "t", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = q.Close() })
	if d.lease, err = q.Acquire(d.t.Context(), "pbx1", "test", time.Hour); err != nil {
		d.t.Fatal(err)
	}
	d.q = q
}

// run lets an archivist work until nothing is due at its switch.
func (d *desk) run(id queue.ID) queue.State {
	d.t.Helper()
	return d.work(id, d.shelf, func(ctx context.Context, a *archivist.Archivist) error { return a.Finish(ctx) })
}

// runUntil lets an archivist work over other recordings until the state is what is wanted.
func (d *desk) runUntil(id queue.ID, r telephony.Recordings, enough func(queue.State) bool) queue.State {
	d.t.Helper()
	return d.work(id, r, func(ctx context.Context, _ *archivist.Archivist) error {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			if s, err := d.q.State(ctx, id); err != nil || enough(s) {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
	})
}

// work lets an archivist work until wait returns.
func (d *desk) work(id queue.ID, r telephony.Recordings, wait func(context.Context, *archivist.Archivist) error) queue.State {
	d.t.Helper()
	sp, err := spool.Open(d.t.TempDir(), 1<<30)
	if err != nil {
		d.t.Fatal(err)
	}
	a := archivist.New(archivist.Config{Zone: workhours.AlwaysOpen().Zone(), Poll: 10 * time.Millisecond, Parallel: 2},
		archivist.Deps{
			Queue: d.q, Archive: d.archive, Recordings: r, Spool: sp, Owner: owner{d.lease},
			Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler),
		})
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	var working sync.WaitGroup
	working.Go(func() { a.Run(ctx) })
	err = wait(ctx, a)
	cancel()
	working.Wait()
	if err := errors.Join(err, sp.Close()); err != nil {
		d.t.Fatalf("the evidence is not complete: %v", err)
	}
	s, err := d.q.State(context.WithoutCancel(ctx), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// talked writes a follow-up whose one call was answered and talked for d.
func (d *desk) talked(id queue.ID, talk time.Duration) {
	d.t.Helper()
	f := queue.FollowUp{ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"},
		ReceivedAt: d.now, EnteredAt: d.now, Deadline: d.now.Add(time.Hour)}
	ctx := d.t.Context()
	must := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	_, _, err := d.q.Enqueue(ctx, queue.Enqueue{FollowUp: f})
	must(err)
	must(d.q.PutAgent(ctx, queue.Agent{ID: "a1", Endpoint: "PJSIP/a1", Switch: "pbx1"}))
	_, err = d.q.SetPresence(ctx, "a1", queue.PresenceReady, "", d.now)
	must(err)
	_, err = d.q.Claim(ctx, queue.Claim{Agent: "a1", Lease: d.lease, Now: d.now})
	must(err)
	tracks := &queue.Tracks{Agent: "left", Taxpayer: "right", AgentStartedAt: d.now, TaxpayerStartedAt: d.now}
	for _, step := range []struct {
		k queue.Kind
		d queue.Details
	}{
		{queue.KindAgentRinging, queue.Details{}},
		{queue.KindRecordingStarted, queue.Details{Tracks: tracks}},
		{queue.KindTaxpayerDialing, queue.Details{}},
		{queue.KindTaxpayerAnswered, queue.Details{}},
		{queue.KindCallEnded, queue.Details{Result: queue.ResultAnswered, TalkMS: talk.Milliseconds()}},
		{queue.KindOutcomeConfirmed, queue.Details{Outcome: queue.OutcomeDelivered, Via: "keypad"}},
		{queue.KindAttemptSettled, queue.Details{Next: queue.NextClose, Counted: true}},
	} {
		if step.k == queue.KindCallEnded {
			d.now = d.now.Add(talk)
		}
		step.d.Attempt = 1
		_, err := d.q.Append(ctx, queue.Change{ID: id, Lease: &d.lease, Decide: func(queue.State) ([]queue.Entry, error) {
			return []queue.Entry{{At: d.now, Actor: queue.ActorSystem, Kind: step.k, Details: step.d}}, nil
		}})
		must(err)
	}
}

// sound is a track of so long a tone; level 0 is silence.
func sound(t *testing.T, hz float64, d time.Duration) []byte {
	t.Helper()
	source := tone.Silence()
	if hz > 0 {
		source = tone.Sine(hz, -12)
	}
	var file bytes.Buffer
	if err := wav.Write(&file, wav.Mono(tone.Record(source, d))); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

const id queue.ID = "01JARCHIVE0000000000000001"

func TestEvidenceIsSealed(t *testing.T) {
	d := newDesk(t)
	d.shelf.files["left"], d.shelf.files["right"] = sound(t, 440, 5*time.Second), sound(t, 880, 5*time.Second)
	d.talked(id, 4*time.Second)
	d.shelf.watch = func(name string) {
		s, err := d.q.State(context.WithoutCancel(t.Context()), id)
		if err != nil || s.Recordings[0].Status != queue.RecordingVerified {
			t.Errorf("%s is removed at the switch while its recording is %s (%v)", name, s.Recordings[0].Status, err)
		}
	}
	s := d.run(id)
	if s.Dossier != queue.DossierSealed || !s.MetDeadline() || s.Recordings[0].Status != queue.RecordingVerified || !s.Recordings[0].Removed {
		t.Errorf("dossier %s, met %v, recording %+v", s.Dossier, s.MetDeadline(), s.Recordings[0])
	}
	d.verify(s, nil)
}

// verify reads the dossier from the archive alone.
func (d *desk) verify(s queue.State, want error) {
	d.t.Helper()
	key, err := storage.ManifestKey(s.FollowUp.EnteredAt.In(workhours.AlwaysOpen().Zone()), string(s.FollowUp.ID))
	if err != nil {
		d.t.Fatal(err)
	}
	body, _, err := d.archive.Get(d.t.Context(), key)
	if err != nil {
		d.t.Fatal(err)
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		d.t.Fatal(err)
	}
	m, err := dossier.Decode(text)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := dossier.Verify(d.t.Context(), d.archive, m, queue.VerifyLine); !errors.Is(err, want) {
		d.t.Errorf("verifying the dossier: %v, want %v", err, want)
	}
}

// TestAlarms: a recording that does not hold what it should is archived as what
// it is, with an alarm, and stays at the switch.
func TestAlarms(t *testing.T) {
	for _, c := range []struct {
		name        string
		left, right []byte
	}{
		{"a silent track", sound(t, 440, 5*time.Second), sound(t, 0, 5*time.Second)},
		{"too short", sound(t, 440, time.Second), sound(t, 880, time.Second)},
		{"not at the switch", nil, nil},
		{"no WAV", []byte("nothing"), []byte("nothing")},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			if c.left != nil {
				d.shelf.files["left"], d.shelf.files["right"] = c.left, c.right
			}
			d.talked(id, 4*time.Second)
			s := d.run(id)
			if r := s.Recordings[0]; r.Status != queue.RecordingAlarmed || r.Alarm == "" {
				t.Errorf("recording %+v", r)
			}
			if s.Dossier != queue.DossierSealed || s.MetDeadline() || len(d.shelf.removed) > 0 {
				t.Errorf("dossier %s, met %v, removed %v", s.Dossier, s.MetDeadline(), d.shelf.removed)
			}
		})
	}
}

// TestArchivedBefore: the ledger was set back to before the recording was
// archived and removed at the switch. What the archive has is judged anew.
func TestArchivedBefore(t *testing.T) {
	d := newDesk(t)
	d.shelf.files["left"], d.shelf.files["right"] = sound(t, 440, 5*time.Second), sound(t, 880, 5*time.Second)
	d.talked(id, 4*time.Second)
	history, err := d.q.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	was := d.run(id)
	if len(d.shelf.files) != 0 {
		t.Fatalf("%d recordings are left at the switch", len(d.shelf.files))
	}
	d.newLedger()
	if _, _, err := d.q.Import(t.Context(), history); err != nil {
		t.Fatal(err)
	}
	s := d.run(id)
	if len(s.Recordings) != 1 || s.Recordings[0] != was.Recordings[0] || s.Dossier != queue.DossierSealed || s.Manifest != was.Manifest {
		t.Errorf("dossier %s, manifest %s, recordings %+v; it was %+v", s.Dossier, s.Manifest, s.Recordings, was.Recordings)
	}
}

// TestAnotherIsArchived: the archive has something else under the recording's key,
// which cannot be written twice. People are told, and both stay.
func TestAnotherIsArchived(t *testing.T) {
	for name, other := range map[string][]byte{"a recording": sound(t, 660, 5*time.Second), "no recording": []byte("nothing")} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.shelf.files["left"], d.shelf.files["right"] = sound(t, 440, 5*time.Second), sound(t, 880, 5*time.Second)
			key, err := storage.RecordingKey(d.now.In(workhours.AlwaysOpen().Zone()), string(id), 1)
			if err != nil {
				t.Fatal(err)
			}
			o := storage.Object{Key: key, Size: int64(len(other)), SHA256: storagetest.Hash(other), ContentType: "audio/wav"}
			if _, err := d.archive.Put(t.Context(), o, bytes.NewReader(other)); err != nil {
				t.Fatal(err)
			}
			d.talked(id, 4*time.Second)
			s := d.run(id)
			if r := s.Recordings[0]; r.Status != queue.RecordingAlarmed || r.Alarm == "" || len(d.shelf.removed) > 0 {
				t.Errorf("recording %+v; removed %v", r, d.shelf.removed)
			}
			d.verify(s, nil)
		})
	}
}

// TestArchiveFaults: whatever fails on the way to the archive is tried again,
// and nothing leaves the switch before.
func TestArchiveFaults(t *testing.T) {
	for _, f := range []storagetest.Fault{
		{Op: storagetest.OpPut, Nth: 1, Before: errors.New("down")},
		{Op: storagetest.OpPut, Nth: 1, After: errors.New("reply lost")},
		{Op: storagetest.OpPut, Nth: 2, After: errors.New("reply lost")},
		{Op: storagetest.OpPut, Nth: 3, After: errors.New("reply lost")},
		{Op: storagetest.OpPut, Nth: 4, Before: errors.New("down")},
	} {
		d := newDesk(t)
		d.shelf.files["left"], d.shelf.files["right"] = sound(t, 440, 5*time.Second), sound(t, 880, 5*time.Second)
		d.talked(id, 4*time.Second)
		d.archive.Arm(f)
		s := d.run(id)
		if s.Dossier != queue.DossierSealed || !slices.Equal(d.shelf.removed, []string{"left", "right"}) {
			t.Errorf("%+v: dossier %s, removed %v", f, s.Dossier, d.shelf.removed)
		}
		d.verify(s, nil)
	}
}
