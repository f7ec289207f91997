package bench_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/daemon/archivist"
	"sambung/internal/bench"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/storage/s3"
	"sambung/storage/spool"
	"sambung/telephony/ari"
	"sambung/telephony/asterisk"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// measureEvidence compares the way of a recording from the hang-up into the
// bucket with the shortest way there is: both tracks fetched into memory, and
// one bare PutObject of as many bytes. Ours writes the hang-up down, wakes the
// archivist by it, spools, composes and syncs; what comes after the object can
// be read (reading it back, the ledger) is not in it.
func measureEvidence(tb testing.TB, s size) []bench.Figure {
	o := openArchiveOffice(tb)
	goal := o.measure(tb, s, s.recording)
	goal.Name, goal.Goal = "hang-up to bucket", bench.AtMost(1.2)
	brief := o.measure(tb, s, s.recording/18)
	brief.Name = "hang-up to bucket, brief"
	return []bench.Figure{goal, brief}
}

// archiveOffice is an archivist at work, and what it works with.
type archiveOffice struct {
	ledger   *ledger
	asterisk *realservers.AsteriskServer
	ari      *ari.Client
	tap      *tap
	bucket   *minio.Client
}

const bucketName = "sambung"

type owner struct{ lease queue.Lease }

func (o owner) Lease() (queue.Lease, error) { return o.lease, nil }

func openArchiveOffice(tb testing.TB) *archiveOffice {
	tb.Helper()
	server := realservers.MinIO(tb)
	o := &archiveOffice{
		ledger:   openLedger(tb, realservers.Redis(tb).Addr, 1),
		asterisk: realservers.Asterisk(tb, realservers.AsteriskOptions{}),
		tap:      openTap(tb, server.Endpoint, "/recordings/"),
	}
	address := ari.Config{URL: o.asterisk.ARIURL, Application: "bench", User: o.asterisk.User, Password: o.asterisk.Password}
	var err error
	if o.ari, err = ari.New(address); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(o.ari.Close)
	o.bucket, err = minio.New(o.tap.endpoint, &minio.Options{Creds: credentials.NewStaticV4(server.AccessKey, server.SecretKey, "")})
	if err != nil {
		tb.Fatal(err)
	}
	sw, err := asterisk.New(asterisk.Config{Trunk: "trunk", DialFormat: asterisk.DialE164Plus}, address,
		func(context.Context) error { return nil }, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	o.work(tb, server, sw)
	return o
}

// work sets the archivist to work until the test ends.
func (o *archiveOffice) work(tb testing.TB, server *realservers.MinIOServer, sw *asterisk.Switch) {
	tb.Helper()
	archive, err := s3.New(s3.Config{
		Endpoint: o.tap.endpoint, Bucket: bucketName, CreateBucket: true, AccessKey: server.AccessKey, SecretKey: server.SecretKey,
	})
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := archive.Check(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	sp, err := spool.Open(tb.TempDir(), 1<<30)
	if err != nil {
		tb.Fatal(err)
	}
	a := archivist.New(archivist.Config{Zone: workhours.AlwaysOpen().Zone(), Poll: 2 * time.Second, Parallel: 4, Patience: time.Minute},
		archivist.Deps{
			Queue: o.ledger, Archive: archive, Recordings: sw, Spool: sp, Owner: owner{o.ledger.lease},
			Now: time.Now, Log: slog.New(slog.DiscardHandler),
		})
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { a.Run(ctx) })
	tb.Cleanup(func() {
		stop()
		working.Wait()
		if err := sp.Close(); err != nil {
			tb.Error(err)
		}
		_ = archive.Close()
	})
}

// measure takes recordings of that length, in turns; a round's figure is the
// median of its recordings, in milliseconds.
func (o *archiveOffice) measure(tb testing.TB, s size, length time.Duration) bench.Figure {
	tb.Helper()
	f := bench.Figure{
		What: "from the hang-up until a recording of " + length.String() + " can be read, against fetching and a bare PutObject",
		Unit: "ms", Measure: bench.Ratio,
	}
	track := speech(tb, length)
	for range s.rounds {
		var ours, peer []float64
		for range s.recordings {
			ours = append(ours, o.archived(tb, track, length))
			peer = append(peer, o.bare(tb, track))
		}
		f.Ours, f.Peer = append(f.Ours, bench.Median(ours)), append(f.Peer, bench.Median(peer))
	}
	return f
}

// speech is a track as Asterisk writes it.
func speech(tb testing.TB, length time.Duration) []byte {
	tb.Helper()
	var file bytes.Buffer
	if err := wav.Write(&file, wav.Mono(tone.Record(tone.Sine(440, -12), length))); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// shelve puts both tracks where Asterisk keeps its recordings.
func (o *archiveOffice) shelve(tb testing.TB, track []byte, names ...string) {
	tb.Helper()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(o.asterisk.RecordingDir, name+".wav"), track, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

// archived is ours: from the hang-up to the object, in milliseconds.
func (o *archiveOffice) archived(tb testing.TB, track []byte, length time.Duration) float64 {
	tb.Helper()
	l := o.ledger
	if _, err := l.enqueue(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	s, err := l.claim(tb.Context(), 0)
	if err != nil {
		tb.Fatal(err)
	}
	id := s.FollowUp.ID
	tracks := &queue.Tracks{Agent: string(id) + "-1-agent", Taxpayer: string(id) + "-1-taxpayer"}
	o.shelve(tb, track, tracks.Agent, tracks.Taxpayer)
	answered := time.Now()
	tracks.AgentStartedAt, tracks.TaxpayerStartedAt = answered, answered
	o.write(tb, id, answered, note(queue.KindAgentRinging), note(queue.KindRecordingStarted, func(d *queue.Details) { d.Tracks = tracks }),
		note(queue.KindTaxpayerDialing), note(queue.KindTaxpayerAnswered))

	hungUp := time.Now()
	o.write(tb, id, answered.Add(length), note(queue.KindCallEnded, func(d *queue.Details) {
		d.Result, d.TalkMS = queue.ResultAnswered, length.Milliseconds()
	}))
	took := o.tap.wait(tb).Sub(hungUp)
	o.write(tb, id, answered.Add(length),
		note(queue.KindOutcomeConfirmed, func(d *queue.Details) { d.Outcome, d.Via = queue.OutcomeDelivered, "keypad" }),
		note(queue.KindAttemptSettled, func(d *queue.Details) { d.Next, d.Counted = queue.NextClose, true }))
	o.sealed(tb, id)
	return float64(took) / float64(time.Millisecond)
}

// note is an activity of the first attempt.
func note(k queue.Kind, with ...func(*queue.Details)) queue.Entry {
	e := queue.Entry{Actor: queue.ActorSystem, Kind: k, Details: queue.Details{Attempt: 1}}
	for _, f := range with {
		f(&e.Details)
	}
	return e
}

func (o *archiveOffice) write(tb testing.TB, id queue.ID, at time.Time, entries ...queue.Entry) {
	tb.Helper()
	for i := range entries {
		entries[i].At = at
	}
	_, err := o.ledger.Append(tb.Context(), queue.Change{ID: id, Lease: &o.ledger.lease, Decide: func(queue.State) ([]queue.Entry, error) {
		return entries, nil
	}})
	if err != nil {
		tb.Fatal(err)
	}
}

// sealed waits until the archivist has nothing to do any more.
func (o *archiveOffice) sealed(tb testing.TB, id queue.ID) {
	tb.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		s, err := o.ledger.State(tb.Context(), id)
		if err != nil {
			tb.Fatal(err)
		}
		if s.Dossier == queue.DossierSealed {
			if r := s.Recordings[0]; r.Status != queue.RecordingVerified {
				tb.Fatalf("the recording is %s: %s", r.Status, r.Alarm)
			}
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("not sealed: %s", s.Dossier)
		}
		time.Sleep(5 * time.Millisecond) // polling another process
	}
}

// bare is the peer: fetch both tracks, put one object, in milliseconds.
func (o *archiveOffice) bare(tb testing.TB, track []byte) float64 {
	tb.Helper()
	name := string(followUp(o.ledger.next.Add(1)).ID)
	o.shelve(tb, track, name+"-1-agent", name+"-1-taxpayer")
	began := time.Now()
	var both bytes.Buffer
	for _, side := range []string{"-1-agent", "-1-taxpayer"} {
		body, _, err := o.ari.OpenRecording(tb.Context(), name+side)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err = io.Copy(&both, body); err != nil {
			tb.Fatal(err)
		}
		_ = body.Close()
	}
	_, err := o.bucket.PutObject(tb.Context(), bucketName, "recordings/bare/"+name+".wav", &both, int64(both.Len()),
		minio.PutObjectOptions{ContentType: "audio/wav"})
	if err != nil {
		tb.Fatal(err)
	}
	took := o.tap.wait(tb).Sub(began)
	for _, side := range []string{"-1-agent", "-1-taxpayer"} {
		if err := o.ari.DeleteRecording(tb.Context(), name+side); err != nil {
			tb.Fatal(err)
		}
	}
	return float64(took) / float64(time.Millisecond)
}
