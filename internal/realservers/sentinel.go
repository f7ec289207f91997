package realservers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// SentinelSite is a Redis with replicas, watched by three Sentinels that agree
// by two.
type SentinelSite struct {
	MasterName string
	Servers    []*RedisServer // the first one began as the master
	Addrs      []string       // of the Sentinels
}

// Sentinel starts a master, its replicas and the Sentinels, and returns when
// every Sentinel knows all of them. options are the Redis servers'.
func Sentinel(t testing.TB, replicas int, options ...RedisOption) *SentinelSite {
	t.Helper()
	options = append(options, RedisConfig("repl-diskless-sync-delay", "0"))
	s := &SentinelSite{MasterName: "ledger", Servers: []*RedisServer{Redis(t, options...)}}
	host, port, err := net.SplitHostPort(s.Servers[0].Addr)
	if err != nil {
		t.Fatal(err)
	}
	for range replicas {
		s.Servers = append(s.Servers, Redis(t, append(options, RedisConfig("replicaof", host+" "+port))...))
	}
	for range 3 {
		s.Addrs = append(s.Addrs, sentinel(t, s.MasterName, host, port))
	}
	waitUntil(t, "the replicas have all of the master", s.Whole)
	waitUntil(t, "the Sentinels know each other and every replica", func(ctx context.Context) error {
		for _, addr := range s.Addrs {
			state, err := redisFields(ctx, addr, "SENTINEL MASTER "+s.MasterName)
			if err != nil {
				return err
			}
			if state["num-slaves"] != strconv.Itoa(replicas) || state["num-other-sentinels"] != "2" || state["flags"] != "master" {
				return fmt.Errorf("sentinel %s: %v", addr, state)
			}
		}
		return nil
	})
	return s
}

// sentinel starts one and returns its address.
func sentinel(t testing.TB, name, host, port string) string {
	t.Helper()
	path, own, dir := program(t, "redis-server"), singlePorts.reserve(t), t.TempDir()
	config := filepath.Join(dir, "sentinel.conf")
	text := strings.Join([]string{
		"bind 127.0.0.1", "port " + strconv.Itoa(own), "dir " + dir,
		"sentinel monitor " + name + " " + host + " " + port + " 2",
		"sentinel down-after-milliseconds " + name + " 1000",
		"sentinel failover-timeout " + name + " 3000",
		"sentinel parallel-syncs " + name + " 1", "",
	}, "\n")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{
		t: t, name: "redis-sentinel", log: filepath.Join(dir, "sentinel.log"),
		command: func() *exec.Cmd { return exec.Command(path, config, "--sentinel") },
		ready:   func(ctx context.Context) error { return pingRedis(ctx, loopback(own)) },
	}
	p.run()
	return loopback(own)
}

// Master is the server that is the master now, by what the servers say of
// themselves; nil if none is, or more than one.
func (s *SentinelSite) Master(ctx context.Context) *RedisServer {
	var master *RedisServer
	for _, server := range s.Servers {
		role, err := redisLines(ctx, server.Addr, "ROLE")
		if err != nil || len(role) < 1 || role[0] != "master" {
			continue
		}
		if master != nil {
			return nil
		}
		master = server
	}
	return master
}

// Whole returns nil when one server is the master and every other follows it.
func (s *SentinelSite) Whole(ctx context.Context) error {
	master := s.Master(ctx)
	if master == nil {
		return errors.New("no server is the master, or more than one")
	}
	for _, server := range s.Servers {
		if server == master {
			continue
		}
		role, err := redisLines(ctx, server.Addr, "ROLE") // slave, host, port, state, offset
		if err != nil || len(role) < 4 || net.JoinHostPort(role[1], role[2]) != master.Addr || role[3] != "connected" {
			return fmt.Errorf("%s: %v, %v", server.Addr, role, err)
		}
	}
	return nil
}

// Configure sets a directive of a running server (CONFIG SET), until it restarts.
func (s *RedisServer) Configure(ctx context.Context, directive, value string) error {
	_, err := redisLines(ctx, s.Addr, "CONFIG SET "+directive+" "+value)
	return err
}

// HoldBack cuts every replica off from the master: what is written from now on
// reaches none of them. The Sentinels mend it after some seconds; kill the
// master before.
func (s *SentinelSite) HoldBack(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), probeLimit)
	defer cancel()
	master := s.Master(ctx)
	for _, server := range s.Servers {
		if server == master {
			continue
		}
		if _, err := redisLines(ctx, server.Addr, "REPLICAOF 127.0.0.1 1"); err != nil {
			t.Fatal(err)
		}
	}
}
