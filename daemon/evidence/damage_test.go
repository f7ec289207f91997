package evidence_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/daemon/evidence"
	"sambung/internal/realservers"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/embedded"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// vandal is somebody with the bucket's keys and no need of the archive.
type vandal struct {
	*testing.T
	client  *minio.Client
	archive *s3.Archive
}

const bucket = "vandalised"

func newVandal(t *testing.T, endpoint, access, secret string) vandal {
	t.Helper()
	a, err := s3.New(s3.Config{Endpoint: endpoint, AccessKey: access, SecretKey: secret, Bucket: bucket, CreateBucket: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	client, err := minio.New(endpoint, &minio.Options{Creds: credentials.NewStaticV4(access, secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	return vandal{t, client, a}
}

func (v vandal) read(key string) []byte {
	v.Helper()
	body, err := v.client.GetObject(v.Context(), bucket, key, minio.GetObjectOptions{})
	if err != nil {
		v.Fatal(err)
	}
	defer body.Close()
	return must(io.ReadAll(body))
}

// write puts content in the place of an object, and a hash beside it as the
// archive would.
func (v vandal) write(key string, content []byte, sum string) {
	v.Helper()
	opts := minio.PutObjectOptions{UserMetadata: map[string]string{"Sha256": sum}, DisableMultipart: true}
	if _, err := v.client.PutObject(v.Context(), bucket, key, bytes.NewReader(content), int64(len(content)), opts); err != nil {
		v.Fatal(err)
	}
}

func (v vandal) remove(key string) {
	v.Helper()
	if err := v.client.RemoveObject(v.Context(), bucket, key, minio.RemoveObjectOptions{}); err != nil {
		v.Fatal(err)
	}
}

// damages are what is done to one object.
var damages = map[string]func(v vandal, key string, content []byte){
	"a byte flipped, as by a failing disk": func(v vandal, key string, content []byte) {
		v.write(key, flipped(content), storagetest.Hash(content))
	},
	"a byte flipped, and the hash beside it made to fit": func(v vandal, key string, content []byte) {
		v.write(key, flipped(content), storagetest.Hash(flipped(content)))
	},
	"cut by a byte": func(v vandal, key string, content []byte) {
		cut := content[:len(content)-1]
		v.write(key, cut, storagetest.Hash(cut))
	},
	"emptied": func(v vandal, key string, _ []byte) { v.write(key, nil, storagetest.Hash(nil)) },
	"removed": func(v vandal, key string, _ []byte) { v.remove(key) },
}

func flipped(content []byte) []byte {
	other := bytes.Clone(content)
	other[len(other)/2] ^= 1
	return other
}

// grid damages every object of a sealed dossier in every way: each is named, and
// named alone, and when all is restored the dossier is sound.
func (v vandal) grid(t *testing.T) {
	const id, other = "01JD0000000000000000000099", "01JD0000000000000000000098"
	key, _ := seal(t, v.archive, day, id, "closed")
	seal(t, v.archive, day, other, "closed")
	sum := storagetest.Hash(v.read(key))
	for _, act := range []dossier.Act{dossier.Opened, dossier.Returned, dossier.Accepted} {
		if _, err := dossier.AddCustody(t.Context(), v.archive, dossier.Custody{FollowUp: id, Manifest: sum, At: day, Actor: "user:qa", Act: act}); err != nil {
			t.Fatal(err)
		}
	}
	known := make(evidence.Checkpoint)
	v.expect(t, nil, id, "", known)
	objects := must(dossier.Objects(t.Context(), v.archive, day, id, sum))
	kinds := make(map[string]int)
	for _, object := range objects {
		kinds[object[:strings.IndexByte(object, '/')]]++
	}
	if want := map[string]int{"recordings": 2, "history": 2, "manifests": 1, "pointers": 3, "custody": 3}; !maps.Equal(kinds, want) {
		t.Fatalf("the dossier has %v, want %v", kinds, want)
	}
	for _, object := range objects {
		content := v.read(object)
		for _, name := range slices.Sorted(maps.Keys(damages)) {
			t.Run(object[:strings.IndexByte(object, '/')]+"/"+name, func(t *testing.T) {
				damages[name](v, object, content)
				v.expect(t, known, id, object, nil)
				v.write(object, content, storagetest.Hash(content))
			})
		}
	}
	v.expect(t, known, id, "", nil)
	t.Run("an older manifest", func(t *testing.T) { v.older(t, known, key, id) })
	t.Run("all of it", func(t *testing.T) {
		for _, object := range objects {
			v.remove(object)
		}
		v.expect(t, known, id, key, nil)
	})
}

// older puts the manifest of an earlier time, which is sound in itself, in the
// place of the one that was sealed, then all that leads to it as well.
func (v vandal) older(t *testing.T, known evidence.Checkpoint, key, id string) {
	_, m := manifestOf(t, v.archive, day, id, "closed")
	m.Recordings, m.Histories = m.Recordings[:1], m.Histories[:1]
	m.Activities, m.Head = m.Histories[0].UpTo, headOf(t, v.read(m.Histories[0].Key))
	text, sum, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sealed, pointers := v.read(key), make(map[string][]byte)
	v.write(key, text, sum)
	v.expect(t, nil, id, key, nil) // already without the checkpoint
	v.expect(t, known, id, key, nil)
	for o, err := range v.archive.List(t.Context(), "pointers/") {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(o.Key, id) {
			pointers[o.Key] = v.read(o.Key)
			v.remove(o.Key)
		}
	}
	if err := dossier.PutPointers(t.Context(), v.archive, day, "agent-1", m, key, sum); err != nil {
		t.Fatal(err)
	}
	v.expect(t, known, id, key, nil)
	v.remove(must(storage.AgentPointerKey("agent-1", day, id)))
	v.write(key, sealed, storagetest.Hash(sealed))
	for pointer, content := range pointers {
		v.write(pointer, content, storagetest.Hash(content))
	}
	v.expect(t, known, id, "", nil)
}

// expect verifies all dossiers: that of id is broken at an object, or sound where
// that is empty, and every other one is sound. What is sound is noted.
func (v vandal) expect(t *testing.T, known evidence.Checkpoint, id, object string, note evidence.Checkpoint) {
	t.Helper()
	seen := 0
	err := evidence.Verify(t.Context(), v.archive, evidence.Selection{}, known, func(_, _ int, verdict evidence.Verdict) {
		seen++
		var broken *dossier.BrokenError
		switch {
		case verdict.FollowUp != id || object == "":
			if verdict.Err != nil {
				t.Errorf("%s: %v", verdict.FollowUp, verdict.Err)
			} else if note != nil {
				note.Note(verdict)
			}
		case !errors.As(verdict.Err, &broken):
			t.Errorf("%s: %v; want it to be broken at %s", id, verdict.Err, object)
		case broken.Key != object:
			t.Errorf("%s is named (%v), want %s", broken.Key, verdict.Err, object)
		}
	})
	if err != nil || seen != 2 {
		t.Errorf("%d dossiers were looked at, want 2: %v", seen, err)
	}
}

// headOf is the hash of the last activity of a part of a history.
func headOf(t *testing.T, lines []byte) string {
	t.Helper()
	all := bytes.Split(bytes.TrimSpace(lines), []byte("\n"))
	_, rest, ok := strings.Cut(string(all[len(all)-1]), `"hash":"`)
	if !ok {
		t.Fatalf("no hash in %s", all[len(all)-1])
	}
	return rest[:64]
}

func TestDamageOnMinIO(t *testing.T) {
	server := realservers.MinIO(t)
	v := newVandal(t, server.Endpoint, server.AccessKey, server.SecretKey)
	v.grid(t)
}

func TestDamageOnEmbedded(t *testing.T) {
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(fmt.Errorf("closing the archive: %w", err))
		}
	})
	newVandal(t, server.Endpoint(), server.AccessKey(), server.SecretKey()).grid(t)
}
