package main

import (
	"testing"

	"sambung/internal/realservers"
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
}
