package main

import (
	"testing"

	"sambung/configs"
	"sambung/daemon"
	"sambung/internal/realservers"
)

// TestReindex asks ledger and archive past any daemon; both are new.
func TestReindex(t *testing.T) {
	t.Parallel()
	redis, minio := realservers.Redis(t), realservers.MinIO(t)
	around := surroundings{environ: []string{
		"SAMBUNG_REDIS_ADDRS=" + redis.Addr,
		"SAMBUNG_S3_ENDPOINT=" + minio.Endpoint, "SAMBUNG_S3_SECURE=false", "SAMBUNG_S3_CREATE_BUCKET=true",
		"SAMBUNG_S3_ACCESS_KEY=" + minio.AccessKey, "SAMBUNG_S3_SECRET_KEY=" + minio.SecretKey, "SAMBUNG_SPOOL_DIR=" + t.TempDir(),
		"SAMBUNG_SWITCHES_0_NAME=pbx1", "SAMBUNG_SWITCHES_0_URL=http://127.0.0.1:1/ari", "SAMBUNG_SWITCHES_0_USER=u",
		"SAMBUNG_SWITCHES_0_PASSWORD=the-ari-password", "SAMBUNG_SWITCHES_0_TRUNK=trunk", "SAMBUNG_CALENDAR_ALWAYS_OPEN=true",
		"SAMBUNG_API_TOKENS_0_NAME=a", "SAMBUNG_API_TOKENS_0_ROLE=admin", "SAMBUNG_API_TOKENS_0_TOKEN=0123456789012345678901234567890123",
	}}
	in(t, around, "reindex", "extra").want(t, exitUsage)
	in(t, around, "reindex", "--config", "none.yaml").want(t, exitFailed)
	in(t, around, "reindex").want(t, exitFailed, "not finished") // the bucket is not there
	archive, err := daemon.OpenArchive(configs.S3{
		Endpoint: minio.Endpoint, Bucket: "sambung", CreateBucket: true,
		AccessKey: configs.NewSecret(minio.AccessKey), SecretKey: configs.NewSecret(minio.SecretKey),
	})
	if err == nil {
		defer archive.Close()
		_, err = archive.Check(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	in(t, around, "reindex", "--dry-run").want(t, exitDone, "0 follow-ups", "nothing was written")
	in(t, around, "reindex").want(t, exitDone, "no agents", "daemons can be started")
	in(t, around, "reindex", "--json").want(t, exitDone, `"summary"`)
}
