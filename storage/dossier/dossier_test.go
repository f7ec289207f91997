package dossier_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

var day = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("WIB", 7*60*60))

const followUp = "01KAQ0C8J2X3M4N5P6Q7R8S9TA"

var errContent = errors.New("the content does not match its hash")

// activity is one line of a history, with a hash over what it says.
type activity struct {
	Seq  int    `json:"seq"`
	What string `json:"what"`
	Prev string `json:"prev"`
	Hash string `json:"hash"`
}

func (a activity) hash() string {
	return storagetest.Hash(fmt.Appendf(nil, "%d %s %s", a.Seq, a.What, a.Prev))
}

func (a activity) line() []byte {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return b
}

// checkLine is what a ledger gives Verify.
func checkLine(b []byte) error {
	var a activity
	if err := json.Unmarshal(b, &a); err != nil {
		return err
	}
	if a.Hash != a.hash() {
		return errContent
	}
	return nil
}

// history is n activities that are a chain.
func history(n int) []activity {
	all := make([]activity, n)
	head := ""
	for i := range all {
		all[i] = activity{Seq: i + 1, What: fmt.Sprintf("thing %d", i+1), Prev: head}
		all[i].Hash = all[i].hash()
		head = all[i].Hash
	}
	return all
}

func lines(all []activity) [][]byte {
	var text [][]byte
	for _, a := range all {
		text = append(text, a.line())
	}
	return text
}

func key(t *testing.T, f func() (string, error)) string {
	t.Helper()
	k, err := f()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func put(t *testing.T, a storage.Archive, key string, content []byte) storage.Object {
	t.Helper()
	o, err := a.Put(context.Background(), storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sealed is an archive with a whole dossier: seven activities in two parts, a
// recording that is verified, one that has an alarm, and one that is lost.
func sealed(t *testing.T) (*storagetest.Memory, dossier.Manifest) {
	t.Helper()
	archive := storagetest.NewMemory(time.Now)
	all := history(7)
	m := dossier.Manifest{
		Version: dossier.Version, FollowUp: followUp, Ticket: "ESK-2026/0017", Route: "answer", Status: "closed", Outcome: "delivered",
		ReceivedAt: day, Deadline: day.Add(time.Hour), MetDeadline: true, Calendar: "2026-1", SealedAt: day.Add(30 * time.Minute),
		Activities: 7, Head: all[6].Hash,
	}
	for i, upTo := range []int{4, 7} {
		from := 4 * i
		head := ""
		if i > 0 {
			head = all[from-1].Hash
		}
		k := key(t, func() (string, error) { return storage.HistoryKey(day, followUp, upTo) })
		h, err := dossier.Ship(t.Context(), archive, k, from, head, lines(all[from:upTo]), checkLine)
		if err != nil {
			t.Fatal(err)
		}
		m.Histories = append(m.Histories, h)
	}
	for attempt, alarm := range []string{"", "the taxpayer track is silent throughout"} {
		k := key(t, func() (string, error) { return storage.RecordingKey(day, followUp, attempt+1) })
		o := put(t, archive, k, bytes.Repeat([]byte{byte(attempt)}, 500))
		r := dossier.Recording{Attempt: attempt + 1, Status: dossier.Verified, Key: k, SHA256: o.SHA256, Bytes: o.Size, DurationMS: 30_000}
		if alarm != "" {
			r.Status, r.Alarm = dossier.Alarmed, alarm
		}
		m.Recordings = append(m.Recordings, r)
	}
	m.Recordings = append(m.Recordings, dossier.Recording{Attempt: 3, Status: dossier.Alarmed, Alarm: "no such recording at the switch"})
	return archive, m
}

func TestVerify(t *testing.T) {
	archive, m := sealed(t)
	if err := dossier.Verify(t.Context(), archive, m, checkLine); err != nil {
		t.Error(err)
	}
	if n := len(m.Objects()); n != 4 {
		t.Errorf("the manifest names %d objects, want 4", n)
	}
}

// wantBroken fails the test unless the error names that object.
func wantBroken(t *testing.T, err error, key string, cause error) {
	t.Helper()
	var broken *dossier.BrokenError
	if !errors.As(err, &broken) || !errors.Is(err, dossier.ErrBroken) || broken.Key != key || !strings.Contains(err.Error(), key) {
		t.Errorf("%v, want a BrokenError for %s", err, key)
	}
	if cause != nil && !errors.Is(err, cause) {
		t.Errorf("%v, want %v as its cause", err, cause)
	}
}

// A changed byte anywhere is found, whether the archive notices it itself or
// the object was replaced by one that is right in itself.
func TestVerifyFindsEveryChangedByte(t *testing.T) {
	archive, m := sealed(t)
	for _, o := range m.Objects() {
		for at := range int(o.Size) {
			archive.Rot(o.Key, at)
			wantBroken(t, dossier.Verify(t.Context(), archive, m, checkLine), o.Key, storage.ErrCorrupt)
			archive.Rot(o.Key, at) // the bit is as it was
		}
	}
	if err := dossier.Verify(t.Context(), archive, m, checkLine); err != nil {
		t.Error(err)
	}
}

func TestVerifyFindsWhatIsNotThere(t *testing.T) {
	_, m := sealed(t)
	for _, o := range m.Objects() {
		archive, _ := sealed(t)
		archive.Replace(o.Key, []byte("another object"))
		wantBroken(t, dossier.Verify(t.Context(), archive, m, checkLine), o.Key, storage.ErrCorrupt)
		archive.Lose(o.Key)
		wantBroken(t, dossier.Verify(t.Context(), archive, m, checkLine), o.Key, storage.ErrNotFound)
	}
}

// An archive that cannot be asked proves nothing against the dossier.
func TestVerifyAtAFailingArchive(t *testing.T) {
	archive, m := sealed(t)
	down := errors.New("connection refused")
	for n := range m.Objects() {
		f := storagetest.NewFaulty(archive)
		f.Arm(storagetest.Fault{Op: storagetest.OpGet, Nth: n + 1, Before: down})
		if err := dossier.Verify(t.Context(), f, m, checkLine); !errors.Is(err, down) || errors.Is(err, dossier.ErrBroken) {
			t.Errorf("object %d cannot be had: %v", n+1, err)
		}
		for name, fault := range map[string]storagetest.Fault{"corrupt": {Corrupt: true}, "short": {Short: 100}} {
			f := storagetest.NewFaulty(archive)
			fault.Op, fault.Nth = storagetest.OpGet, n+1
			f.Arm(fault)
			err := dossier.Verify(t.Context(), f, m, checkLine)
			if !errors.Is(err, storage.ErrCorrupt) {
				t.Errorf("object %d, %s: %v, want ErrCorrupt", n+1, name, err)
			}
			wantBroken(t, err, m.Objects()[n].Key, nil)
		}
	}
}

// Histories that were broken before they were sealed: their hashes are right.
func TestVerifyFindsABrokenChain(t *testing.T) {
	for name, c := range map[string]struct {
		change func(all []activity, m *dossier.Manifest) [][]byte
		part   int // the one that is named
		text   string
	}{
		"a gap":           {func(all []activity, _ *dossier.Manifest) [][]byte { return lines(slices.Delete(all, 2, 3)) }, 0, "activity 4"},
		"an order":        {func(all []activity, _ *dossier.Manifest) [][]byte { all[1], all[2] = all[2], all[1]; return lines(all) }, 0, "activity 3"},
		"another content": {func(all []activity, _ *dossier.Manifest) [][]byte { all[5].What = "nothing"; return lines(all) }, 1, "activity 6"},
		"another link":    {func(all []activity, _ *dossier.Manifest) [][]byte { all[4].Prev = all[0].Hash; return lines(all) }, 1, "activity 5"},
		"no JSON":         {func(all []activity, _ *dossier.Manifest) [][]byte { l := lines(all); l[3] = []byte("{"); return l }, 0, "after activity 3"},
		"an endless line": {func(all []activity, _ *dossier.Manifest) [][]byte {
			all[3].What = strings.Repeat("x", 2<<20)
			return lines(all)
		}, 0, "token too long"},
		"another head":     {func(all []activity, m *dossier.Manifest) [][]byte { m.Head = all[0].Hash; return lines(all) }, 1, "the chain ends with"},
		"the end missing":  {func(all []activity, _ *dossier.Manifest) [][]byte { return lines(all[:6]) }, 1, "ends with activity 6, not 7"},
		"more at the end":  {func(all []activity, _ *dossier.Manifest) [][]byte { return lines(history(8)) }, 1, "ends with activity 8, not 7"},
		"rewritten behind": {rewritten, 1, "activity 5"},
	} {
		t.Run(name, func(t *testing.T) {
			_, m := sealed(t)
			archive := storagetest.NewMemory(time.Now)
			text := c.change(history(7), &m)
			m.Recordings = nil
			for i, part := range [][][]byte{text[:min(4, len(text))], text[min(4, len(text)):]} {
				o := put(t, archive, m.Histories[i].Key, append(bytes.Join(part, []byte("\n")), '\n'))
				m.Histories[i].SHA256, m.Histories[i].Bytes = o.SHA256, o.Size
			}
			err := dossier.Verify(t.Context(), archive, m, checkLine)
			wantBroken(t, err, m.Histories[c.part].Key, nil)
			if !strings.Contains(fmt.Sprint(err), c.text) {
				t.Errorf("%v does not say %q", err, c.text)
			}
		})
	}
}

// rewritten has another first part, a chain in itself.
func rewritten(all []activity, _ *dossier.Manifest) [][]byte {
	head := ""
	for i := range 4 {
		all[i].What, all[i].Prev = "something else", head
		all[i].Hash = all[i].hash()
		head = all[i].Hash
	}
	return lines(all)
}

func TestShip(t *testing.T) {
	archive := storagetest.NewMemory(time.Now)
	all := history(5)
	k := "history/2026/11/23/x/5.jsonl"
	first, err := dossier.Ship(t.Context(), archive, k, 2, all[1].Hash, lines(all[2:]), checkLine)
	if err != nil || first.UpTo != 5 || first.Key != k {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := dossier.Ship(t.Context(), archive, k, 2, all[1].Hash, lines(all[2:]), checkLine); err != nil || again != first {
		t.Errorf("shipped again: %+v, %v", again, err)
	}
	if _, err := dossier.Ship(t.Context(), archive, k, 1, all[0].Hash, lines(all[1:]), checkLine); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("other activities under the same key: %v, want ErrConflict", err)
	}
	spoilt := history(5)
	spoilt[3].What = "nothing"
	for name, f := range map[string]func() error{
		"nothing": func() error { _, err := dossier.Ship(t.Context(), archive, "k", 5, "h", nil, checkLine); return err },
		"a gap before": func() error {
			_, err := dossier.Ship(t.Context(), archive, "k", 1, all[0].Hash, lines(all[2:]), checkLine)
			return err
		},
		"another head": func() error {
			_, err := dossier.Ship(t.Context(), archive, "k", 2, all[0].Hash, lines(all[2:]), checkLine)
			return err
		},
		"spoilt": func() error {
			_, err := dossier.Ship(t.Context(), archive, "k", 0, "", lines(spoilt), checkLine)
			return err
		},
		"two lines": func() error {
			_, err := dossier.Ship(t.Context(), archive, "k", 0, "", [][]byte{[]byte("{}\n{}")}, checkLine)
			return err
		},
		"archive fails": func() error {
			f := storagetest.NewFaulty(archive)
			f.Arm(storagetest.Fault{Op: storagetest.OpPut, Before: storage.ErrCorrupt})
			_, err := dossier.Ship(t.Context(), f, "k", 0, "", lines(all), checkLine)
			return err
		},
	} {
		if err := f(); err == nil {
			t.Errorf("%s was shipped", name)
		}
		if _, err := archive.Stat(t.Context(), "k"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s left something in the archive", name)
		}
	}
}
