package dossier_test

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

var anchor = storagetest.Hash([]byte("manifest"))

func opened() dossier.Custody {
	return dossier.Custody{FollowUp: followUp, Manifest: anchor, At: day, Actor: "user:quality", Act: dossier.Opened, Object: "recordings/x.wav"}
}

// chained is an archive with a custody chain of n links.
func chained(t *testing.T, n int) *storagetest.Memory {
	t.Helper()
	archive := storagetest.NewMemory(time.Now)
	for range n {
		if _, err := dossier.AddCustody(t.Context(), archive, opened()); err != nil {
			t.Fatal(err)
		}
	}
	return archive
}

func TestCustody(t *testing.T) {
	archive := chained(t, 2)
	accepted := opened()
	accepted.Act, accepted.Object, accepted.Remarks = dossier.Accepted, "", "lengkap"
	last, err := dossier.AddCustody(t.Context(), archive, accepted)
	if err != nil || last.Seq != 3 || last.Key != "custody/"+followUp+"/000003.json" {
		t.Fatalf("%+v, %v", last, err)
	}
	chain, err := dossier.ReadCustody(t.Context(), archive, followUp, anchor)
	if err != nil || len(chain) != 3 || chain[0].Prev != anchor || chain[2] != last || chain[1].SHA256 != last.Prev {
		t.Errorf("%+v, %v", chain, err)
	}
	if chain, err := dossier.ReadCustody(t.Context(), archive, followUp[1:], anchor); err != nil || len(chain) != 0 {
		t.Errorf("of another dossier: %+v, %v", chain, err)
	}
}

// TestCustodyTogether: links that are added at once come one after another.
func TestCustodyTogether(t *testing.T) {
	archive := chained(t, 0)
	var adding sync.WaitGroup
	for range 8 {
		adding.Go(func() {
			if _, err := dossier.AddCustody(t.Context(), archive, opened()); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	if chain, err := dossier.ReadCustody(t.Context(), archive, followUp, anchor); err != nil || len(chain) != 8 {
		t.Errorf("%d links, %v", len(chain), err)
	}
}

func TestBrokenCustody(t *testing.T) {
	key := func(n string) string { return "custody/" + followUp + "/00000" + n + ".json" }
	for name, c := range map[string]struct {
		harm func(*storagetest.Memory)
		want string // the link that is named
	}{
		"a byte flipped":       {func(a *storagetest.Memory) { a.Rot(key("2"), 40) }, key("2")},
		"the middle removed":   {func(a *storagetest.Memory) { a.Lose(key("2")) }, key("2")},
		"the first removed":    {func(a *storagetest.Memory) { a.Lose(key("1")) }, key("1")},
		"rewritten, unchained": {func(a *storagetest.Memory) { a.Replace(key("2"), relinked(t)) }, key("2")},
		"cut":                  {func(a *storagetest.Memory) { a.Replace(key("2"), []byte("{")) }, key("2")},
	} {
		archive := chained(t, 3)
		c.harm(archive)
		var broken *dossier.BrokenError
		if _, err := dossier.ReadCustody(t.Context(), archive, followUp, anchor); !errors.As(err, &broken) || broken.Key != c.want {
			t.Errorf("%s: %v, want it to name %s", name, err, c.want)
		}
	}
	archive := chained(t, 1)
	if _, err := dossier.ReadCustody(t.Context(), archive, followUp, storagetest.Hash(nil)); !errors.Is(err, dossier.ErrBroken) {
		t.Errorf("anchored on another manifest: %v", err)
	}
}

// relinked is a link in the right form that follows another one.
func relinked(t *testing.T) []byte {
	t.Helper()
	archive := chained(t, 1)
	other := opened()
	other.Actor = "user:somebody-else"
	link, err := dossier.AddCustody(t.Context(), archive, other)
	if err != nil {
		t.Fatal(err)
	}
	body, _, err := archive.Get(t.Context(), link.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Replace(text, []byte(link.Prev), []byte(storagetest.Hash(nil)), 1)
}

func TestCustodyArchiveAway(t *testing.T) {
	away := errors.New("away")
	for _, op := range []storagetest.Op{storagetest.OpList, storagetest.OpGet, storagetest.OpPut} {
		archive := storagetest.NewFaulty(chained(t, 1))
		archive.Arm(storagetest.Fault{Op: op, Before: away})
		if _, err := dossier.AddCustody(t.Context(), archive, opened()); !errors.Is(err, away) {
			t.Errorf("%s: %v", op, err)
		}
	}
	// A reply that is lost: the link is there, and adding again makes another.
	archive := storagetest.NewFaulty(chained(t, 0))
	archive.Arm(storagetest.Fault{Op: storagetest.OpPut, Nth: 1, After: away})
	if _, err := dossier.AddCustody(t.Context(), archive, opened()); !errors.Is(err, away) {
		t.Errorf("%v", err)
	}
	if _, err := dossier.AddCustody(t.Context(), archive, opened()); err != nil {
		t.Error(err)
	}
	if chain, err := dossier.ReadCustody(t.Context(), archive, followUp, anchor); err != nil || len(chain) != 2 {
		t.Errorf("%d links, %v", len(chain), err)
	}
}

func FuzzDecodeCustody(f *testing.F) {
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"version":1,"follow_up":"x","manifest":"y","seq":1,"at":"2026-11-23T09:00:00Z","actor":"a","act":"opened","nonce":"n","prev":"y"}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := dossier.DecodeCustody(text); err != nil && !errors.Is(err, dossier.ErrCustody) {
			t.Errorf("%v", err)
		}
	})
}
