package manual_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/daemon/manual"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/storage"
	"sambung/storage/spool"
	"sambung/storage/storagetest"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

const id = "01JD0000000000000000000001"

var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// desk is a filer with everything around it, and one follow-up.
type desk struct {
	*manual.Filer
	t       *testing.T
	archive *storagetest.Faulty
	spool   *spool.Spool
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	q, err := redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{miniredis.RunT(t).Addr()}, Site: "t", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	disk, err := spool.Open(t.TempDir(), 4<<20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	d := &desk{t: t, archive: storagetest.NewFaulty(storagetest.NewMemory(time.Now)), spool: disk}
	d.Filer = &manual.Filer{
		Queue: q, Archive: d.archive, Spool: disk, Policy: queue.DefaultPolicy(), Calendar: workhours.AlwaysOpen(),
		Zone: time.FixedZone("WIB", 7*3600), Now: func() time.Time { return now },
	}
	_, _, err = q.Enqueue(t.Context(), queue.Enqueue{Actor: "user:t", FollowUp: queue.FollowUp{
		ID: id, Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Name: "Contoh", Phone: "+628110000001"}, Manual: true,
		ReceivedAt: now.Add(-time.Hour), EnteredAt: now, Deadline: now, Calendar: "always",
	}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// talk is a recording of so long.
func talk(t *testing.T, sound tone.Source, long time.Duration) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := wav.Write(&b, wav.Mono(tone.Record(sound, long))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func voice() tone.Source { return tone.Sine(440, -10) }

// conversation is one of ten minutes ago.
func conversation() manual.Conversation {
	return manual.Conversation{Agent: "agent-1", AnsweredAt: now.Add(-10 * time.Minute), Outcome: queue.OutcomeDelivered, Reason: "power failure"}
}

func (d *desk) file(c manual.Conversation, audio []byte) (queue.State, error) {
	d.t.Helper()
	var body io.Reader
	if audio != nil {
		body = bytes.NewReader(audio)
	}
	s, err := d.File(d.t.Context(), id, "user:co-supervisor", c, body)
	if files, listed := d.spool.List(); listed != nil || len(files) != 0 || d.spool.Depth().Bytes != 0 {
		d.t.Errorf("left in the spool: %v, %v", files, listed)
	}
	return s, err
}

// dying is an archive that looks, while it is given something, at what the spool
// would have if the process died now.
type dying struct {
	storage.Archive
	look func()
}

func (d dying) Put(ctx context.Context, o storage.Object, body io.ReadSeeker) (storage.Object, error) {
	d.look()
	return d.Archive.Put(ctx, o, body)
}

// TestNothingOutlivesTheProcess: no name leads to what was handed in, so nobody
// would ever take it out of the spool again.
func TestNothingOutlivesTheProcess(t *testing.T) {
	d := newDesk(t)
	looked := false
	d.Archive = dying{d.archive, func() {
		looked = true
		if files, err := d.spool.List(); err != nil || len(files) != 0 {
			t.Errorf("a crash would leave %v in the spool (%v)", files, err)
		}
	}}
	if _, err := d.file(conversation(), talk(t, voice(), 5*time.Second)); err != nil || !looked {
		t.Errorf("filed: %v, looked %v", err, looked)
	}
}

func TestFile(t *testing.T) {
	d := newDesk(t)
	audio := talk(t, voice(), 5*time.Second)
	s, err := d.file(conversation(), audio)
	if err != nil || s.Status != queue.StatusClosed {
		t.Fatalf("%+v, %v", s, err)
	}
	r := s.Recordings[0]
	if r.SHA256 != storagetest.Hash(audio) || r.DurationMS != 5000 || !r.EndedAt.Equal(r.AnsweredAt.Add(5*time.Second)) {
		t.Errorf("%+v", r)
	}
	body, o, err := d.archive.Get(t.Context(), r.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, audio) || o.SHA256 != r.SHA256 {
		t.Errorf("archived: %d bytes, %v", len(got), err)
	}
	if strings.Contains(r.Key, "T-1") || !strings.HasPrefix(r.Key, "recordings/2026/11/23/"+id+"/manual-") {
		t.Errorf("key %s", r.Key)
	}
	if _, err := d.file(conversation(), audio); !errors.Is(err, queue.ErrRefused) {
		t.Errorf("documented twice: %v", err)
	}
}

// TestAgain: what failed half-way is filed again without a trace of the first time.
func TestAgain(t *testing.T) {
	d := newDesk(t)
	audio := talk(t, voice(), 5*time.Second)
	failing, cancel := context.WithCancel(t.Context())
	d.Now = func() time.Time { return now }
	ledger := d.Queue
	d.Queue = cutOff{ledger, cancel}
	if _, err := d.File(failing, id, "user:x", conversation(), bytes.NewReader(audio)); err == nil {
		t.Fatal("filed although the ledger was cut off")
	}
	d.Queue = ledger
	if s, err := d.file(conversation(), audio); err != nil || len(s.Recordings) != 1 || s.Attempt != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

// cutOff is a ledger that is not reached any more when it is to be written.
type cutOff struct {
	queue.Ledger
	cancel func()
}

func (c cutOff) Append(ctx context.Context, change queue.Change) (queue.State, error) {
	c.cancel()
	return c.Ledger.Append(ctx, change)
}

func TestRefused(t *testing.T) {
	sound := talk(t, voice(), 5*time.Second)
	for name, c := range map[string]struct {
		audio  []byte
		change func(*manual.Conversation)
		want   string
	}{
		"no recording":        {nil, nil, "is missing"},
		"no WAV":              {[]byte("ID3 something else entirely"), nil, "is not understood"},
		"silent":              {talk(t, tone.Silence(), 5*time.Second), nil, "silent throughout"},
		"too short":           {sound, func(c *manual.Conversation) { c.EndedAt = c.AnsweredAt.Add(5 * time.Minute) }, "holds 5s of a talk of 5m0s"},
		"alarm without cause": {sound, func(c *manual.Conversation) { c.Alarm = "broken" }, "is sound"},
		"ends in the future":  {sound, func(c *manual.Conversation) { c.AnsweredAt = now.Add(-2 * time.Second) }, "in the future"},
	} {
		d := newDesk(t)
		stated := conversation()
		if c.change != nil {
			c.change(&stated)
		}
		var refused *manual.RecordingError
		_, err := d.file(stated, c.audio)
		if !errors.As(err, &refused) || !strings.Contains(refused.Problem, c.want) || refused.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
		if s, err := d.Queue.State(t.Context(), id); err != nil || s.Version != 1 {
			t.Errorf("%s: the ledger has %d activities, %v", name, s.Version, err)
		}
	}
}

// TestFaultyRecording is archived as what it is, with the alarm that says so.
func TestFaultyRecording(t *testing.T) {
	d := newDesk(t)
	c := conversation()
	c.EndedAt, c.Alarm = c.AnsweredAt.Add(5*time.Minute), "the recorder's battery was empty"
	s, err := d.file(c, talk(t, voice(), 5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	r := s.Recordings[0]
	if r.Status != queue.RecordingAlarmed || r.Key == "" || r.Alarm != "the recorder's battery was empty (the recording holds 5s of a talk of 5m0s)" {
		t.Errorf("%+v", r)
	}
}

func TestFullSpool(t *testing.T) {
	d := newDesk(t)
	if _, err := d.file(conversation(), talk(t, voice(), 5*time.Minute)); !errors.Is(err, spool.ErrFull) {
		t.Errorf("%v", err)
	}
}

func TestArchiveAway(t *testing.T) {
	d := newDesk(t)
	away := errors.New("away")
	d.archive.Arm(storagetest.Fault{Op: storagetest.OpPut, Before: away})
	if _, err := d.file(conversation(), talk(t, voice(), 5*time.Second)); !errors.Is(err, away) {
		t.Errorf("%v", err)
	}
	if s, err := d.Queue.State(t.Context(), id); err != nil || s.Version != 1 {
		t.Errorf("the ledger has %d activities, %v", s.Version, err)
	}
}
