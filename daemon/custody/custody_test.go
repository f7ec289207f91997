package custody_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"sambung/daemon/custody"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

const id = "01JD0000000000000000000001"

var day = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// sealed archives a small dossier and returns the state of its follow-up.
func sealed(t *testing.T, a storage.Archive) queue.State {
	t.Helper()
	put := func(key string, content []byte) {
		t.Helper()
		o := storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}
		if _, err := a.Put(t.Context(), o, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	history, sound := []byte("{}\n"), []byte("sound")
	put("history/2026/11/23/"+id+"/1.jsonl", history)
	put("recordings/2026/11/23/"+id+"/1.wav", sound)
	m := dossier.Manifest{
		Version: dossier.Version, FollowUp: id, Ticket: "T-1", Route: "answer", Status: "closed", ReceivedAt: day, Deadline: day, SealedAt: day,
		Activities: 1, Head: "x",
		Histories:  []dossier.History{{Key: "history/2026/11/23/" + id + "/1.jsonl", SHA256: storagetest.Hash(history), Bytes: int64(len(history)), UpTo: 1}},
		Recordings: []dossier.Recording{{Attempt: 1, Status: dossier.Verified, Key: "recordings/2026/11/23/" + id + "/1.wav", SHA256: storagetest.Hash(sound), Bytes: int64(len(sound))}},
	}
	text, sum, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	key := "manifests/2026/11/23/" + id + ".json"
	put(key, text)
	if err := dossier.PutPointers(t.Context(), a, day, "agent-1", m, key, sum); err != nil {
		t.Fatal(err)
	}
	return queue.State{FollowUp: queue.FollowUp{ID: id, EnteredAt: day}, Dossier: queue.DossierSealed, Manifest: sum}
}

// holds counts the objects of the bucket under legal hold, and those that are not.
func holds(t *testing.T, a storagetest.Locking) (held, free int) {
	t.Helper()
	for o, err := range a.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		p, err := a.Protection(t.Context(), o.Key)
		switch {
		case err != nil:
			t.Fatal(err)
		case !storage.IsEvidence(o.Key):
		case p.LegalHold:
			held++
		default:
			free++
		}
	}
	return held, free
}

func keeper(a storagetest.Locking) custody.Keeper {
	return custody.Keeper{Archive: a, Locker: a, Zone: time.UTC, Now: func() time.Time { return day }}
}

// holdAndRelease: every object is held, with the links that are added meanwhile,
// until it is released.
func holdAndRelease(t *testing.T, a storagetest.Locking) {
	k, s := keeper(a), sealed(t, a)
	link, n, err := k.Hold(t.Context(), s, "user:qa", true, "surat S-17")
	if err != nil || n != 7 || link.Act != dossier.Held || link.Remarks != "surat S-17" || link.Seq != 1 {
		t.Fatalf("%+v, %d objects, %v; want 7: manifest, history, recording, three pointers, one link", link, n, err)
	}
	if held, free := holds(t, a); held != 7 || free != 0 {
		t.Errorf("%d are held, %d are not", held, free)
	}
	if _, err := k.Add(t.Context(), s, "user:qa", dossier.Opened, "x", ""); err != nil {
		t.Fatal(err)
	}
	if held, free := holds(t, a); held != 8 || free != 0 {
		t.Errorf("after one more link %d are held, %d are not", held, free)
	}
	if _, n, err := k.Hold(t.Context(), s, "user:qa", false, "selesai"); err != nil || n != 9 {
		t.Errorf("released: %d objects, %v", n, err)
	}
	if held, free := holds(t, a); held != 0 || free != 9 {
		t.Errorf("after the release %d are held, %d are not", held, free)
	}
	chain, err := k.Chain(t.Context(), s)
	if err != nil || len(chain) != 3 || !chain[0].Held || !chain[1].Held || chain[2].Held {
		t.Errorf("%+v, %v", chain, err)
	}
}

func TestHold(t *testing.T) { holdAndRelease(t, storagetest.NewMemory(time.Now)) }

func TestHoldOnMinIO(t *testing.T) {
	server := realservers.MinIO(t)
	a, err := s3.New(s3.Config{Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Bucket: "hold", CreateBucket: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if can, err := a.Check(t.Context()); err != nil || !can.LegalHold {
		t.Fatalf("%+v, %v", can, err)
	}
	holdAndRelease(t, a)
}

// TestHoldIsCompletedWhenAskedAgain: the link comes first, so a hold that failed
// half way is known, and asking again completes it.
func TestHoldIsCompletedWhenAskedAgain(t *testing.T) {
	a := storagetest.NewMemory(time.Now)
	k, s := keeper(a), sealed(t, a)
	a.RefuseHold("recordings/2026/11/23/" + id + "/1.wav")
	if _, _, err := k.Hold(t.Context(), s, "user:qa", true, "x"); err == nil || !strings.Contains(err.Error(), "recordings/") {
		t.Errorf("%v, want it to name the object", err)
	}
	if chain, err := k.Chain(t.Context(), s); err != nil || len(chain) != 1 || !chain[0].Held {
		t.Errorf("%+v, %v", chain, err)
	}
	a.RefuseHold("")
	if _, n, err := k.Hold(t.Context(), s, "user:qa", true, "x"); err != nil || n != 8 {
		t.Errorf("asked again: %d, %v", n, err)
	}
	if held, free := holds(t, a); held != 8 || free != 0 {
		t.Errorf("%d are held, %d are not", held, free)
	}
}

func TestHoldRefusals(t *testing.T) {
	a := storagetest.NewMemory(time.Now)
	k, s := keeper(a), sealed(t, a)
	open := s
	open.Dossier = queue.DossierOpen
	if _, _, err := k.Hold(t.Context(), open, "user:qa", true, "x"); !errors.Is(err, custody.ErrNotSealed) {
		t.Errorf("not sealed: %v", err)
	}
	without := k
	without.Locker = nil
	if _, _, err := without.Hold(t.Context(), s, "user:qa", true, "x"); !errors.Is(err, storage.ErrNoLock) {
		t.Errorf("no lock: %v", err)
	}
	a.Lose("pointers/days/2026/11/23/" + id + ".json")
	if _, _, err := k.Hold(t.Context(), s, "user:qa", true, "x"); !errors.Is(err, dossier.ErrBroken) {
		t.Errorf("a broken dossier: %v", err)
	}
	if chain, err := k.Chain(t.Context(), s); err != nil || len(chain) != 0 {
		t.Errorf("what was refused left %+v, %v", chain, err)
	}
}
