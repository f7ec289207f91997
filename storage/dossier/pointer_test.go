package dossier_test

import (
	"encoding/json"
	"io"
	"slices"
	"testing"
	"time"

	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

func TestPointers(t *testing.T) {
	_, m := sealed(t)
	archive := storagetest.NewMemory(time.Now)
	for range 2 { // as after a crash
		if err := dossier.PutPointers(t.Context(), archive, day, "agent-1", m, "manifests/x.json", storagetest.Hash(nil)); err != nil {
			t.Fatal(err)
		}
	}
	var keys []string
	for o, err := range archive.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	if want := []string{
		"pointers/agents/agent-1/2026/11/23/" + followUp + ".json",
		"pointers/days/2026/11/23/" + followUp + ".json",
		"pointers/tickets/ESK-2026_2f0017/" + followUp + ".json",
	}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	for _, key := range keys {
		body, _, err := archive.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		var p dossier.Pointer
		if err == nil {
			err = json.Unmarshal(text, &p)
		}
		want := dossier.Pointer{
			Version: 1, FollowUp: followUp, Ticket: "ESK-2026/0017", Agent: "agent-1", Day: "2026-11-23",
			Status: "closed", Outcome: "delivered", Manifest: "manifests/x.json", SHA256: storagetest.Hash(nil),
		}
		if err != nil || p != want {
			t.Errorf("%s: %+v, %v; want %+v", key, p, err, want)
		}
	}
}

func TestPointersWithoutAnAgent(t *testing.T) {
	_, m := sealed(t)
	archive := storagetest.NewMemory(time.Now)
	m.Ticket = "Tiket Siti +62 812"
	if err := dossier.PutPointers(t.Context(), archive, day, "", m, "manifests/x.json", storagetest.Hash(nil)); err != nil {
		t.Fatal(err)
	}
	n := 0
	for o, err := range archive.List(t.Context(), "") {
		if err != nil || storage.ValidateKey(o.Key) != nil {
			t.Errorf("%q, %v", o.Key, err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d pointers, want by ticket and by day", n)
	}
	m.FollowUp = "../x"
	if err := dossier.PutPointers(t.Context(), archive, day, "", m, "manifests/x.json", storagetest.Hash(nil)); err == nil {
		t.Error("pointers to a follow-up that has no name")
	}
}
