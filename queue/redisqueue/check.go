package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Check verifies that the server keeps what it is given: version, persistence
// and eviction. The error names every finding with its remedy. Of a store that
// may be volatile it is asked only whether it answers.
func (q *Queue) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if q.volatile {
		return q.client.Ping(ctx).Err()
	}
	info, err := q.client.Info(ctx, "server").Result()
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	findings := []error{checkVersion(info)}
	for _, want := range []struct{ setting, value, remedy string }{
		{"appendonly", "yes", "set appendonly yes, or a restart loses the ledger"},
		{"appendfsync", "always", "set appendfsync always, or a crash loses what was announced as durable"},
		{"maxmemory-policy", "noeviction", "set maxmemory-policy noeviction, or a full server forgets follow-ups"},
	} {
		got, err := q.client.ConfigGet(ctx, want.setting).Result()
		switch {
		case err != nil:
			findings = append(findings, fmt.Errorf("redis: %s cannot be read (%w); allow CONFIG GET to this user", want.setting, err))
		case got[want.setting] != want.value:
			findings = append(findings, fmt.Errorf("redis: %s is %q: %s", want.setting, got[want.setting], want.remedy))
		}
	}
	return errors.Join(findings...)
}

func checkVersion(info string) error {
	field := func(name string) string {
		_, rest, _ := strings.Cut(info, name+":")
		value, _, _ := strings.Cut(rest, "\r\n")
		return value
	}
	if field("valkey_version") != "" {
		return nil
	}
	version := field("redis_version")
	major, _ := strconv.Atoi(strings.SplitN(version, ".", 2)[0])
	if major < 7 {
		return fmt.Errorf("redis: version %q: want Redis 7.0 or later, or Valkey", version)
	}
	return nil
}
