package realservers

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// RedisServer is a Redis of the test's own, which loses nothing it has
// acknowledged: an append-only file, written through at every command.
type RedisServer struct {
	process
	Addr string // host:port
	Dir  string // of its data
}

// RedisOption changes a server that [Redis] starts.
type RedisOption func(*redisOptions)

type redisOptions struct{ config [][2]string }

// RedisConfig sets a directive of redis.conf, over the package's own choice.
func RedisConfig(directive, value string) RedisOption {
	return func(o *redisOptions) { o.config = append(o.config, [2]string{directive, value}) }
}

// text is redis.conf. It is a file, so that a server that a Sentinel made a
// replica, or the master, is one after a restart, too (CONFIG REWRITE).
func (o *redisOptions) text() string {
	var lines strings.Builder
	for _, c := range o.config {
		value := c[1]
		if value == "" {
			value = `""`
		}
		fmt.Fprintf(&lines, "%s %s\n", c[0], value)
	}
	return lines.String()
}

// Redis starts a redis-server and returns when it answers.
func Redis(t testing.TB, opts ...RedisOption) *RedisServer {
	t.Helper()
	path, port, dir := program(t, "redis-server"), singlePorts.reserve(t), t.TempDir()
	o := redisOptions{config: [][2]string{
		{"bind", "127.0.0.1"},
		{"port", strconv.Itoa(port)},
		{"dir", dir},
		{"save", ""},
		{"appendonly", "yes"},
		{"appendfsync", "always"},
		{"maxmemory-policy", "noeviction"},
	}}
	for _, opt := range opts {
		opt(&o)
	}
	config := filepath.Join(dir, "redis.conf")
	if err := os.WriteFile(config, []byte(o.text()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &RedisServer{Addr: loopback(port), Dir: dir}
	s.process = process{
		t:       t,
		name:    "redis-server",
		log:     filepath.Join(dir, "redis.log"),
		command: func() *exec.Cmd { return exec.Command(path, config) },
		ready:   func(ctx context.Context) error { return pingRedis(ctx, s.Addr) },
	}
	s.run()
	return s
}

// pingRedis returns nil when Redis has loaded its data and serves. A server
// that asks for a password serves too.
func pingRedis(ctx context.Context, addr string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := fmt.Fprint(conn, "PING\r\n"); err != nil {
		return err
	}
	reply, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if reply != "+PONG\r\n" && !strings.HasPrefix(reply, "-NOAUTH") {
		return fmt.Errorf("PING was answered %q", reply)
	}
	return nil
}
