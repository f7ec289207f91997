package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	s3client "github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/s3"
	"sambung/storage/storagetest"
)

// TestVerify asks the archive alone: no daemon runs, no ledger is there.
func TestVerify(t *testing.T) {
	t.Parallel()
	minio := realservers.MinIO(t)
	around := surroundings{environ: []string{
		"SAMBUNG_S3_ENDPOINT=" + minio.Endpoint, "SAMBUNG_S3_SECURE=false", "SAMBUNG_S3_CREATE_BUCKET=true",
		"SAMBUNG_S3_ACCESS_KEY=" + minio.AccessKey, "SAMBUNG_S3_SECRET_KEY=" + minio.SecretKey, "SAMBUNG_SPOOL_DIR=" + t.TempDir(),
		"SAMBUNG_SWITCHES_0_NAME=pbx1", "SAMBUNG_SWITCHES_0_URL=http://127.0.0.1:1/ari", "SAMBUNG_SWITCHES_0_USER=u",
		"SAMBUNG_SWITCHES_0_PASSWORD=the-ari-password", "SAMBUNG_SWITCHES_0_TRUNK=trunk", "SAMBUNG_CALENDAR_ALWAYS_OPEN=true",
		"SAMBUNG_API_TOKENS_0_NAME=a", "SAMBUNG_API_TOKENS_0_ROLE=admin", "SAMBUNG_API_TOKENS_0_TOKEN=0123456789012345678901234567890123",
	}}
	for _, args := range [][]string{{}, {"01J", "--all"}, {"--day", "2026-11-23", "--all"}, {"--day", "Monday"}} {
		in(t, around, append([]string{"recordings", "verify"}, args...)...).want(t, exitUsage)
	}
	in(t, around, "recordings", "verify", "--all").want(t, exitFailed, "sambung") // the bucket is not there
	in(t, around, "recordings", "verify", "--all", "--config", "none.yaml").want(t, exitFailed)

	archive := sealInBucket(t, minio)
	checkpoint := filepath.Join(t.TempDir(), "checkpoint")
	in(t, around, "recordings", "verify", sealedID).want(t, exitDone, "sound "+sealedID)
	in(t, around, "recordings", "verify", "--day", "2026-11-23", "--checkpoint", checkpoint).want(t, exitDone, "sound "+sealedID, "1 of 1")
	in(t, around, "recordings", "verify", "--day", "2026-11-24").want(t, exitDone, "no sealed dossier")
	in(t, around, "recordings", "verify", "--day", "2026-11-24", "--json").want(t, exitDone, `{"summary":{"dossiers":0,`)
	in(t, around, "recordings", "verify", "01JD0000000000000000000002").want(t, exitNotFound, "no sealed dossier")
	in(t, around, "recordings", "verify", "--all", "--json").want(t, exitDone, `"sound":true`, `{"summary":{"dossiers":1,"sound":1,"broken":0,"unread":0}}`)

	archive.remove(t, "recordings/2026/11/23/"+sealedID+"/1.wav")
	in(t, around, "recordings", "verify", "--all").want(t, exitFailed, "BROKEN "+sealedID, "recordings/2026/11/23/"+sealedID+"/1.wav", "1 of 1 dossiers are broken")
	in(t, around, "recordings", "verify", "--all", "--json").want(t, exitFailed, `"broken":"recordings/2026/11/23/`+sealedID+`/1.wav"`, `"broken":1`)
	archive.remove(t, "")
	in(t, around, "recordings", "verify", "--all").want(t, exitDone, "no sealed dossier")
	in(t, around, "recordings", "verify", "--all", "--checkpoint", checkpoint).want(t, exitFailed, "BROKEN "+sealedID, "at the checkpoint")
	minio.Kill()
	in(t, around, "recordings", "verify", "--all").want(t, exitFailed, "connection refused")
}

const sealedID = "01JD0000000000000000000001"

// sealedBucket is a bucket with one sealed dossier.
type sealedBucket struct{ client *s3client.Client }

func sealInBucket(t *testing.T, server *realservers.MinIOServer) sealedBucket {
	t.Helper()
	a, err := s3.New(s3.Config{Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Bucket: "sambung", CreateBucket: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	activity, err := queue.Chain(sealedID, 0, "", queue.Entry{At: day, Actor: queue.ActorSystem, Kind: queue.KindDeadlineMissed})
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(activity)
	if err != nil {
		t.Fatal(err)
	}
	history, err := dossier.Ship(t.Context(), a, "history/2026/11/23/"+sealedID+"/1.jsonl", 0, "", [][]byte{line}, queue.VerifyLine)
	if err != nil {
		t.Fatal(err)
	}
	sound := []byte("sound")
	m := dossier.Manifest{
		Version: dossier.Version, FollowUp: sealedID, Ticket: "T-1", Route: "answer", Status: "closed", ReceivedAt: day, Deadline: day, SealedAt: day,
		Activities: 1, Head: activity.Hash, Histories: []dossier.History{history},
		Recordings: []dossier.Recording{{Attempt: 1, Status: dossier.Verified, Key: "recordings/2026/11/23/" + sealedID + "/1.wav", SHA256: storagetest.Hash(sound), Bytes: int64(len(sound))}},
	}
	text, sum, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	key := "manifests/2026/11/23/" + sealedID + ".json"
	for at, content := range map[string][]byte{m.Recordings[0].Key: sound, key: text} {
		o := storage.Object{Key: at, Size: int64(len(content)), SHA256: storagetest.Hash(content)}
		if _, err := a.Put(t.Context(), o, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := dossier.PutPointers(t.Context(), a, day, "", m, key, sum); err != nil {
		t.Fatal(err)
	}
	client, err := s3client.New(server.Endpoint, &s3client.Options{Creds: credentials.NewStaticV4(server.AccessKey, server.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	return sealedBucket{client}
}

// remove removes the objects whose keys begin with prefix.
func (b sealedBucket) remove(t *testing.T, prefix string) {
	t.Helper()
	for o := range b.client.ListObjects(t.Context(), "sambung", s3client.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		if err := b.client.RemoveObject(t.Context(), "sambung", o.Key, s3client.RemoveObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}
