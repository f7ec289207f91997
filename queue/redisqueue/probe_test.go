package redisqueue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/queue/redisqueue"
)

func TestProbe(t *testing.T) {
	q := open(t, realservers.Redis(t).Addr)
	if version, err := q.Version(t.Context()); err != nil || !strings.HasPrefix(version, "Redis 7.") {
		t.Errorf("version %q, %v", version, err)
	}
	took, err := q.Latency(t.Context(), 5)
	if err != nil || len(took) != 5 || took[0] <= 0 {
		t.Errorf("latency %v, %v", took, err)
	}
	before := time.Now().Truncate(time.Microsecond)
	if at, err := q.Clock(t.Context()); err != nil || at.Before(before) || at.After(time.Now()) {
		t.Errorf("clock %s, %v, asked at %s", at, err, before)
	}
}

// Check's findings can be told one by one.
func TestCheckJoinsItsFindings(t *testing.T) {
	server := realservers.Redis(t, realservers.RedisConfig("appendfsync", "everysec"), realservers.RedisConfig("maxmemory-policy", "allkeys-lru"))
	joined, ok := open(t, server.Addr).Check(t.Context()).(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 2 {
		t.Fatalf("%v", joined)
	}
	for i, want := range []redisqueue.Unfit{
		{What: `appendfsync is "everysec"`, Remedy: "set appendfsync always, or a crash loses what was announced as durable"},
		{What: `maxmemory-policy is "allkeys-lru"`, Remedy: "set maxmemory-policy noeviction, or a full server forgets follow-ups"},
	} {
		var u *redisqueue.Unfit
		if err := joined.Unwrap()[i]; !errors.As(err, &u) || *u != want {
			t.Errorf("%v, want %v", err, want)
		}
	}
}
