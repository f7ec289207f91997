package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Unfit is one reason why a server cannot keep the ledger.
type Unfit struct {
	What   string // what is wrong
	Remedy string // what would be right
	Err    error  // why it could not even be read, or nil
}

func (u *Unfit) Error() string {
	if u.Err != nil {
		return fmt.Sprintf("redis: %s (%v): %s", u.What, u.Err, u.Remedy)
	}
	return "redis: " + u.What + ": " + u.Remedy
}

// Unwrap gives the cause.
func (u *Unfit) Unwrap() error { return u.Err }

// Check verifies that the server keeps what it is given: version, persistence
// and eviction. The error joins every finding, each an [*Unfit]. Of a store that
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
			findings = append(findings, &Unfit{want.setting + " cannot be read", "allow CONFIG GET to this user", err})
		case got[want.setting] != want.value:
			findings = append(findings, &Unfit{What: fmt.Sprintf("%s is %q", want.setting, got[want.setting]), Remedy: want.remedy})
		}
	}
	return errors.Join(findings...)
}

func checkVersion(info string) error {
	if infoField(info, "valkey_version") != "" {
		return nil
	}
	version := infoField(info, "redis_version")
	major, _ := strconv.Atoi(strings.SplitN(version, ".", 2)[0])
	if major < 7 {
		return &Unfit{What: fmt.Sprintf("the version is %q", version), Remedy: "install Redis 7.0 or later, or Valkey"}
	}
	return nil
}
