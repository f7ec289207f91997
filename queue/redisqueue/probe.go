package redisqueue

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Version names the server: "Redis 7.0.15", "Valkey 8.1.0".
func (q *Queue) Version(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	info, err := q.reading.Info(ctx, "server").Result()
	if err != nil {
		return "", fmt.Errorf("redis: version: %w", err)
	}
	if v := infoField(info, "valkey_version"); v != "" {
		return "Valkey " + v, nil
	}
	return "Redis " + infoField(info, "redis_version"), nil
}

// Latency measures n round trips, one after the other.
func (q *Queue) Latency(ctx context.Context, n int) ([]time.Duration, error) {
	took := make([]time.Duration, 0, n)
	for range n {
		began := time.Now()
		limited, cancel := context.WithTimeout(ctx, callLimit)
		err := q.client.Ping(limited).Err()
		cancel()
		if err != nil {
			return took, fmt.Errorf("redis: ping: %w", err)
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

// Clock reads the server's clock, in microseconds (TIME): leases go by it.
func (q *Queue) Clock(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	at, err := q.client.Time(ctx).Result()
	if err != nil {
		return time.Time{}, fmt.Errorf("redis: clock: %w", err)
	}
	return at, nil
}

// infoField is one line of INFO, "name:value".
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
