package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sambung/daemon/evidence"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

var day = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const days = 2

// office is an archive with three sealed dossiers on each of two days.
type office struct {
	*testing.T
	*storagetest.Memory
	keys []string // of the manifests
}

func newOffice(t *testing.T) *office {
	o := &office{T: t, Memory: storagetest.NewMemory(func() time.Time { return day })}
	for d := range days {
		for n := range 3 {
			o.seal(day.AddDate(0, 0, d), fmt.Sprintf("01JD00000000000000000000%d%d", d, n), "closed")
		}
	}
	return o
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func put(t *testing.T, a storage.Archive, key string, content []byte) {
	t.Helper()
	object := storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}
	if _, err := a.Put(t.Context(), object, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

// seal archives the dossier of a follow-up, and returns its manifest.
func (o *office) seal(at time.Time, id, status string) dossier.Manifest {
	o.Helper()
	key, m := seal(o.T, o.Memory, at, id, status)
	o.keys = append(o.keys, key)
	return m
}

// seal archives the dossier of a follow-up with two attempts: two recordings,
// two parts of its history. It returns its manifest, and where that lies.
func seal(t *testing.T, a storage.Archive, at time.Time, id, status string) (string, dossier.Manifest) {
	t.Helper()
	key, m := manifestOf(t, a, at, id, status)
	text, sum, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, a, key, text)
	if err := dossier.PutPointers(t.Context(), a, at, "agent-2", m, key, sum); err != nil {
		t.Fatal(err)
	}
	return key, m
}

// manifestOf archives what a manifest names, and makes it.
func manifestOf(t *testing.T, a storage.Archive, at time.Time, id, status string) (string, dossier.Manifest) {
	t.Helper()
	m := dossier.Manifest{
		Version: dossier.Version, FollowUp: id, Ticket: "T-" + id[24:], Route: "answer", Status: status,
		ReceivedAt: at, Deadline: at.Add(time.Hour), Calendar: "test", SealedAt: at.Add(time.Minute),
	}
	for attempt := 1; attempt <= 2; attempt++ {
		var lines [][]byte
		from, head := m.Activities, m.Head
		for _, e := range []queue.Entry{
			{Kind: queue.KindAssigned, Details: queue.Details{Attempt: attempt, Agent: queue.AgentID(fmt.Sprintf("agent-%d", attempt))}},
			{Kind: queue.KindDeadlineWarning}, {Kind: queue.KindDeadlineMissed},
		} {
			e.At, e.Actor = at, queue.ActorSystem
			activity := must(queue.Chain(queue.ID(id), m.Activities, m.Head, e))
			lines = append(lines, must(json.Marshal(activity)))
			m.Activities, m.Head = activity.Seq, activity.Hash
		}
		m.Histories = append(m.Histories, must(dossier.Ship(t.Context(), a, must(storage.HistoryKey(at, id, m.Activities)), from, head, lines, queue.VerifyLine)))
		sound := fmt.Appendf(nil, "sound of attempt %d of %s", attempt, id)
		recording := must(storage.RecordingKey(at, id, attempt))
		put(t, a, recording, sound)
		m.Recordings = append(m.Recordings, dossier.Recording{
			Attempt: attempt, Status: dossier.Verified, Key: recording, SHA256: storagetest.Hash(sound), Bytes: int64(len(sound)), DurationMS: 1000,
		})
	}
	return must(storage.ManifestKey(at, id)), m
}

// verify returns the verdicts by manifest.
func (o *office) verify(s evidence.Selection, c evidence.Checkpoint) map[string]evidence.Verdict {
	o.Helper()
	all := make(map[string]evidence.Verdict)
	err := evidence.Verify(o.Context(), o.Memory, s, c, func(done, total int, v evidence.Verdict) {
		if done != len(all)+1 || total < done {
			o.Errorf("%d of %d", done, total)
		}
		all[v.Manifest] = v
	})
	if err != nil && !errors.Is(err, evidence.ErrNothing) {
		o.Fatal(err)
	}
	return all
}

// broken checks that one dossier is broken, at an object, and the others are not.
func (o *office) broken(c evidence.Checkpoint, manifest, object string) {
	o.Helper()
	for key, v := range o.verify(evidence.Selection{}, c) {
		switch {
		case key != manifest && v.Err != nil:
			o.Errorf("%s: %v", key, v.Err)
		case key == manifest && (!errors.Is(v.Err, dossier.ErrBroken) || !strings.Contains(v.Err.Error(), object)):
			o.Errorf("%s: %v, want it to name %s", key, v.Err, object)
		}
	}
}

func TestVerifySelections(t *testing.T) {
	o := newOffice(t)
	id := "01JD0000000000000000000010"
	for name, c := range map[string]struct {
		evidence.Selection
		want int
	}{
		"all":         {want: 6},
		"a day":       {evidence.Selection{Day: day}, 3},
		"another day": {evidence.Selection{Day: day.AddDate(0, 0, 5)}, 0},
		"one":         {evidence.Selection{FollowUp: id}, 1},
		"part of one": {evidence.Selection{FollowUp: id[1:]}, 0},
	} {
		got := o.verify(c.Selection, nil)
		if len(got) != c.want {
			t.Errorf("%s: %d dossiers, want %d", name, len(got), c.want)
		}
		for key, v := range got {
			if v.Err != nil || v.Objects != 4 {
				t.Errorf("%s: %s: %+v", name, key, v)
			}
		}
	}
}

// TestEveryObject: one byte flipped, or the object gone, anywhere in a dossier.
func TestEveryObject(t *testing.T) {
	read := func(o *office, key string) []byte {
		body, _, err := o.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		return must(io.ReadAll(body))
	}
	for _, prefix := range []string{"recordings/", "history/", "manifests/", "pointers/days/"} {
		t.Run(prefix, func(t *testing.T) {
			o := newOffice(t)
			manifest := o.keys[1]
			id := strings.TrimSuffix(manifest[strings.LastIndex(manifest, "/")+1:], ".json")
			key := ""
			for object, err := range o.List(t.Context(), prefix) {
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(object.Key, id) {
					key = object.Key
				}
			}
			content := read(o, key)
			for at := 0; at < len(content); at += 1 + len(content)/40 {
				o.Rot(key, at)
				o.broken(nil, manifest, key)
				o.Rot(key, at) // a flipped bit flips back
			}
			o.Replace(key, content[:len(content)-1])
			o.broken(nil, manifest, key)
			o.Lose(key)
			o.broken(nil, manifest, key)
		})
	}
}

// TestCheckpoint: a whole dossier replaced or removed is found by what was
// written down elsewhere, and by nothing else.
func TestCheckpoint(t *testing.T) {
	o := newOffice(t)
	known := make(evidence.Checkpoint)
	for key, v := range o.verify(evidence.Selection{}, nil) {
		known[key] = v.SHA256
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	if err := known.Save(path); err != nil {
		t.Fatal(err)
	}
	known, err := evidence.LoadCheckpoint(path)
	if err != nil || len(known) != 6 {
		t.Fatalf("%v, %v", known, err)
	}
	manifest := o.keys[2]
	loseAll := func() {
		id := strings.TrimSuffix(manifest[strings.LastIndex(manifest, "/")+1:], ".json")
		for object, err := range o.List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(object.Key, id) {
				o.Lose(object.Key)
			}
		}
	}
	loseAll()
	if got := o.verify(evidence.Selection{}, nil); len(got) != 5 {
		t.Errorf("%d dossiers are left, want 5", len(got))
	}
	o.broken(known, manifest, strings.TrimPrefix(manifest, "manifests/"))
	o.seal(day, "01JD0000000000000000000002", "cancelled")
	o.broken(nil, "", "")
	o.broken(known, manifest, manifest)
	if got := o.verify(evidence.Selection{Day: day.AddDate(0, 0, 1)}, known); len(got) != 3 {
		t.Errorf("a checkpoint brought %d dossiers to a day that has 3", len(got))
	}
}

func TestCheckpointRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	hash := strings.Repeat("ab", 32)
	for _, text := range []string{
		"nonsense\n", hash + " manifests/x\n", strings.ToUpper(hash) + "  manifests/x\n", hash + "  recordings/x\n",
		hash + "  manifests/x\n" + strings.Repeat("cd", 32) + "  manifests/x\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := evidence.LoadCheckpoint(path); err == nil {
			t.Errorf("%q was read as %v", text, c)
		}
	}
	if c, err := evidence.LoadCheckpoint(path + ".none"); err != nil || len(c) != 0 {
		t.Errorf("a file that does not exist yet: %v, %v", c, err)
	}
}

// TestCustody: what happened since the seal is verified, too; what was cut off
// its end is found by the checkpoint alone.
func TestCustody(t *testing.T) {
	o := newOffice(t)
	manifest := o.keys[0]
	id := strings.TrimSuffix(manifest[strings.LastIndex(manifest, "/")+1:], ".json")
	for range 3 {
		link := dossier.Custody{FollowUp: id, Manifest: o.verify(evidence.Selection{FollowUp: id}, nil)[manifest].SHA256, At: day, Actor: "user:qa", Act: dossier.Opened}
		if _, err := dossier.AddCustody(t.Context(), o.Memory, link); err != nil {
			t.Fatal(err)
		}
	}
	known := make(evidence.Checkpoint)
	for _, v := range o.verify(evidence.Selection{}, nil) {
		known.Note(v)
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	if err := known.Save(path); err != nil {
		t.Fatal(err)
	}
	known, err := evidence.LoadCheckpoint(path)
	if err != nil || len(known) != 9 {
		t.Fatalf("%v, %v", known, err)
	}
	second, last := "custody/"+id+"/000002.json", "custody/"+id+"/000003.json"
	o.broken(known, "", "")
	o.Rot(second, 30)
	o.broken(nil, manifest, second)
	o.Rot(second, 30)
	o.Lose(last)
	o.broken(nil, "", "") // nothing in the archive tells
	o.broken(known, manifest, last)
}
