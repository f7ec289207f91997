package realservers

import (
	"context"
	"errors"
	"testing"
)

// A replica that received nothing more is promoted when the master is killed.
func TestSentinelFailsOver(t *testing.T) {
	t.Parallel()
	s := Sentinel(t, 2)
	first := s.Master(t.Context())
	if first != s.Servers[0] {
		t.Fatal("the first server is not the master")
	}
	if got := redisDo(t, first.Addr, "SET before 1", 1); got != "+OK" {
		t.Fatal(got)
	}
	waitUntil(t, "both replicas have it", func(ctx context.Context) error {
		for _, replica := range s.Servers[1:] {
			if lines, err := redisLines(ctx, replica.Addr, "EXISTS before"); err != nil || lines[0] != "1" {
				return errors.New("not yet")
			}
		}
		return nil
	})
	s.HoldBack(t)
	if got := redisDo(t, first.Addr, "SET after 1", 1); got != "+OK" {
		t.Fatal(got)
	}
	first.Kill()
	waitUntil(t, "a replica is the master", func(ctx context.Context) error {
		if m := s.Master(ctx); m == nil || m == first {
			return errors.New("none yet")
		}
		return nil
	})
	second := s.Master(t.Context())
	if kept, lost := redisDo(t, second.Addr, "EXISTS before", 1), redisDo(t, second.Addr, "EXISTS after", 1); kept != ":1" || lost != ":0" {
		t.Errorf("what was replicated: %s; what was held back: %s", kept, lost)
	}
}

func TestClusterIsWhole(t *testing.T) {
	t.Parallel()
	servers := Cluster(t, 3)
	moved := 0
	for _, s := range servers {
		if _, err := redisLines(t.Context(), s.Addr, "SET {tag}:x 1"); err != nil {
			moved++
		}
	}
	if moved != 2 {
		t.Errorf("%d of 3 servers sent a write elsewhere, want 2", moved)
	}
}
