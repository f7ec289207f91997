package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTheRedisClientWritesNothingPastTheLog holds what comes of a Redis that is not
// there against what the log's format promises: each line is one record.
func TestTheRedisClientWritesNothingPastTheLog(t *testing.T) {
	for name, value := range map[string]string{
		"SAMBUNG_REDIS_ADDRS": "127.0.0.1:1", "SAMBUNG_S3_ENDPOINT": "127.0.0.1:1", "SAMBUNG_S3_SECURE": "false",
		"SAMBUNG_S3_ACCESS_KEY": "key", "SAMBUNG_S3_SECRET_KEY": "secret", "SAMBUNG_SPOOL_DIR": t.TempDir(),
		"SAMBUNG_SWITCHES_0_NAME": "pbx1", "SAMBUNG_SWITCHES_0_URL": "http://127.0.0.1:1/ari", "SAMBUNG_SWITCHES_0_USER": "u",
		"SAMBUNG_SWITCHES_0_PASSWORD": "password", "SAMBUNG_SWITCHES_0_TRUNK": "trunk", "SAMBUNG_CALENDAR_ALWAYS_OPEN": "true",
		"SAMBUNG_API_TOKENS_0_NAME": "a", "SAMBUNG_API_TOKENS_0_ROLE": "admin", "SAMBUNG_API_TOKENS_0_TOKEN": "0123456789012345678901234567890123",
		"SAMBUNG_LOG_FORMAT": "json",
	} {
		t.Setenv(name, value)
	}
	told := false
	for line := range start(t, "sambung", "serve").lines {
		told = told || strings.Contains(line, `"the Redis client says"`) && strings.Contains(line, "connection refused")
		if !json.Valid([]byte(line)) && !strings.HasPrefix(line, "sambung: starting: ") && !strings.HasPrefix(line, "  ") {
			t.Errorf("serve, past the log: %s", line)
		}
	}
	if !told {
		t.Error("serve's log does not say what the client said")
	}
	for _, command := range []string{"doctor", "reindex"} {
		for line := range start(t, "sambung", command).lines {
			if strings.HasPrefix(line, "redis: ") || strings.Contains(line, "connection pool") {
				t.Errorf("%s, past its own words: %s", command, line)
			}
		}
	}
}
