package dossier_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

var update = flag.Bool("update", false, "write testdata anew")

func encode(t *testing.T, m dossier.Manifest) ([]byte, string) {
	t.Helper()
	text, sum, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text, sum
}

// The form of a manifest is for good: archives are full of them.
func TestManifestForm(t *testing.T) {
	_, m := sealed(t)
	text, sum := encode(t, m)
	const golden = "testdata/manifest.json"
	if *update {
		if err := os.WriteFile(golden, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("the form has changed:\n%s\nwant:\n%s", text, want)
	}
	if sum != storagetest.Hash(want) {
		t.Errorf("hash %s", sum)
	}
}

func TestDecode(t *testing.T) {
	_, m := sealed(t)
	text, _ := encode(t, m)
	got, err := dossier.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := encode(t, got)
	if !bytes.Equal(again, text) || !reflect.DeepEqual(got.Recordings, m.Recordings) || !got.Deadline.Equal(m.Deadline) {
		t.Errorf("decoded %+v, encoded %+v", got, m)
	}
	m.Recordings, m.Ticket = nil, "<Tiket> \xff & \u2028"
	text, _ = encode(t, m)
	if _, err := dossier.Decode(text); err != nil {
		t.Errorf("a strange ticket: %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	_, m := sealed(t)
	good, _ := encode(t, m)
	change := func(from, to string) []byte {
		if !bytes.Contains(good, []byte(from)) {
			t.Fatalf("there is no %q to change", from)
		}
		return bytes.Replace(good, []byte(from), []byte(to), 1)
	}
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"nothing":          {nil, "end of JSON"},
		"no JSON":          {[]byte("<html>"), "invalid character"},
		"a list":           {[]byte("[]"), "unmarshal"},
		"later version":    {change(`"version": 1`, `"version": 2`), "version is 2, 1 is understood"},
		"unknown field":    {change(`"ticket"`, `"note": "x", "ticket"`), "unknown field"},
		"doubled field":    {change(`"ticket"`, `"ticket": "other", "ticket"`), "not in the form"},
		"other spaces":     {change(`": "`, `":  "`), "not in the form"},
		"other zone":       {change(`02:00:00Z`, `09:00:00+07:00`), "not in the form"},
		"other case":       {change(`"route"`, `"Route"`), "not in the form"},
		"cut":              {good[:len(good)-1], "not in the form"},
		"followed":         {append(slices.Clone(good), " {}"...), "invalid character"},
		"unexplained":      {change(`"alarm": "no such`, `"alram": "no such`), "unknown field"},
		"a key that leaks": {change(`recordings/2026`, `recordings/Siti Rahayu/2026`), "not an object key"},
	} {
		if _, err := dossier.Decode(c.text); !errors.Is(err, dossier.ErrManifest) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want ErrManifest with %q", name, err, c.want)
		}
	}
}

func TestValidate(t *testing.T) {
	for name, change := range map[string]func(*dossier.Manifest){
		"no version":                    func(m *dossier.Manifest) { m.Version = 0 },
		"no follow-up":                  func(m *dossier.Manifest) { m.FollowUp = "" },
		"no head":                       func(m *dossier.Manifest) { m.Head = "" },
		"no history":                    func(m *dossier.Manifest) { m.Histories, m.Activities = nil, 0 },
		"history cut":                   func(m *dossier.Manifest) { m.Histories = m.Histories[:1] },
		"histories out of order":        func(m *dossier.Manifest) { slices.Reverse(m.Histories) },
		"history without hash":          func(m *dossier.Manifest) { m.Histories[0].SHA256 = "" },
		"recording at the switch":       func(m *dossier.Manifest) { m.Recordings[0].Status = "at_switch" },
		"verified without key":          func(m *dossier.Manifest) { m.Recordings[0].Key = "" },
		"verified with an alarm":        func(m *dossier.Manifest) { m.Recordings[0].Alarm = "but" },
		"alarm that says nothing":       func(m *dossier.Manifest) { m.Recordings[2].Alarm = "" },
		"recording with another's hash": func(m *dossier.Manifest) { m.Recordings[1].SHA256 = "x" },
	} {
		_, m := sealed(t)
		change(&m)
		if _, _, err := m.Encode(); !errors.Is(err, dossier.ErrManifest) {
			t.Errorf("%s: encoded, %v", name, err)
		}
		if err := dossier.Verify(t.Context(), storagetest.NewMemory(day.UTC), m, checkLine); !errors.Is(err, dossier.ErrManifest) {
			t.Errorf("%s: verified, %v", name, err)
		}
	}
}

func TestOpen(t *testing.T) {
	archive, m := sealed(t)
	text, sum := encode(t, m)
	const key = "manifests/2026/11/23/" + followUp + ".json"
	if _, err := dossier.Open(t.Context(), archive, key, sum); err == nil {
		t.Error("a manifest that is not there was opened")
	} else {
		wantBroken(t, err, key, storage.ErrNotFound)
	}
	put(t, archive, key, text)
	got, err := dossier.Open(t.Context(), archive, key, sum)
	if err != nil || got.Head != m.Head {
		t.Fatalf("%+v, %v", got, err)
	}
	m.Outcome = "refused"
	other, otherSum := encode(t, m)
	archive.Replace(key, other)
	_, err = dossier.Open(t.Context(), archive, key, sum)
	wantBroken(t, err, key, storage.ErrCorrupt)
	if _, err := dossier.Open(t.Context(), archive, key, otherSum); err != nil {
		t.Error(err)
	}
	huge := make([]byte, 5<<20)
	archive.Replace(key, huge)
	_, err = dossier.Open(t.Context(), archive, key, storagetest.Hash(huge))
	wantBroken(t, err, key, dossier.ErrManifest)
}

func FuzzDecode(f *testing.F) {
	if text, err := os.ReadFile("testdata/manifest.json"); err == nil {
		f.Add(text)
	}
	f.Add([]byte(`{"version": 1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := dossier.Decode(text)
		if err != nil {
			if !errors.Is(err, dossier.ErrManifest) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		again, _, err := m.Encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("decoded, yet encoded otherwise: %v\n%s", err, again)
		}
	})
}
